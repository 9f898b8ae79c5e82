import { data, type ClaimView } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useRows } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Rows, Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

/** For a seller: to tell that they sold this very item. */
export function Claim({ serial }: { serial: string }) {
  const club = useClub()
  const [claimed, setClaimed] = useState<ClaimView | null>(null)
  const claim = useAct<undefined, ClaimView>(
    () => data(api.POST('/v1/me/claims', { body: { serial } })),
    (got) => {
      setClaimed(got)
      announce(say('claim.done'))
    },
  )
  return (
    <section class="card">
      <h2>{say('claim.title')}</h2>
      {claimed ? (
        <p>
          {say(`claim.${claimed.status}`)} <strong>{club.points(claimed.points)}</strong>
        </p>
      ) : (
        <>
          <p>{say('claim.lead')}</p>
          {claim.error && <Trouble problem={claim.error} />}
          <button
            type="button"
            aria-busy={claim.isPending}
            disabled={claim.isPending}
            onClick={() => claim.mutate(undefined)}
          >
            {say('claim.claim')}
          </button>
        </>
      )}
    </section>
  )
}

const PAGE = 20

/** What a seller claimed, and what became of it. */
export function Claims() {
  const club = useClub()
  const list = useRows<ClaimView>('claims', (cursor) =>
    data(api.GET('/v1/me/claims', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <section>
      <h2>{say('claims.title')}</h2>
      <Rows list={list} empty={say('claims.empty')}>
        {(rows) => (
          <ul class="entries">
            {rows.map((row) => (
              <li key={row.serial + row.claimed_at} class="entry">
                <bdi class="what">{row.item.name}</bdi>
                <strong class={row.status === 'credited' ? 'change good' : 'change'}>
                  {club.points(row.points)}
                </strong>
                <span class="when">
                  {club.day(row.claimed_at)} <bdi dir="ltr">{row.serial}</bdi>
                </span>
                <span class="after">{say(`claim.${row.status}`)}</span>
              </li>
            ))}
          </ul>
        )}
      </Rows>
    </section>
  )
}
