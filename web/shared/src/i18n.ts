/** Words by key with plurals, and dates, numbers and money as each language writes them. */

import Polyglot from 'node-polyglot'
import type { Language } from './languages.ts'

/** A catalogue in another language: the very keys of the English one. A missing key is a type error. */
export type Catalogue<English> = { readonly [Key in keyof English]: string }

/** How each language's catalogue is fetched: only the one that is spoken gets loaded. */
export type Catalogues<English> = Record<Language, () => Promise<{ default: Catalogue<English> }>>

type Values = Record<string, string | number> & { smart_count?: number }

/** Says the sentence of a key; a number as the second argument chooses the plural form. */
export type Say<English> = (key: keyof English & string, values?: Values | number) => string

/** The words of one language. `%{name}` stands for a value, `||||` parts the plural forms. */
export async function words<English>(
  spoken: Language,
  catalogues: Catalogues<English>,
): Promise<Say<English>> {
  const { default: phrases } = await catalogues[spoken]()
  const polyglot = new Polyglot({ locale: spoken, phrases: { ...phrases } })
  return (key, values) => polyglot.t(key, values ?? {})
}

/** How a language writes figures and instants; days are those of the club's zone. */
export interface Figures {
  /** 12,345 */
  number(value: number): string
  /** From minor units: 1050 of USD is $10.50. */
  money(minor: number, currency: string): string
  /** 5 March 2027, of an instant, or of a day (YYYY-MM-DD) as it stands. */
  day(at: string): string
  /** 5 March 2027, 14:30 */
  moment(at: string): string
}

/** Latin digits everywhere: a number that is read out or typed must look like the one on paper. */
function locale(spoken: Language): string {
  return spoken === 'ar' ? 'ar-u-nu-latn' : spoken === 'en' ? 'en-GB' : spoken
}

export function figures(spoken: Language, zone = 'UTC'): Figures {
  const tag = locale(spoken)
  const plain = new Intl.NumberFormat(tag)
  const dates = { day: 'numeric', month: 'long', year: 'numeric' } as const
  const day = new Intl.DateTimeFormat(tag, { ...dates, timeZone: zone })
  const bare = new Intl.DateTimeFormat(tag, { ...dates, timeZone: 'UTC' })
  const moment = new Intl.DateTimeFormat(tag, {
    ...dates,
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  })
  return {
    number: (value) => plain.format(value),
    money: (minor, currency) => {
      const format = new Intl.NumberFormat(tag, { style: 'currency', currency })
      const digits = format.resolvedOptions().maximumFractionDigits ?? 2
      return format.format(minor / 10 ** digits)
    },
    day: (at) => (at.length === 10 ? bare : day).format(new Date(at)),
    moment: (at) => moment.format(new Date(at)),
  }
}
