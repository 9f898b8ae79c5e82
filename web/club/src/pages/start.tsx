import { store, stored } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { TextField } from '../parts/fields.tsx'
import { Redirect } from '../parts/mine.tsx'
import { Page } from '../parts/page.tsx'
import { Shell } from '../parts/shell.tsx'
import { say } from '../words.ts'

const LAST = 'clubkeeper.club.last'

/** The next visit without an address goes to this club. */
export function remember(program: string): void {
  store(LAST, program)
}

/** Where no club is named: on to the last one, or the question which. Nothing public lists clubs. */
export function StartPage({ unknown }: { unknown?: string }) {
  const { query, route } = useLocation()
  const [name, setName] = useState('')
  const last = stored(LAST)
  if (last && !unknown && query.another === undefined) return <Redirect to={`/c/${last}/`} />
  return (
    <Shell>
      <Page title={say('start.title')}>
        <p>{say('start.lead')}</p>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            route(`/c/${encodeURIComponent(named(name))}/`)
          }}
        >
          <TextField
            label={say('start.name')}
            hint={say('start.hint')}
            error={unknown}
            value={name}
            onValue={setName}
            dir="ltr"
            autocapitalize="none"
            autocomplete="off"
            spellcheck={false}
            required
          />
          <button type="submit">{say('start.go')}</button>
        </form>
      </Page>
    </Shell>
  )
}

/** The club in what was written: its short name, or a link to it. */
function named(written: string): string {
  const link = /\/c\/([^/?#]+)/.exec(written)
  return (link?.[1] ?? written).trim().toLowerCase()
}
