import type { Problem } from '@clubkeeper/shared'
import type { ComponentChildren } from 'preact'
import { sentence, type Asked, type Listed } from '../data.ts'
import { say } from '../words.ts'

/** Words while something is on its way. */
export function Waiting() {
  return (
    <p role="status" aria-busy="true">
      {say('shared.loading')}
    </p>
  )
}

/** A refusal in words; with a way to try again where that may help. */
export function Trouble({ problem, retry }: { problem: Problem; retry?: () => void }) {
  return (
    <div class="notice trouble" role="alert">
      <p>{sentence(problem)}</p>
      {retry && (
        <button type="button" class="secondary" onClick={retry}>
          {say('shared.retry')}
        </button>
      )}
    </div>
  )
}

interface Props<Got> {
  query: Asked<Got>
  children: (got: Got) => ComponentChildren
}

/** What was asked for, once it is there; until then, and where it fails, words. */
export function Loaded<Got>({ query, children }: Props<Got>) {
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error) return <Trouble problem={query.error} retry={() => void query.refetch()} />
  return <Waiting />
}

interface RowsProps<Row> {
  list: Listed<Row>
  /** What to say when there is nothing. */
  empty: string
  children: (rows: Row[]) => ComponentChildren
}

/** A list by pages: its rows and a button for more. */
export function Rows<Row>({ list, empty, children }: RowsProps<Row>) {
  const rows = list.data
  if (rows === undefined) {
    return list.error ? (
      <Trouble problem={list.error} retry={() => void list.refetch()} />
    ) : (
      <Waiting />
    )
  }
  if (rows.length === 0 && !list.hasNextPage) return <p class="empty">{empty}</p>
  return (
    <>
      {children(rows)}
      {list.error && <Trouble problem={list.error} />}
      {list.hasNextPage && (
        <button
          type="button"
          class="secondary more"
          aria-busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {say('list.more')}
        </button>
      )}
    </>
  )
}
