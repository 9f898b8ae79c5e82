/** The club that a page is about, and figures as its members read them. */

import { figures, type Figures, type ProgramView } from '@clubkeeper/shared'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { spoken } from '../words.ts'

export interface Club extends Figures {
  id: string
  view: ProgramView
  /** A page's address in this club: `at('/gifts')`. */
  at(path: string): string
  /** So many points, by the club's own word for them. */
  points(count: number): string
  /** The same as a change: with its sign. */
  change(count: number): string
  /** The club's word for points, in the form that goes with a number. */
  unit(count: number): string
  /** An amount in minor units of the club's money. */
  price(minor: number): string
}

const plural = new Intl.PluralRules(spoken)

/** How this browser's Intl is told the language, with the digits that stand on paper. */
export const locale = spoken === 'ar' ? 'ar-u-nu-latn' : spoken === 'en' ? 'en-GB' : spoken

/** Money as prices are written: without a fraction where there is none. */
function priced(currency: string): (minor: number) => string {
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    trailingZeroDisplay: 'stripIfInteger',
  })
  const unit = 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2)
  return (minor) => format.format(minor / unit)
}

/** A club as its public view tells it. */
export function clubOf(view: ProgramView): Club {
  const told = figures(spoken, view.zone)
  const forms = view.unit
  const unit = (count: number) =>
    forms[plural.select(count)] ?? forms.other ?? forms.many ?? forms.few ?? forms.one ?? ''
  const signed = (count: number) => `${count < 0 ? '−' : '+'}${told.number(Math.abs(count))}`
  return {
    ...told,
    id: view.id,
    view,
    at: (path) => `/c/${view.id}${path}`,
    points: (count) => `${told.number(count)}\u00a0${unit(Math.abs(count))}`,
    change: (count) => (count === 0 ? '0' : signed(count)),
    unit,
    price: priced(view.currency),
  }
}

/** A card number as people read it. */
export function spaced(card: string): string {
  return card.replace(/(.{4})(?=.)/g, '$1 ')
}

export const ClubContext = createContext<Club | null>(null)

/** The club of this page. */
export function useClub(): Club {
  const club = useContext(ClubContext)
  if (!club) throw new Error('this page belongs to no club')
  return club
}

/** Its name; empty where a page belongs to none. */
export function useClubName(): string {
  return useContext(ClubContext)?.view.name ?? ''
}
