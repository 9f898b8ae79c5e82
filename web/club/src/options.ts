/** Which options are open: by the gates and the level that the API tells, and nothing else. */

import type { GateView, TierView } from '@clubkeeper/shared'

export type Option = GateView['options'][number]

export interface Standing {
  open: boolean
  /** The gates that keep it closed. */
  closed: GateView[]
  /** The level from which on it is open; null: the member's is high enough, or none is needed. */
  level: string | null
}

/** How an option stands: every gate that guards it is open, and the level is high enough. */
export function standing(option: Option, gates: GateView[], tier: TierView | null): Standing {
  const closed = gates.filter((gate) => gate.options.includes(option) && !gate.open)
  const levels = tier?.levels ?? []
  const needed = levels.findIndex((level) => level.opens.includes(option))
  const mine = levels.findIndex((level) => level.tier === tier?.tier)
  const level = needed > mine ? (levels[needed]?.name ?? null) : null
  return { open: closed.length === 0 && level === null, closed, level }
}

/** Whether an open gate will close with the running month unless more is bought. */
export function closing(gate: GateView): boolean {
  return gate.open && gate.missing > 0 && gate.until !== null && gate.until <= gate.by
}
