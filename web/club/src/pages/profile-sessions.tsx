import { data } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { forgetMember } from '../parts/sign-out.tsx'
import { say } from '../words.ts'

/** Where the member is signed in, and out everywhere at once. */
export function Sessions() {
  const club = useClub()
  const { route } = useLocation()
  const [asked, setAsked] = useState(false)
  const sessions = useMine('sessions', async () => (await data(api.GET('/v1/me/sessions'))).rows)
  const out = useAct(
    () => data(api.DELETE('/v1/me/sessions')),
    () => {
      route(club.at('/'))
      forgetMember()
      announce(say('sign_out.done'))
    },
  )
  return (
    <section class="card">
      <h2>{say('sessions.title')}</h2>
      <Loaded query={sessions}>
        {(rows) => (
          <ul class="plain">
            {rows.map((row) => (
              <li key={row.session}>
                {say('sessions.since', { at: club.moment(row.created_at) })}
                {row.current && <strong> {say('sessions.here')}</strong>}
                <br />
                <span class="quiet">{say('sessions.used', { at: club.moment(row.used_at) })}</span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {asked ? (
        <Confirm
          title={say('sessions.sure')}
          yes={say('sessions.out')}
          busy={out.isPending}
          onYes={() => out.mutate(undefined)}
          onNo={() => setAsked(false)}
        >
          {out.error && <Trouble problem={out.error} />}
        </Confirm>
      ) : (
        <button type="button" class="secondary" onClick={() => setAsked(true)}>
          {say('sessions.out')}
        </button>
      )}
    </section>
  )
}
