/** What a member ordered. */

import { data, type StaffOrderRow } from '@clubkeeper/shared'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { about, useClub } from '../club.tsx'
import { Growing, usePages } from '../cursor.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { say } from '../spoken.ts'
import { OrderLink, OrderState, Where } from './words.tsx'

export function MemberOrders({ member }: { member: string }): ReactNode {
  const club = useClub()
  const path = { program: club.id, member }
  const orders = usePages([...about(club.id, member), 'orders'], (cursor) => {
    const params = { path, query: { cursor, limit: 25 } }
    return data(api.GET('/v1/staff/programs/{program}/members/{member}/orders', { params }))
  })
  const columns: Column<StaffOrderRow>[] = [
    { title: say('orders.number'), show: (row) => <OrderLink of={row.number} /> },
    { title: say('orders.what'), show: (row) => <bdi>{row.name}</bdi> },
    { title: say('orders.quantity'), figures: true, show: (row) => club.number(row.quantity) },
    { title: say('orders.points'), figures: true, show: (row) => club.number(row.points) },
    { title: say('orders.state'), show: (row) => <OrderState of={row.state} /> },
    { title: say('orders.way'), show: (row) => <Where way={row.way} point={row.point} /> },
    { title: say('orders.placed'), show: (row) => club.moment(row.placed_at) },
  ]
  return (
    <Growing of={orders} empty={say('orders.member_none')}>
      {(rows) => (
        <Grid name={say('member.orders')} rows={rows} id={(row) => row.number} columns={columns} />
      )}
    </Growing>
  )
}
