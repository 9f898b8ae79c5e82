/** An order: what, for whom, where it goes, what happened to it, and what can be done next. */

import { data, type AddressView, type StaffOrderView, type StaffStepView } from '@clubkeeper/shared'
import { Box, Stack, Typography } from '@mui/material'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router-dom'
import { api } from '../api.ts'
import { Needs, useClub } from '../club.tsx'
import { Code, Facts, Heading, Panel, ShownPage } from '../parts.tsx'
import { say } from '../spoken.ts'
import { Steps } from './Steps.tsx'
import { Actor, MemberLink, OrderState, Where } from './words.tsx'

export function OrderPage(): ReactNode {
  return (
    <Needs right="orders.read">
      <Order />
    </Needs>
  )
}

function Order(): ReactNode {
  const { id } = useClub()
  const { number = '' } = useParams()
  const params = { path: { program: id, number } }
  const order = useQuery({
    queryKey: [id, 'orders', 'one', number],
    queryFn: () => data(api.GET('/v1/staff/programs/{program}/orders/{number}', { params })),
  })
  return <ShownPage of={order}>{(got) => <Known of={got} />}</ShownPage>
}

function Known({ of }: { of: StaffOrderView }): ReactNode {
  const { can } = useClub()
  return (
    <>
      <Heading title={say('order.title', { number: of.number })}>
        <OrderState of={of.state} />
      </Heading>
      {can('orders.handle') && (
        <Box sx={{ mb: 2 }}>
          <Steps of={of} />
        </Box>
      )}
      <Box
        sx={{
          display: 'grid',
          alignItems: 'start',
          gap: 2,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(2, minmax(0, 1fr))' },
        }}
      >
        <What of={of} />
        <Panel title={say('order.history')}>
          <Stack component="ol" spacing={1.5} sx={{ m: 0, paddingInlineStart: 2.5 }}>
            {of.history.map((each, at) => (
              <Happened key={at} of={each} />
            ))}
          </Stack>
        </Panel>
      </Box>
    </>
  )
}

function What({ of }: { of: StaffOrderView }): ReactNode {
  const club = useClub()
  return (
    <Panel title={say('order.what')}>
      <Facts
        rows={[
          [say('orders.what'), <bdi key="name">{of.name}</bdi>],
          [say('orders.quantity'), club.number(of.quantity)],
          [say('orders.sku'), of.sku && <Code>{of.sku}</Code>],
          [say('orders.points'), club.number(of.points)],
          [say('approvals.member'), <MemberLink key="member" of={of.member} />],
          [say('orders.way'), <Where key="way" way={of.way} point={of.point} />],
          ...(of.address ? ([[say('order.address'), <To key="to" of={of.address} />]] as const) : []),
          ...(of.parcel
            ? ([
                [
                  say('order.parcel'),
                  <span key="parcel">
                    <bdi>{of.parcel.carrier}</bdi> · <Code>{of.parcel.tracking_number}</Code>
                  </span>,
                ],
              ] as const)
            : []),
          ...(of.codes_given ? ([[say('order.codes'), club.number(of.codes_given)]] as const) : []),
          [say('orders.placed'), club.moment(of.placed_at)],
        ]}
      />
    </Panel>
  )
}

function To({ of }: { of: AddressView }): ReactNode {
  const lines = [of.name, ...of.lines, `${of.postcode} ${of.city}`, of.country]
  return (
    <>
      {lines.map((each, at) => (
        <div key={at}>
          <bdi>{each}</bdi>
        </div>
      ))}
      {of.phone && <Code>{of.phone}</Code>}
    </>
  )
}

function Happened({ of }: { of: StaffStepView }): ReactNode {
  const club = useClub()
  return (
    <li>
      <Typography sx={{ fontWeight: 600 }}>
        <bdi>{of.text}</bdi>
      </Typography>
      <Typography variant="body2" color="text.secondary">
        {club.moment(of.at)} · <Actor of={of.actor} />
      </Typography>
      {of.reason && (
        <Typography variant="body2" sx={{ fontStyle: 'italic' }}>
          <bdi>{of.reason}</bdi>
        </Typography>
      )}
    </li>
  )
}
