import type { AccountView, GateView, GoalView, TierView } from '@clubkeeper/shared'
import { data } from '@clubkeeper/shared'
import { api } from '../api.ts'
import {
  useAccount,
  useCharities,
  useGates,
  useGroups,
  useMe,
  useMine,
  useOptions,
  useTier,
} from '../data.ts'
import { closing } from '../options.ts'
import { useClub } from '../parts/club.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Meter } from '../parts/meter.tsx'
import { Icon } from '../parts/icons.tsx'
import { Page } from '../parts/page.tsx'
import { TermsNotice } from '../parts/terms-notice.tsx'
import { say, type Key } from '../words.ts'
import { figureOf } from './level.ts'

/** How many burn dates stand on the front; the others are folded away. */
const SHOWN = 3

/** The member's home: what they have first, then what is about to change, then what comes next. */
export function HomePage() {
  const me = useMe()
  const account = useAccount()
  const name = me.data?.given_name
  return (
    <Page title={name ? say('home.hello', { name }) : say('home.title')}>
      <Loaded query={account}>
        {(got) => (
          <>
            <Balance account={got} />
            <Notices />
            <Burning account={got} />
          </>
        )}
      </Loaded>
      <Level />
      <Goal />
      <Ways />
    </Page>
  )
}

function Balance({ account }: { account: AccountView }) {
  const club = useClub()
  const more = (
    [
      ['home.balance', account.balance, account.balance !== account.available],
      ['home.held', account.held, account.held > 0],
      ['home.pending', account.pending, account.pending > 0],
      ['home.debt', account.debt, account.debt > 0],
    ] as const
  ).filter(([, , wanted]) => wanted)
  return (
    <section class="balance" aria-label={say('home.points')}>
      <p class="label">{say('home.available')}</p>
      <p class="figure">
        <strong>{club.number(account.available)}</strong> {club.unit(account.available)}
      </p>
      {more.length > 0 && (
        <dl>
          {more.map(([key, points]) => (
            <div key={key}>
              <dt>{say(key)}</dt>
              <dd>{club.number(points)}</dd>
            </div>
          ))}
        </dl>
      )}
      {account.debt > 0 && <p class="small">{say('home.debt.why')}</p>}
    </section>
  )
}

/** What the member should know today: new terms, gates that will close or are closed. */
function Notices() {
  const gates = useGates()
  const told = (gates.data ?? []).filter((gate) => closing(gate) || !gate.open)
  return (
    <>
      <TermsNotice />
      {told.map((gate) => (
        <GateNotice key={gate.gate} gate={gate} />
      ))}
    </>
  )
}

function GateNotice({ gate }: { gate: GateView }) {
  const club = useClub()
  const values = {
    name: gate.name,
    missing: club.price(gate.missing),
    day: club.day(gate.by),
    until: club.day(gate.until ?? gate.by),
  }
  return (
    <p class={gate.open ? 'notice warn' : 'notice'}>
      <Icon name={gate.open ? 'warn' : 'lock'} />
      <span>
        {say(gate.open ? 'gate.will_close' : 'gate.closed_for', values)}{' '}
        <a href={club.at('/options')}>{say('options.link')}</a>
      </span>
    </p>
  )
}

function Burning({ account }: { account: AccountView }) {
  const club = useClub()
  const lots = account.lots.filter((lot) => lot.burns_on !== null)
  if (lots.length === 0) return null
  const row = (lot: (typeof lots)[number]) => (
    <li key={lot.burns_on}>
      <span>{say('home.burn_on', { day: club.day(lot.burns_on ?? '') })}</span>
      <strong>{club.points(lot.points)}</strong>
    </li>
  )
  return (
    <section class="card">
      <h2>{say('home.burning')}</h2>
      <ul class="rows">{lots.slice(0, SHOWN).map(row)}</ul>
      {lots.length > SHOWN && (
        <details>
          <summary>{say('home.burning.more', lots.length - SHOWN)}</summary>
          <ul class="rows">{lots.slice(SHOWN).map(row)}</ul>
        </details>
      )}
    </section>
  )
}

function Level() {
  const tier = useTier()
  if (tier.data === null) return null
  return <Loaded query={tier}>{(got) => got && <LevelCard tier={got} />}</Loaded>
}

function LevelCard({ tier }: { tier: TierView }) {
  const club = useClub()
  const next = tier.next
  const figure = figureOf(club, tier.measure)
  return (
    <section class="card">
      <h2>{say('level.title')}</h2>
      <p class="big">
        <bdi>{tier.name || say('level.none')}</bdi>
      </p>
      {tier.last && <p class="quiet">{say('level.until', { day: club.day(tier.last) })}</p>}
      {tier.privileges.length > 0 && (
        <ul class="plain">
          {tier.privileges.map((one) => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      {next && (
        <>
          <Meter
            label={say('level.progress', { name: next.name })}
            value={tier.counted}
            of={tier.counted + next.missing}
          />
          <p>
            {say('level.next', { name: next.name, missing: figure(next.missing) })}
            {tier.assigned_by === 'staff' && <> {say('level.by_staff')}</>}
          </p>
        </>
      )}
    </section>
  )
}

function Goal() {
  const goal = useMine<GoalView>('goal', () => data(api.GET('/v1/me/rewards-goal')))
  if (!goal.data?.goal) return null
  return <GoalCard goal={goal.data.goal} />
}

function GoalCard({ goal }: { goal: NonNullable<GoalView['goal']> }) {
  const club = useClub()
  return (
    <section class="card">
      <h2>{say('home.goal')}</h2>
      <p class="big">
        <a href={club.at(`/gifts/${goal.reward}`)}>
          <bdi>{goal.name}</bdi>
        </a>
      </p>
      <Meter label={goal.name} value={goal.price - goal.missing} of={goal.price} />
      <p>{say('home.goal.missing', { missing: club.points(goal.missing) })}</p>
    </section>
  )
}

/** Further pages of the member's; what a closed gate guards is not among them. */
function Ways() {
  const club = useClub()
  const open = useOptions()
  const there: [string, Key, boolean | undefined][] = [
    ['/card', 'card.title', true],
    ['/options', 'options.title', some(useGates().data)],
    ['/purchases', 'purchases.title', true],
    ['/orders', 'orders.title', true],
    ['/items', 'items.mine', true],
    ['/charities', 'charities.title', some(useCharities().data) && open('donations')?.open],
    ['/groups', 'groups.title', some(useGroups().data) && open('groups')?.open],
  ]
  return (
    <nav class="more" aria-label={say('home.more')}>
      <ul class="ways">
        {there.map(
          ([path, name, shown]) =>
            shown && (
              <li key={path}>
                <a href={club.at(path)}>{say(name)}</a>
              </li>
            ),
        )}
      </ul>
    </nav>
  )
}

function some(rows: unknown[] | undefined): boolean {
  return rows !== undefined && rows.length > 0
}
