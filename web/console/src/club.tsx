/** The program that is worked in, and what whoever is signed in may do there. */

import {
  data,
  figures,
  type Figures,
  type GrantView,
  type ProgramView,
  type StaffMeView,
} from '@clubkeeper/shared'
import { Box } from '@mui/material'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { createContext, useContext, type ReactNode } from 'react'
import { api } from './api.ts'
import { Forbidden } from './parts.tsx'
import { spoken } from './spoken.ts'

export interface Club extends Figures {
  id: string
  name: string
  currency: string
  zone: string
  me: StaffMeView
  can(right: string): boolean
  /** 1,250 points, in the club's own word for them. */
  points(count: number): string
}

const Here = createContext<Club | null>(null)
export const ClubContext = Here.Provider

export function useClub(): Club {
  const club = useContext(Here)
  if (!club) throw new Error('Outside of a club')
  return club
}

export function useMe(): UseQueryResult<StaffMeView> {
  return useQuery({ queryKey: ['me'], queryFn: () => data(api.GET('/v1/staff/me')) })
}

export function useProgram(program: string): UseQueryResult<ProgramView> {
  return useQuery({
    queryKey: ['program', program],
    queryFn: () => data(api.GET('/v1/programs/{program}', { params: { path: { program } } })),
    staleTime: 600_000,
  })
}

export function clubOf(program: ProgramView, grant: GrantView, me: StaffMeView): Club {
  const written = figures(spoken, program.zone)
  const form = new Intl.PluralRules(spoken)
  const unit: Record<string, string> = { ...program.unit }
  return {
    ...written,
    id: program.id,
    name: program.name,
    currency: program.currency,
    zone: program.zone,
    me,
    can: (right) => grant.rights.includes(right),
    points: (count) =>
      `${written.number(count)} ${unit[form.select(Math.abs(count))] ?? unit['other'] ?? ''}`,
  }
}

/** Where everything about a member is kept in memory; a change there forgets it all. */
export function about(program: string, member: string): string[] {
  return [program, 'member', member]
}

/** A page, or a part of one, for those who have a right. */
export function Needs({ right, children }: { right: string; children: ReactNode }): ReactNode {
  return useClub().can(right) ? children : <Forbidden />
}

/** +250 or −40: a change of points. */
export function Change({ of }: { of: number }): ReactNode {
  const { number } = useClub()
  const sign = of > 0 ? '+' : of < 0 ? '−' : ''
  return (
    <Box
      component="bdi"
      dir="ltr"
      sx={{
        fontVariantNumeric: 'tabular-nums',
        fontWeight: 600,
        whiteSpace: 'nowrap',
        color: of > 0 ? 'success.main' : of < 0 ? 'error.main' : 'text.primary',
      }}
    >
      {sign}
      {number(Math.abs(of))}
    </Box>
  )
}
