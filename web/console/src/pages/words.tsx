/** Words for the stable names of the API. */

import type { FoundView, StaffOrderRow } from '@clubkeeper/shared'
import type { ReactNode } from 'react'
import { useClub } from '../club.tsx'
import { Code, State, type Tone } from '../parts.tsx'
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
  const [kind = '', id = ''] = of.split(':')
  if (kind === 'system') return say('actor.system')
  if (id === me.staff) return <bdi>{me.name}</bdi>
  if (kind === 'member') return say('actor.member')
  return (
    <>
      {KINDS.includes(kind) ? say(`actor.${kind as Kind}`) : kind} <Code>{id}</Code>
    </>
  )
}
