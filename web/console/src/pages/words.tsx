/** Words for the stable names of the API. */

import type { FoundView, StaffOrderRow } from '@clubkeeper/shared'
import { Link } from '@mui/material'
import type { ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { useClub } from '../club.tsx'
import { Code, State, type Tone } from '../parts.tsx'
import { useColleagues, useMemberName, usePlaces } from '../people.ts'
import { say } from '../spoken.ts'

const STATUS: Record<FoundView['status'], Tone> = {
  active: 'success',
  applied: 'info',
  erased: 'default',
  rejected: 'default',
  suspended: 'error',
}

export function Status({ of }: { of: FoundView['status'] }): ReactNode {
  return <State tone={STATUS[of]}>{say(`status.${of}`)}</State>
}

const MEMBERS = ['breeder', 'buyer', 'organisation', 'owner', 'seller'] as const

/** What kind of member somebody is. */
export function MemberKind({ of }: { of: string }): ReactNode {
  const known = MEMBERS.find((each) => each === of)
  return known ? say(`kind.${known}`) : <bdi>{of}</bdi>
}

/** The number of a card as people read it. */
export function Card({ of }: { of: string }): ReactNode {
  return <Code>{of.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</Code>
}

const ORDER: Record<StaffOrderRow['state'], Tone> = {
  placed: 'warning',
  confirmed: 'info',
  shipped: 'info',
  issued: 'success',
  delivered: 'success',
  cancelled: 'default',
  refunded: 'default',
}

export function OrderState({ of }: { of: StaffOrderRow['state'] }): ReactNode {
  return <State tone={ORDER[of]}>{say(`order.${of}`)}</State>
}

type Kind = 'operator' | 'partner' | 'staff'
const KINDS: readonly string[] = ['operator', 'partner', 'staff'] satisfies Kind[]

/** Who did something, as records name them. */
export function Actor({ of }: { of: string }): ReactNode {
  const { me } = useClub()
  const colleagues = useColleagues()
  const [kind = '', id = ''] = of.split(':')
  if (kind === 'system') return say('actor.system')
  if (kind === 'member') return say('actor.member')
  const name = id === me.staff ? me.name : colleagues.get(id)
  if (name) return <bdi>{name}</bdi>
  return (
    <>
      {KINDS.includes(kind) ? say(`actor.${kind as Kind}`) : kind} <Code>{id}</Code>
    </>
  )
}

/** A member's name, which leads to their page, for those who may open it. */
export function MemberLink({ of }: { of: string }): ReactNode {
  const { id, can } = useClub()
  const name = useMemberName(of)
  if (!can('members.read')) return <Code>{of}</Code>
  return (
    <Link component={To} to={`/console/c/${id}/members/${of}`}>
      <bdi>{name.data || of}</bdi>
    </Link>
  )
}

/** An order's number, which leads to its page. */
export function OrderLink({ of }: { of: string }): ReactNode {
  const { id } = useClub()
  return (
    <Link component={To} to={`/console/c/${id}/orders/${of}`}>
      <Code>{of}</Code>
    </Link>
  )
}

/** Where an order is collected, or else how it travels. */
export function Where({ way, point }: { way: StaffOrderRow['way']; point: string | null }): ReactNode {
  const places = usePlaces()
  return (
    <>
      {say(`way.${way}`)}
      {point && (
        <>
          {': '}
          <bdi>{places.get(point) ?? point}</bdi>
        </>
      )}
    </>
  )
}
