/** Lists that grow downwards along the API's cursors, and what they are narrowed by. */

import { Button, Stack } from '@mui/material'
import {
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useSearchParams } from 'react-router-dom'
import { Quiet, Refused, Waiting } from './parts.tsx'
import { say } from './spoken.ts'

export interface Page<Row> {
  rows: Row[]
  /** Where the next page begins; empty: this is the last one. */
  next: string
}

/** A page of the API may be empty although more follow; so many are read for one of ours. */
const TRIES = 20

async function some<Row>(
  read: (cursor: string) => Promise<Page<Row>>,
  cursor: string,
): Promise<Page<Row>> {
  let got = await read(cursor)
  for (let tries = 1; tries < TRIES && got.rows.length === 0 && got.next; tries += 1) {
    got = await read(got.next)
  }
  return got
}

export type Pages<Row> = UseInfiniteQueryResult<InfiniteData<Page<Row>>>

export function usePages<Row>(
  key: readonly unknown[],
  read: (cursor: string) => Promise<Page<Row>>,
): Pages<Row> {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => some(read, pageParam),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
  })
}

interface GrowingProps<Row> {
  of: Pages<Row>
  /** What is said when there is nothing. */
  empty: string
  children: (rows: Row[]) => ReactNode
}

export function Growing<Row>({ of, empty, children }: GrowingProps<Row>): ReactNode {
  const rows = of.data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <Stack spacing={2}>
      {of.isPending && <Waiting />}
      {of.data && rows.length === 0 && !of.hasNextPage && <Quiet>{empty}</Quiet>}
      {rows.length > 0 && children(rows)}
      {of.error && <Refused failure={of.error} retry={() => void of.refetch()} />}
      {of.hasNextPage && (
        <Button loading={of.isFetchingNextPage} onClick={() => void of.fetchNextPage()}>
          {say('more')}
        </Button>
      )}
    </Stack>
  )
}

/** What a list is narrowed by stands in the address, so that it can be kept and passed on. */
export function useFilter<Name extends string>(
  names: readonly Name[],
): [Record<Name, string>, (changes: Partial<Record<Name, string>>) => void] {
  const [query, setQuery] = useSearchParams()
  const values = Object.fromEntries(names.map((each) => [each, query.get(each) ?? '']))
  function change(changes: Partial<Record<Name, string>>): void {
    const next = new URLSearchParams(query)
    for (const [name, value] of Object.entries<string | undefined>(changes)) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    setQuery(next, { replace: true })
  }
  return [values as Record<Name, string>, change]
}
