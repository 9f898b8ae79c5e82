import type { TierView } from '@clubkeeper/shared'
import type { Club } from '../parts/club.tsx'
import { say } from '../words.ts'

/** Says figures of what counts for levels. */
export function figureOf(club: Club, measure: TierView['measure']): (figure: number) => string {
  switch (measure) {
    case 'amount':
      return (figure) => say('level.amount', { figure: club.price(figure) })
    case 'points':
      return (figure) => club.points(figure)
    case 'receipts':
      return (figure) => say('level.receipts', figure)
    case 'months':
      return (figure) => say('level.months', figure)
  }
}
