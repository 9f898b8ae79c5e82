/** What the API knows of the member, asked for when a page needs it and again when it is old. */

import {
  data,
  OFFLINE,
  Problem,
  type CharityView,
  type GateView,
  type GroupStanding,
  type TierView,
} from '@clubkeeper/shared'
import {
  QueryClient,
  useInfiniteQuery,
  useQuery,
  type QueryFilters,
  type UseInfiniteQueryResult,
  type UseQueryResult,
} from '@tanstack/preact-query'
import { useEffect } from 'preact/hooks'
import { useClub } from './parts/club.tsx'
import { standing, type Option, type Standing } from './options.ts'
import { api, useMember } from './api.ts'
import { say } from './words.ts'

/** Milliseconds after which something is asked for again when a page shows it. */
const FRESH_MS = 5000

/** What is no member's: the club, whether somebody is signed in, and the tag that was looked at. */
const EVERYBODYS = ['program', 'session', 'tag']
const members: QueryFilters = { predicate: ({ queryKey }) => !EVERYBODYS.includes(String(queryKey[0])) }

export const queries = new QueryClient({
  defaultOptions: {
    // The client of the API repeats what is worth repeating.
    queries: { retry: false, staleTime: FRESH_MS, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})

export type Asked<Got> = UseQueryResult<Got, Problem>

/** Something of this club under a name; one answer for all parts of the page that ask for it. */
export function useMine<Got>(
  name: string,
  ask: () => Promise<Got>,
  more: { enabled?: boolean; staleTime?: number; refetchInterval?: number } = {},
): Asked<Got> {
  const club = useClub()
  return useQuery<Got, Problem>({ queryKey: [club.id, name], queryFn: ask, ...more })
}

/** Old at once: a till changes it at any moment, so every page asks. */
const AT_ONCE = 0

interface PageOf<Row> {
  next: string
  rows: Row[]
}

export type Listed<Row> = UseInfiniteQueryResult<Row[], Problem>

/** A list that grows by pages. */
export function useRows<Row>(
  name: string,
  ask: (cursor: string) => Promise<PageOf<Row>>,
): Listed<Row> {
  const club = useClub()
  return useInfiniteQuery<PageOf<Row>, Problem, Row[], string[], string>({
    queryKey: [club.id, name],
    queryFn: ({ pageParam }) => ask(pageParam),
    initialPageParam: '',
    getNextPageParam: (last) => last.next || null,
    select: ({ pages }) => pages.flatMap((page) => page.rows),
  })
}

/** Something was done: everything that a page shows is asked for again. */
export function afterwards(): Promise<void> {
  return queries.invalidateQueries(members)
}

/** Somebody else will sit here: what is known of the member goes. */
export function forget(): void {
  queries.removeQueries(members)
}

/** A refusal in words. */
export function sentence(problem: Problem): string {
  if (problem.message) return problem.message
  return problem.code === OFFLINE ? say('shared.offline') : say('shared.unreadable')
}

export const useAccount = () => 
  useMine('account', () => data(api.GET('/v1/me/account')), { staleTime: AT_ONCE })
export const useMe = () => useMine('me', () => data(api.GET('/v1/me')))
export const useTerms = () => useMine('terms', () => data(api.GET('/v1/me/terms')))

/** The member's gates. */
export function useGates(wanted = true): Asked<GateView[]> {
  const ask = async () => (await data(api.GET('/v1/me/gates'))).gates
  return useMine('gates', ask, { enabled: wanted, staleTime: AT_ONCE })
}

/** The member's level; null where the club has none. */
export function useTier(wanted = true): Asked<TierView | null> {
  const ask = () =>
    data(api.GET('/v1/me/tier')).catch((problem: unknown) => {
      if (problem instanceof Problem && problem.code === 'no_tiers') return null
      throw problem
    })
  return useMine('tier', ask, { enabled: wanted })
}

/** To whom points can be given. */
export function useCharities(): Asked<CharityView[]> {
  return useMine('charities', async () => (await data(api.GET('/v1/me/charities'))).charities)
}

/** Groups that members can apply for, and how this one stands with them. */
export function useGroups(): Asked<GroupStanding[]> {
  return useMine('groups', async () => (await data(api.GET('/v1/me/groups'))).groups)
}

/** On every page: whether gates have opened or closed meanwhile. */
export function useFreshGates(page: string): void {
  const club = useClub()
  useEffect(() => void queries.invalidateQueries({ queryKey: [club.id, 'gates'] }), [page])
}

/** How options stand for the member; undefined until that is known, or while nobody is in. */
export function useOptions(): (option: Option) => Standing | undefined {
  const signedIn = useMember(useClub().id)?.status === 'active'
  const gates = useGates(signedIn).data
  const tier = useTier(signedIn).data
  if (!signedIn || gates === undefined || tier === undefined) return () => undefined
  return (option) => standing(option, gates, tier)
}
