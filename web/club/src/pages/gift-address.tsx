import { Choice, TextField } from '../parts/fields.tsx'
import { say, spoken, type Key } from '../words.ts'

/** A postal address as it is being written. */
export interface Address {
  name: string
  /** Street, house, flat: up to three lines in one text. */
  lines: string
  postcode: string
  city: string
  country: string
  phone: string
}

export const emptyAddress = (): Address => ({
  name: '',
  lines: '',
  postcode: '',
  city: '',
  country: new Intl.Locale(navigator.language).maximize().region ?? '',
  phone: '',
})

/** Regions with a name that are no countries. */
const NO_COUNTRIES = ['AC', 'CP', 'CQ', 'DG', 'EA', 'EU', 'EZ', 'IC', 'QO', 'TA', 'UN', 'ZZ']
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']

/** The countries of the world by their names in the reader's language. */
function countries(): [string, string][] {
  const names = new Intl.DisplayNames(spoken, { type: 'region', fallback: 'none' })
  const found: [string, string][] = []
  for (const first of LETTERS) {
    for (const second of LETTERS) {
      const code = first + second
      const name = names.of(code)
      // A code that was given up leads to the one in its place.
      const current = new Intl.Locale(`und-${code}`).region === code
      if (name && current && !NO_COUNTRIES.includes(code) && !/^X[AB]$/.test(code)) {
        found.push([code, name])
      }
    }
  }
  return found.sort(([, one], [, other]) => one.localeCompare(other, spoken))
}

interface Props {
  address: Address
  onAddress: (address: Address) => void
  /** What is wrong, by the pointers of the request. */
  errors: Readonly<Record<string, string>>
}

/** Where to send it. */
export function PostAddress({ address, onAddress, errors }: Props) {
  const field = (name: keyof Address, label: Key, complete: string, more: object = {}) => (
    <TextField
      label={say(label)}
      error={wrong(errors, name)}
      value={address[name]}
      onValue={(value) => onAddress({ ...address, [name]: value })}
      autocomplete={complete}
      maxLength={100}
      required
      {...more}
    />
  )
  return (
    <>
      {field('name', 'post.name', 'name')}
      {field('lines', 'post.street', 'street-address')}
      {field('postcode', 'post.postcode', 'postal-code', { dir: 'ltr', maxLength: 12 })}
      {field('city', 'post.city', 'address-level2')}
      <Choice
        label={say('post.country')}
        value={address.country}
        values={countries()}
        onValue={(country) => onAddress({ ...address, country })}
      />
      {field('phone', 'post.phone', 'tel', { type: 'tel', dir: 'ltr', required: false })}
    </>
  )
}

/** The sentence about a field; of several lines, about the first that is wrong. */
function wrong(errors: Readonly<Record<string, string>>, name: string): string | undefined {
  const at = `/delivery/${name}`
  const pointer = Object.keys(errors).find((one) => one === at || one.startsWith(`${at}/`))
  return pointer && errors[pointer]
}
