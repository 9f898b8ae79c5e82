/** What a member ordered. */

import { data } from '@clubkeeper/shared'
import {
  Card,
  Table,
  TableBody,
  TableCell,
  TableContainer,
  TableHead,
  TableRow,
} from '@mui/material'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { about, useClub } from '../club.tsx'
import { Growing, usePages } from '../cursor.tsx'
import { Code } from '../parts.tsx'
import { say } from '../spoken.ts'
import { OrderState } from './words.tsx'

export function MemberOrders({ member }: { member: string }): ReactNode {
  const club = useClub()
  const path = { program: club.id, member }
  const orders = usePages([...about(club.id, member), 'orders'], (cursor) => {
    const params = { path, query: { cursor, limit: 25 } }
    return data(api.GET('/v1/staff/programs/{program}/members/{member}/orders', { params }))
  })
  return (
    <Growing of={orders} empty={say('orders.member_none')}>
      {(rows) => (
        <TableContainer component={Card}>
          <Table>
            <TableHead>
              <TableRow>
                <TableCell>{say('orders.number')}</TableCell>
                <TableCell>{say('orders.what')}</TableCell>
                <TableCell align="right">{say('orders.quantity')}</TableCell>
                <TableCell align="right">{say('orders.points')}</TableCell>
                <TableCell>{say('orders.state')}</TableCell>
                <TableCell>{say('orders.way')}</TableCell>
                <TableCell>{say('orders.placed')}</TableCell>
              </TableRow>
            </TableHead>
            <TableBody>
              {rows.map((each) => (
                <TableRow key={each.number}>
                  <TableCell component="th" scope="row">
                    <Code>{each.number}</Code>
                  </TableCell>
                  <TableCell>
                    <bdi>{each.name}</bdi>
                  </TableCell>
                  <TableCell align="right">{club.number(each.quantity)}</TableCell>
                  <TableCell align="right">{club.number(each.points)}</TableCell>
                  <TableCell>
                    <OrderState of={each.state} />
                  </TableCell>
                  <TableCell>{say(`way.${each.way}`)}</TableCell>
                  <TableCell>{club.moment(each.placed_at)}</TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </TableContainer>
      )}
    </Growing>
  )
}
