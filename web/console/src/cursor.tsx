/** Lists that grow downwards along the API's cursors. */

import { Button, Stack } from '@mui/material'
import {
  useInfiniteQuery,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Quiet, Refused, Waiting } from './parts.tsx'
import { say } from './spoken.ts'

export interface Page<Row> {
  rows: Row[]
  /** Where the next page begins; empty: this is the last one. */
  next: string
}

export type Pages<Row> = UseInfiniteQueryResult<InfiniteData<Page<Row>>>

export function usePages<Row>(
  key: readonly unknown[],
  read: (cursor: string) => Promise<Page<Row>>,
): Pages<Row> {
  return useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
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
