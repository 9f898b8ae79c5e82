/** Names for what records call by an id, as far as whoever looks may know them. */

import { data } from '@clubkeeper/shared'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { api } from './api.ts'
import { about, useClub } from './club.tsx'
import { spoken } from './spoken.ts'

const LONG = 600_000
type Names = ReadonlyMap<string, string>
const NOBODY: Names = new Map()

interface Page<Row> {
  rows: Row[]
  next: string
}

/** All pages of a short list. */
async function all<Row>(read: (cursor: string) => Promise<Page<Row>>): Promise<Row[]> {
  const rows: Row[] = []
  let cursor = ''
  do {
    const page = await read(cursor)
    rows.push(...page.rows)
    cursor = page.next
  } while (cursor)
  return rows
}

/** The people of the staff by id; none without the right to see them. */
export function useColleagues(): Names {
  const { id, can } = useClub()
  const found = useQuery({
    queryKey: [id, 'staff'],
    queryFn: async () => {
      const rows = await all((cursor) => {
        const params = { path: { program: id }, query: { cursor, limit: 100 } }
        return data(api.GET('/v1/staff/programs/{program}/staff', { params }))
      })
      return new Map(rows.map((each) => [each.staff, each.name]))
    },
    enabled: can('staff.read'),
    staleTime: LONG,
  })
  return found.data ?? NOBODY
}

/** The pick-up points by id; none without the right to see them. */
export function usePlaces(): Names {
  const { id, can } = useClub()
  const found = useQuery({
    queryKey: [id, 'points'],
    queryFn: async () => {
      const rows = await all((cursor) => {
        const params = { path: { program: id }, query: { cursor, limit: 100 } }
        return data(api.GET('/v1/staff/programs/{program}/points', { params }))
      })
      return new Map(rows.map((each) => [each.point, each.name[spoken] ?? each.point]))
    },
    enabled: can('points.read'),
    staleTime: LONG,
  })
  return found.data ?? NOBODY
}

/** What a member is called; pending for ever without the right to know it. */
export function useMemberName(member: string): UseQueryResult<string> {
  const { id, can } = useClub()
  const params = { path: { program: id, member } }
  return useQuery({
    queryKey: [...about(id, member), 'name'],
    queryFn: async () => {
      const got = await data(api.GET('/v1/staff/programs/{program}/members/{member}', { params }))
      return [got.given_name, got.family_name].filter(Boolean).join(' ')
    },
    enabled: can('members.read'),
    staleTime: LONG,
  })
}
