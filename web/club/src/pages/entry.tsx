import { data, type EntryView } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { say } from '../words.ts'
import { Changed } from './history.tsx'

/** One entry of the history: why the member has these points, or no longer has them. */
export default function EntryPage({ seq = '' }: { seq?: string }) {
  const club = useClub()
  const params = { path: { seq } }
  const entry = useMine(`entry ${seq}`, () => data(api.GET('/v1/me/entries/{seq}', { params })))
  return (
    <Page
      title={entry.data?.title ?? say('entry.title')}
      back={{ href: club.at('/history'), text: say('history.title') }}
    >
      <Loaded query={entry}>{(got) => <Entry entry={got} />}</Loaded>
    </Page>
  )
}

function Entry({ entry }: { entry: EntryView }) {
  const club = useClub()
  const facts: [string, string][] = [
    [say('entry.when'), club.moment(entry.at)],
    [say('entry.balance'), club.points(entry.balance)],
  ]
  if (entry.held) facts.push([say('entry.held'), club.change(entry.held)])
  if (entry.pending) facts.push([say('entry.pending'), club.change(entry.pending)])
  return (
    <>
      <p class="big">
        <Changed entry={entry} />
      </p>
      {entry.parts.length > 0 && (
        <section class="card">
          <h2>{say('entry.why')}</h2>
          <Reasons of={entry.parts} />
        </section>
      )}
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {entry.reverses !== null && (
        <p>
          <a href={club.at(`/history/${entry.reverses}`)}>{say('entry.reverses')}</a>
        </p>
      )}
    </>
  )
}
