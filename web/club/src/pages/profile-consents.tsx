import { data, type ConsentView } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Tick } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

/** Over which channels offers may come. */
export function Consents() {
  const club = useClub()
  const consents = useMine('consents', async () => (await data(api.GET('/v1/me/consents'))).rows)
  const decide = useAct(
    ({ purpose, granted }: Pick<ConsentView, 'purpose' | 'granted'>) =>
      data(api.PUT('/v1/me/consents/{purpose}', { params: { path: { purpose } }, body: { granted } })),
    () => announce(say('profile.saved')),
  )
  /** What was ticked and is on its way. */
  const wished = (purpose: string) =>
    decide.isPending && decide.variables.purpose === purpose ? decide.variables.granted : null
  return (
    <section class="card">
      <h2>{say('join.offers')}</h2>
      <Loaded query={consents}>
        {(rows) => (
          <>
            {rows.map(
              ({ purpose, granted, at }) =>
                purpose !== 'rules' && (
                  <Tick
                    key={purpose}
                    checked={wished(purpose) ?? granted}
                    onChecked={(yes) => decide.mutate({ purpose, granted: yes })}
                  >
                    {say(`channel.${purpose}`)}
                    {at && <span class="quiet"> {say('consent.since', { day: club.day(at) })}</span>}
                  </Tick>
                ),
            )}
          </>
        )}
      </Loaded>
      {decide.error && <Trouble problem={decide.error} />}
    </section>
  )
}
