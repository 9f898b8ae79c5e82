import { data, type OrderView } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'
import { Place } from './gift.tsx'

/** One order: where it stands, how it comes, and how to give it up. */
export default function OrderPage({ order = '' }: { order?: string }) {
  const club = useClub()
  const params = { path: { order } }
  const found = useMine(`order ${order}`, () => data(api.GET('/v1/me/orders/{order}', { params })))
  return (
    <Page
      title={found.data ? say('order.title', { number: found.data.number }) : say('orders.title')}
      back={{ href: club.at('/orders'), text: say('orders.title') }}
    >
      <Loaded query={found}>{(got) => <Order order={got} />}</Loaded>
    </Page>
  )
}

function Order({ order }: { order: OrderView }) {
  const club = useClub()
  return (
    <>
      <p class="lead">{order.text}</p>
      {order.codes.length > 0 && <Codes codes={order.codes} />}
      <dl class="facts">
        <Fact name={say('order.what')}>
          {order.name} × {club.number(order.quantity)}
        </Fact>
        <Fact name={say('order.price')}>{club.points(order.points)}</Fact>
        <Fact name={say('order.how')}>{say(`way.${order.way}`)}</Fact>
        {order.address && (
          <Fact name={say('order.to')}>
            {[
              order.address.name,
              ...order.address.lines,
              order.address.postcode,
              order.address.city,
              order.address.country,
            ].join(', ')}
          </Fact>
        )}
        {order.parcel && (
          <Fact name={order.parcel.carrier}>{order.parcel.tracking_number}</Fact>
        )}
      </dl>
      {order.point && <Point reward={order.reward} point={order.point} />}
      <h2>{say('order.history')}</h2>
      <ol class="plain">
        {order.history.map((step) => (
          <li key={step.at + step.fact}>
            {step.text} <span class="quiet">{club.moment(step.at)}</span>
          </li>
        ))}
      </ol>
      {order.can_cancel && <GiveUp order={order} />}
    </>
  )
}

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{children}</bdi>
      </dd>
    </div>
  )
}

function Codes({ codes }: { codes: string[] }) {
  return (
    <section class="card">
      <h2>{say('order.codes', codes.length)}</h2>
      {codes.map((code) => (
        <p key={code} class="big">
          <code dir="ltr">{code}</code>
        </p>
      ))}
    </section>
  )
}

/** Where to collect it; the number is what to say there. */
function Point({ reward, point }: { reward: string; point: string }) {
  const params = { path: { reward } }
  const gift = useMine(`gift ${reward}`, () => data(api.GET('/v1/me/rewards/{reward}', { params })))
  const place = gift.data?.points_of_pickup.find((one) => one.point === point)
  if (!place) return null
  return (
    <section>
      <h2>{say('order.at')}</h2>
      <ul class="plain">
        <Place place={place} />
      </ul>
    </section>
  )
}

function GiveUp({ order }: { order: OrderView }) {
  const club = useClub()
  const [asked, setAsked] = useState(false)
  const cancel = useAct(
    () => {
      const params = { path: { order: order.order } }
      return data(api.POST('/v1/me/orders/{order}/cancellation', { params }))
    },
    () => announce(say('order.cancelled')),
  )
  if (!asked) {
    return (
      <button type="button" class="secondary" onClick={() => setAsked(true)}>
        {say('order.cancel')}
      </button>
    )
  }
  return (
    <Confirm
      title={say('order.cancel.sure')}
      yes={say('order.cancel')}
      busy={cancel.isPending}
      onYes={() => cancel.mutate(undefined)}
      onNo={() => setAsked(false)}
    >
      <p>{say('order.cancel.means', { points: club.points(order.points) })}</p>
      {cancel.error && <Trouble problem={cancel.error} />}
    </Confirm>
  )
}
