/** What the warehouse fetches: confirmed orders, oldest first, to work off or to print. */

import { data, type PickRow } from '@clubkeeper/shared'
import { Box, Button } from '@mui/material'
import type { ReactNode } from 'react'
import { api } from '../api.ts'
import { Needs, useClub } from '../club.tsx'
import { Growing, useFilter, usePages } from '../cursor.tsx'
import { Download } from '../Download.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { Code, Heading } from '../parts.tsx'
import { say } from '../spoken.ts'
import { WayAndPoint } from './Orders.tsx'
import { OrderLink, Where } from './words.tsx'

const NO_PRINT = { '@media print': { display: 'none' } }

export function Picking(): ReactNode {
  return (
    <Needs right="orders.read">
      <List />
    </Needs>
  )
}

function List(): ReactNode {
  const club = useClub()
  const [filter, change] = useFilter(['way', 'point'])
  const way = (filter.way || undefined) as PickRow['way'] | undefined
  const path = { program: club.id }
  const rows = usePages([club.id, 'orders', 'picking', filter.way, filter.point], async (cursor) => {
    const query = { way, point: filter.point, cursor, limit: 100 }
    const params = { path, query }
    // The other form of the answer is a file, for which the console does not ask.
    const got = await data(api.GET('/v1/staff/programs/{program}/orders/pick-list', { params }))
    return got as Exclude<typeof got, string>
  })
  const columns: Column<PickRow>[] = [
    { title: say('orders.sku'), show: (row) => (row.sku ? <Code>{row.sku}</Code> : '—') },
    { title: say('orders.what'), show: (row) => <bdi>{row.name}</bdi> },
    { title: say('orders.quantity'), figures: true, show: (row) => club.number(row.quantity) },
    { title: say('orders.way'), show: (row) => <Where way={row.way} point={row.point} /> },
    { title: say('orders.number'), show: (row) => <OrderLink of={row.number} /> },
    { title: say('orders.placed'), show: (row) => club.moment(row.placed_at) },
  ]
  return (
    <>
      <Heading title={say('picking.title')}>
        <Box sx={NO_PRINT}>
          <Download
            name={`pick-list-${club.id}`}
            read={(cursor) => {
              const query = { way, point: filter.point, cursor, limit: 100, format: 'csv' as const }
              const options = { params: { path, query }, parseAs: 'text' } as const
              return api.GET('/v1/staff/programs/{program}/orders/pick-list', options)
            }}
          />
        </Box>
        <Button variant="outlined" sx={NO_PRINT} onClick={() => window.print()}>
          {say('picking.print')}
        </Button>
      </Heading>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, mb: 2, ...NO_PRINT }}>
        <WayAndPoint filter={filter} change={change} />
      </Box>
      <Growing of={rows} empty={say('picking.none')}>
        {(got) => (
          <Grid name={say('picking.title')} rows={got} id={(row) => row.number} columns={columns} />
        )}
      </Growing>
    </>
  )
}
