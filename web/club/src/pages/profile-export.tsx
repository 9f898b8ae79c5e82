import { data } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

const PAGE = 100

/** Everything that is stored about the member, as a file. */
export function TakeAway() {
  const club = useClub()
  const take = useAct(everything, (rows) => {
    save(`${club.id}.json`, JSON.stringify(rows, null, 2))
    announce(say('export.done'))
  })
  return (
    <section class="card">
      <h2>{say('export.title')}</h2>
      <p>{say('export.lead')}</p>
      <button
        type="button"
        class="secondary"
        aria-busy={take.isPending}
        disabled={take.isPending}
        onClick={() => take.mutate(undefined)}
      >
        {say('export.take')}
      </button>
      {take.error && <Trouble problem={take.error} />}
    </section>
  )
}

async function everything(): Promise<unknown[]> {
  const rows: unknown[] = []
  let cursor = ''
  do {
    const query = { limit: PAGE, cursor }
    const page = await data(api.GET('/v1/me/export', { params: { query } }))
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor)
  return rows
}

function save(name: string, content: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([content], { type: 'application/json' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
