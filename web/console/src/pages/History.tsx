/** A member's history of points: every entry with its reasons, and who made it. */

import { data, type StaffEntryView } from '@clubkeeper/shared'
import { Box, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { about, Change, useClub } from '../club.tsx'
import { Growing, usePages } from '../cursor.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { say } from '../spoken.ts'
import { Actor } from './words.tsx'

export function History({ member }: { member: string }): ReactNode {
  const { id } = useClub()
  const path = { program: id, member }
  const entries = usePages([...about(id, member), 'entries'], (cursor) => {
    const params = { path, query: { cursor, limit: 25 } }
    return data(api.GET('/v1/staff/programs/{program}/members/{member}/entries', { params }))
  })
  return (
    <Growing of={entries} empty={say('history.none')}>
      {(rows) => (
        <Grid
          name={say('member.history')}
          rows={rows}
          id={(row) => String(row.seq)}
          columns={COLUMNS}
        />
      )}
    </Growing>
  )
}

const COLUMNS: Column<StaffEntryView>[] = [
  { title: say('history.at'), show: (row) => <When of={row} /> },
  { title: say('history.what'), show: (row) => <What of={row} /> },
  { title: say('history.points'), figures: true, show: (row) => <Points of={row} /> },
  { title: say('history.balance'), figures: true, show: (row) => <Balance of={row} /> },
  { title: say('history.who'), show: (row) => <Who of={row} /> },
]

interface Of {
  of: StaffEntryView
}

function When({ of }: Of): ReactNode {
  const club = useClub()
  return (
    <>
      {club.moment(of.at)}
      <Typography variant="body2" color="text.secondary">
        {say('history.entry', { seq: club.number(of.seq) })}
      </Typography>
    </>
  )
}

function What({ of }: Of): ReactNode {
  return (
    <>
      <Typography sx={{ fontWeight: 600 }} variant="body2">
        <bdi>{of.title}</bdi>
      </Typography>
      <Reasons of={of} />
      {of.note && (
        <Typography variant="body2" sx={{ fontStyle: 'italic' }}>
          <bdi>{of.note}</bdi>
        </Typography>
      )}
    </>
  )
}

function Points({ of }: Of): ReactNode {
  return (
    <>
      {(of.points !== 0 || (!of.held && !of.pending)) && <Change of={of.points} />}
      <Beside words={say('points.held')} points={of.held} />
      <Beside words={say('points.pending')} points={of.pending} />
    </>
  )
}

function Balance({ of }: Of): ReactNode {
  return useClub().number(of.balance)
}

function Who({ of }: Of): ReactNode {
  return (
    <>
      <Actor of={of.actor} />
      {of.asked_by && (
        <Typography variant="body2" color="text.secondary">
          {say('history.asked_by')} <Actor of={of.asked_by} />
        </Typography>
      )}
    </>
  )
}

function Reasons({ of }: Of): ReactNode {
  if (of.parts.length === 0) return null
  return (
    <Box component="ul" sx={{ m: 0, paddingInlineStart: 2.5, color: 'text.secondary' }}>
      {of.parts.map((each, at) => (
        <li key={at}>
          <bdi>{each.reason}</bdi> {each.points !== 0 && <Change of={each.points} />}
        </li>
      ))}
    </Box>
  )
}

function Beside({ words, points }: { words: string; points: number }): ReactNode {
  if (points === 0) return null
  return (
    <Typography variant="body2" color="text.secondary">
      {words} <Change of={points} />
    </Typography>
  )
}
