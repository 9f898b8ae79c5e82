/** What there is to know of a member at a glance. */

import {
  data,
  type AccountView,
  type GateView,
  type MemberCard,
  type MeView,
  type TierView,
} from '@clubkeeper/shared'
import { Box, LinearProgress, Stack, Typography } from '@mui/material'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { about, useClub, type Club } from '../club.tsx'
import { Code, Facts, Names, Panel, Quiet, Shown, State } from '../parts.tsx'
import { say } from '../spoken.ts'
import { MemberKind } from './words.tsx'

export function Overview({ card }: { card: MemberCard }): ReactNode {
  const { can } = useClub()
  const { member } = card.profile
  return (
    <Box
      sx={{
        display: 'grid',
        alignItems: 'start',
        gap: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
      }}
    >
      <Stack spacing={2}>
        {can('ledger.read') && <Points member={member} />}
        <Profile card={card} />
      </Stack>
      <Stack spacing={2}>
        <Options member={member} />
        <Level member={member} />
        <Consents card={card} />
        {card.items && card.items.length > 0 && <Items card={card} />}
      </Stack>
    </Box>
  )
}

function Points({ member }: { member: string }): ReactNode {
  const { id } = useClub()
  const params = { path: { program: id, member } }
  const account = useQuery({
    queryKey: [...about(id, member), 'account'],
    queryFn: () =>
      data(api.GET('/v1/staff/programs/{program}/members/{member}/account', { params })),
  })
  return (
    <Panel title={say('points.title')}>
      <Shown of={account}>{(got) => <Account of={got} />}</Shown>
    </Panel>
  )
}

function Account({ of }: { of: AccountView }): ReactNode {
  const club = useClub()
  const burning = of.lots.filter((each) => each.burns_on !== null)
  return (
    <>
      <Typography component="p" sx={{ fontSize: '2rem', fontWeight: 650, lineHeight: 1.2 }}>
        {club.points(of.available)}
      </Typography>
      <Typography color="text.secondary" sx={{ mb: 1.5 }}>
        {say('points.available')}
      </Typography>
      <Facts
        rows={[
          [say('points.balance'), club.number(of.balance)],
          [say('points.held'), club.number(of.held)],
          [say('points.pending'), club.number(of.pending)],
          [say('points.debt'), club.number(of.debt)],
        ]}
      />
      <Typography variant="h3" sx={{ mt: 2, mb: 0.75 }}>
        {say('points.burns')}
      </Typography>
      {burning.length === 0 ? (
        <Quiet>{say('points.burn_none')}</Quiet>
      ) : (
        <Facts
          rows={burning.map((each) => [club.day(each.burns_on ?? ''), club.points(each.points)])}
        />
      )}
    </>
  )
}

function Options({ member }: { member: string }): ReactNode {
  const { id } = useClub()
  const params = { path: { program: id, member } }
  const gates = useQuery({
    queryKey: [...about(id, member), 'gates'],
    queryFn: () => data(api.GET('/v1/staff/programs/{program}/members/{member}/gates', { params })),
  })
  return (
    <Panel title={say('gates.title')}>
      <Shown of={gates}>
        {(got) =>
          got.gates.length === 0 ? (
            <Quiet>{say('gates.none')}</Quiet>
          ) : (
            <Stack spacing={3}>
              {got.gates.map((each) => (
                <Gate key={each.gate} of={each} />
              ))}
            </Stack>
          )
        }
      </Shown>
    </Panel>
  )
}

/** Whether it is open, until when, and what is missing, as the API says it. */
function Gate({ of }: { of: GateView }): ReactNode {
  const club = useClub()
  const money = (minor: number): string => club.money(minor, club.currency)
  const done = of.at_least ? Math.min(100, Math.floor((of.bought * 100) / of.at_least)) : 100
  return (
    <Box component="article" aria-label={of.name} data-gate={of.gate}>
      <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', mb: 1 }}>
        <Typography variant="h3">
          <bdi>{of.name}</bdi>
        </Typography>
        <State tone={of.open ? 'success' : 'warning'}>
          {say(of.open ? 'gates.open' : 'gates.closed')}
        </State>
      </Box>
      <Typography>{reason(of, club)}</Typography>
      <LinearProgress
        variant="determinate"
        value={done}
        aria-label={say('gates.progress')}
        sx={{ my: 1, height: 8, borderRadius: 4 }}
      />
      <Facts
        rows={[
          [
            say('gates.bought'),
            say('gates.of', { bought: money(of.bought), at_least: money(of.at_least) }),
          ],
          [say('gates.counts'), of.category ? <bdi>{of.category}</bdi> : say('gates.everything')],
          [say('gates.by'), club.day(of.by)],
          [say('gates.since'), of.since ? club.day(of.since) : null],
          [say('gates.until'), of.until ? club.day(of.until) : null],
          [
            say('gates.opens'),
            <Box key="opens" component="ul" sx={{ m: 0, paddingInlineStart: 2.5 }}>
              {of.options.map((each) => (
                <li key={each}>{say(`option.${each}`)}</li>
              ))}
              {of.opens.map((each) => (
                <li key={each}>
                  <bdi>{each}</bdi>
                </li>
              ))}
            </Box>,
          ],
        ]}
      />
    </Box>
  )
}

function reason(of: GateView, club: Club): string {
  const missing = club.money(of.missing, club.currency)
  const by = club.day(of.by)
  const until = of.until ? club.day(of.until) : ''
  if (!of.open) return say('gates.to_open', { missing, by })
  if (of.missing > 0) return say('gates.to_keep', { missing, by, until })
  return until ? say('gates.kept', { until }) : say('gates.stays')
}

function Level({ member }: { member: string }): ReactNode {
  const { id } = useClub()
  const params = { path: { program: id, member } }
  const tier = useQuery({
    queryKey: [...about(id, member), 'tier'],
    queryFn: () => data(api.GET('/v1/staff/programs/{program}/members/{member}/tier', { params })),
  })
  return (
    <Panel title={say('tier.title')}>
      <Shown of={tier}>{(got) => <Tier of={got} />}</Shown>
    </Panel>
  )
}

function counted(of: TierView, amount: number, club: Club): string {
  if (of.measure === 'amount') return club.money(amount, club.currency)
  if (of.measure === 'points') return club.points(amount)
  return say(`tier.${of.measure}`, { smart_count: amount })
}

function Tier({ of }: { of: TierView }): ReactNode {
  const club = useClub()
  const proposed = of.levels.find((each) => each.tier === of.proposed)
  return (
    <>
      <Typography component="p" sx={{ fontSize: '1.25rem', fontWeight: 650, mb: 1 }}>
        <bdi>{of.name || say('tier.none')}</bdi>
      </Typography>
      <Facts
        rows={[
          [say('tier.last'), of.last ? club.day(of.last) : say('tier.endless')],
          [say('tier.counted'), counted(of, of.counted, club)],
          [
            say('tier.span'),
            say('span', { from: club.day(of.counted_from), to: club.day(of.counted_through) }),
          ],
          [
            say('tier.next'),
            of.next ? (
              <>
                <bdi>{of.next.name}</bdi>{' '}
                {say('tier.missing', { missing: counted(of, of.next.missing, club) })}
              </>
            ) : null,
          ],
          [say('tier.proposed'), proposed ? <bdi>{proposed.name}</bdi> : null],
          [say('tier.privileges'), of.privileges.length ? <Names of={of.privileges} /> : null],
        ]}
      />
    </>
  )
}

function Profile({ card }: { card: MemberCard }): ReactNode {
  const { id } = useClub()
  const { member } = card.profile
  const params = { path: { program: id, member } }
  const profile = useQuery({
    queryKey: [...about(id, member), 'profile'],
    queryFn: () => data(api.GET('/v1/staff/programs/{program}/members/{member}', { params })),
  })
  return (
    <Panel title={say('member.profile')}>
      <Shown of={profile}>{(got) => <Told of={got} card={card} />}</Shown>
    </Panel>
  )
}

function Told({ of, card }: { of: MeView; card: MemberCard }): ReactNode {
  const club = useClub()
  const locked = card.profile.codes_locked_until
  const missing = of.profile_missing.map((each) => say(`field.${each}`))
  return (
    <Facts
      rows={[
        [say('field.given_name'), of.given_name && <bdi>{of.given_name}</bdi>],
        [say('field.family_name'), of.family_name && <bdi>{of.family_name}</bdi>],
        [say('field.phone'), of.phone && <Code>{of.phone}</Code>],
        [say('field.email'), of.email && <bdi>{of.email}</bdi>],
        [say('field.birthday'), of.birthday && club.day(of.birthday)],
        [say('field.gender'), of.gender && say(`gender.${of.gender}`)],
        [say('field.city'), of.city && <bdi>{of.city}</bdi>],
        [say('member.kind'), <MemberKind key="kind" of={of.kind} />],
        [say('member.joined'), club.day(of.joined_at)],
        [say('members.by.external_id'), of.external_id && <Code>{of.external_id}</Code>],
        [say('member.id'), <Code key="id">{of.member}</Code>],
        [say('member.missing'), missing.length ? <Names of={missing} /> : null],
        ...(locked ? ([[say('member.locked'), club.moment(locked)]] as const) : []),
      ]}
    />
  )
}

function Consents({ card }: { card: MemberCard }): ReactNode {
  const club = useClub()
  return (
    <Panel title={say('consents.title')}>
      <Facts
        rows={card.consents.map((each) => [
          say(`consent.${each.purpose}`),
          each.granted && each.at
            ? say('consents.granted', { day: club.day(each.at) })
            : say('consents.not'),
        ])}
      />
    </Panel>
  )
}

function Items({ card }: { card: MemberCard }): ReactNode {
  const club = useClub()
  return (
    <Panel title={say('items.title')}>
      <Facts
        rows={(card.items ?? []).map((each) => [
          club.day(each.registered_at),
          <span key={each.serial}>
            <bdi>{each.item.name}</bdi> · <Code>{each.serial}</Code>
          </span>,
        ])}
      />
    </Panel>
  )
}
