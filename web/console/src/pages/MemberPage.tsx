/** A member: at a glance, and in tabs whatever else there is. */

import { data, type CardProfile, type MemberCard } from '@clubkeeper/shared'
import { Box, Button } from '@mui/material'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { Link, Navigate, Route, Routes, useLocation, useParams } from 'react-router-dom'
import { api } from '../api.ts'
import { about, Needs, useClub } from '../club.tsx'
import { Code, Heading, ShownPage } from '../parts.tsx'
import { say } from '../spoken.ts'
import { Adjust } from './Adjust.tsx'
import { History } from './History.tsx'
import { MemberOrders } from './MemberOrders.tsx'
import { Notes } from './Notes.tsx'
import { Overview } from './Overview.tsx'
import { Suspend } from './Suspend.tsx'
import { Card, Status } from './words.tsx'

export function MemberPage(): ReactNode {
  return (
    <Needs right="members.read">
      <Member />
    </Needs>
  )
}

function useCard(member: string): UseQueryResult<MemberCard> {
  const { id } = useClub()
  const params = { path: { program: id, member } }
  return useQuery({
    queryKey: [...about(id, member), 'card'],
    queryFn: () =>
      data(api.GET('/v1/staff/programs/{program}/members/{member}/card', { params })),
  })
}

function Member(): ReactNode {
  const { member = '' } = useParams()
  const card = useCard(member)
  return (
    <ShownPage of={card}>
      {(got) => (
        <>
          <Head profile={got.profile} />
          <Sections card={got} />
        </>
      )}
    </ShownPage>
  )
}

function Head({ profile }: { profile: CardProfile }): ReactNode {
  const { can } = useClub()
  const [open, setOpen] = useState<'adjust' | 'suspend' | null>(null)
  const suspended = profile.status === 'suspended'
  const changing = profile.status !== 'erased'
  return (
    <>
      <Heading title={profile.name || say('member.nameless')}>
        {changing && can('ledger.adjust') && (
          <Button variant="contained" onClick={() => setOpen('adjust')}>
            {say('adjust.open')}
          </Button>
        )}
        {changing && can('members.block') && (
          <Button variant="outlined" color="error" onClick={() => setOpen('suspend')}>
            {say(suspended ? 'suspend.lift' : 'suspend.open')}
          </Button>
        )}
      </Heading>
      <Box sx={{ display: 'flex', gap: 2, alignItems: 'center', flexWrap: 'wrap', mb: 1 }}>
        <Status of={profile.status} />
        <span>
          {say('member.card')} <Card of={profile.card_number} />
        </span>
        {profile.phone && <Code>{profile.phone}</Code>}
      </Box>
      {open === 'adjust' && <Adjust member={profile.member} onClose={() => setOpen(null)} />}
      {open === 'suspend' && (
        <Suspend member={profile.member} lift={suspended} onClose={() => setOpen(null)} />
      )}
    </>
  )
}

const TABS = [
  { path: '', right: 'members.read', words: 'member.overview' },
  { path: 'history', right: 'ledger.read', words: 'member.history' },
  { path: 'orders', right: 'orders.read', words: 'member.orders' },
  { path: 'notes', right: 'members.read', words: 'member.notes' },
] as const

function Sections({ card }: { card: MemberCard }): ReactNode {
  const { id, can } = useClub()
  const { pathname } = useLocation()
  const { member } = card.profile
  const base = `/console/c/${id}/members/${member}`
  const shown = TABS.filter((each) => can(each.right))
  const here = shown.find((each) => each.path && pathname.startsWith(`${base}/${each.path}`))
  return (
    <>
      <Box component="nav" aria-label={say('member.sections')} sx={{ mb: 2, borderBottom: 1, borderColor: 'divider' }}>
        {shown.map((each) => {
          const current = each.path === (here?.path ?? '')
          return (
            <Button
              key={each.path}
              component={Link}
              to={each.path ? `${base}/${each.path}` : base}
              aria-current={current ? 'page' : undefined}
              sx={{
                px: 2,
                borderRadius: 0,
                borderBottom: 2,
                borderColor: current ? 'primary.main' : 'transparent',
                color: current ? 'primary.main' : 'text.secondary',
              }}
            >
              {say(each.words)}
            </Button>
          )
        })}
      </Box>
      <Routes>
        <Route index element={<Overview card={card} />} />
        <Route path="history" element={<Needs right="ledger.read"><History member={member} /></Needs>} />
        <Route path="orders" element={<Needs right="orders.read"><MemberOrders member={member} /></Needs>} />
        <Route path="notes" element={<Notes member={member} />} />
        <Route path="*" element={<Navigate to={base} replace />} />
      </Routes>
    </>
  )
}
