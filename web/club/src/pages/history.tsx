import { data, type EntryView } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useRows } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Rows } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

const PAGE = 20

/** The history of points, newest first, each entry with the balance after it. */
export default function HistoryPage() {
  const list = useRows<EntryView>('entries', (cursor) =>
    data(api.GET('/v1/me/entries', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <Page title={say('history.title')}>
      <Rows list={list} empty={say('history.empty')}>
        {(rows) => (
          <ol class="entries">
            {rows.map((entry) => (
              <Row key={entry.seq} entry={entry} />
            ))}
          </ol>
        )}
      </Rows>
    </Page>
  )
}

function Row({ entry }: { entry: EntryView }) {
  const club = useClub()
  return (
    <li>
      <a href={club.at(`/history/${entry.seq}`)}>
        <span class="what">{entry.title}</span>
        <Changed entry={entry} />
        <span class="when">{club.day(entry.at)}</span>
        <span class="after">{say('history.after', { balance: club.number(entry.balance) })}</span>
      </a>
    </li>
  )
}

/** What an entry changed: the balance, else what is set aside or announced. */
export function Changed({ entry }: { entry: EntryView }) {
  const club = useClub()
  const { points, held, pending } = entry
  if (points === 0 && held !== 0) {
    return (
      <span class="change">
        {say(held > 0 ? 'history.held' : 'history.unheld', { points: club.number(Math.abs(held)) })}
      </span>
    )
  }
  if (points === 0 && pending !== 0) {
    return (
      <span class="change">{say('history.pending', { points: club.change(pending) })}</span>
    )
  }
  return (
    <strong class={points > 0 ? 'change good' : 'change'}>
      <bdi dir="ltr">{club.change(points)}</bdi>
    </strong>
  )
}
