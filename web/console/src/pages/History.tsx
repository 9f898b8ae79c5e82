/** A member's history of points: every entry with its reasons, and who made it. */

import { data, type StaffEntryView } from '@clubkeeper/shared'
import {
  Box,
  Card,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
  Typography,
} from '@mui/material'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { about, Change, useClub } from '../club.tsx'
import { Growing, usePages } from '../cursor.tsx'
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
        <TableContainer component={Card}>
          <Table>
            <TableHead>
              <TableRow>
                <TableCell>{say('history.at')}</TableCell>
                <TableCell>{say('history.what')}</TableCell>
                <TableCell align="right">{say('history.points')}</TableCell>
                <TableCell align="right">{say('history.balance')}</TableCell>
                <TableCell>{say('history.who')}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {rows.map((each) => (
                <Entry key={each.seq} of={each} />
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
    </Growing>
  )
}

function Entry({ of }: { of: StaffEntryView }): ReactNode {
  const club = useClub()
  return (
    <TableRow sx={{ '& td': { verticalAlign: 'top' } }}>
      <TableCell>
        {club.moment(of.at)}
        <Typography variant="body2" color="text.secondary">
          {say('history.entry', { seq: club.number(of.seq) })}
        </Typography>
      </TableCell>
      <TableCell>
        <Typography sx={{ fontWeight: 600 }} variant="body2">
          <bdi>{of.title}</bdi>
        </Typography>
        <Reasons of={of} />
        {of.note && (
          <Typography variant="body2" sx={{ fontStyle: 'italic' }}>
            <bdi>{of.note}</bdi>
          </Typography>
        )}
      </TableCell>
      <TableCell align="right">
        {(of.points !== 0 || (!of.held && !of.pending)) && <Change of={of.points} />}
        <Beside words={say('points.held')} points={of.held} />
        <Beside words={say('points.pending')} points={of.pending} />
      </TableCell>
      <TableCell align="right">{club.number(of.balance)}</TableCell>
      <TableCell>
        <Actor of={of.actor} />
        {of.asked_by && (
          <Typography variant="body2" color="text.secondary">
            {say('history.asked_by')} <Actor of={of.asked_by} />
          </Typography>
        )}
      </TableCell>
    </TableRow>
  )
}

function Reasons({ of }: { of: StaffEntryView }): ReactNode {
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
