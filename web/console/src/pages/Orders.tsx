/** The queue of orders: what waits comes oldest first. */

import { data, type StaffOrderRow } from '@clubkeeper/shared'
import { Box, Button } from '@mui/material'
import type { ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { api } from '../api.ts'
import { Needs, useClub } from '../club.tsx'
import { Growing, useFilter, usePages } from '../cursor.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { Code, Heading } from '../parts.tsx'
import { usePlaces } from '../people.ts'
import { Pick } from '../Pick.tsx'
import { say } from '../spoken.ts'
import { Steps } from './Steps.tsx'
import { OrderLink, Where } from './words.tsx'

type OrderState = StaffOrderRow['state']
type Way = StaffOrderRow['way']
const STATES: readonly OrderState[] = [
  'placed',
  'confirmed',
  'shipped',
  'issued',
  'delivered',
  'cancelled',
  'refunded',
]
const WAYS: readonly Way[] = ['pickup', 'post', 'code']

export function Orders(): ReactNode {
  return (
    <Needs right="orders.read">
      <Queue />
    </Needs>
  )
}

function Queue(): ReactNode {
  const { id, can } = useClub()
  const [filter, change] = useFilter(['state', 'way', 'point'])
  const state = (filter.state || 'placed') as OrderState
  const way = (filter.way || undefined) as Way | undefined
  const orders = usePages([id, 'orders', state, filter.way, filter.point], (cursor) => {
    const query = { state, way, point: filter.point, cursor, limit: 25 }
    const params = { path: { program: id }, query }
    return data(api.GET('/v1/staff/programs/{program}/orders', { params }))
  })
  return (
    <>
      <Heading title={say('menu.orders')}>
        <Button component={To} to={`/console/c/${id}/orders/picking`} variant="outlined">
          {say('picking.title')}
        </Button>
      </Heading>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mb: 2 }}>
        <Pick
          label={say('orders.state')}
          value={state}
          options={STATES.map((each) => [each, say(`order.${each}`)])}
          onChange={(next) => change({ state: next })}
        />
        <WayAndPoint filter={filter} change={change} />
      </Box>
      <Growing of={orders} empty={say('orders.none')}>
        {(rows) => (
          <Grid
            name={say('menu.orders')}
            rows={rows}
            id={(row) => row.number}
            columns={columns(can('orders.handle'))}
          />
        )}
      </Growing>
    </>
  )
}

interface WayAndPointProps {
  filter: { way: string; point: string }
  change: (changes: { way?: string; point?: string }) => void
}

/** By which delivery and, of those that are collected, by which pick-up point a list is narrowed. */
export function WayAndPoint({ filter, change }: WayAndPointProps): ReactNode {
  const places = usePlaces()
  return (
    <>
      <Pick
        label={say('orders.way')}
        value={filter.way}
        options={[['', say('orders.any_way')], ...WAYS.map((each) => [each, say(`way.${each}`)] as const)]}
        onChange={(next) => change({ way: next, point: next === 'pickup' ? filter.point : '' })}
      />
      {(places.size > 0 || filter.point) && (
        <Pick
          label={say('orders.point')}
          value={places.has(filter.point) ? filter.point : ''}
          options={[['', say('orders.any_point')], ...places]}
          onChange={(next) => change({ point: next, way: next ? 'pickup' : filter.way })}
        />
      )}
    </>
  )
}

function columns(handles: boolean): Column<StaffOrderRow>[] {
  const next: Column<StaffOrderRow> = {
    title: say('orders.next'),
    show: (row) => <Steps of={row} brief />,
  }
  return [
    { title: say('orders.number'), show: (row) => <OrderLink of={row.number} /> },
    {
      title: say('orders.what'),
      show: (row) => (
        <>
          <bdi>{row.name}</bdi> × {row.quantity} {row.sku && <Code>{row.sku}</Code>}
        </>
      ),
    },
    { title: say('orders.way'), show: (row) => <Where way={row.way} point={row.point} /> },
    { title: say('orders.placed'), show: (row) => <Moment of={row.placed_at} /> },
    { title: say('orders.points'), figures: true, show: (row) => <Figure of={row.points} /> },
    ...(handles ? [next] : []),
  ]
}

function Moment({ of }: { of: string }): ReactNode {
  return useClub().moment(of)
}

function Figure({ of }: { of: number }): ReactNode {
  return useClub().number(of)
}
