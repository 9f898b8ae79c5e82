import { data, type NewOrder, type OrderView } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useEffect, useRef, useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useAct } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Choice, Radios, TextField } from '../parts/fields.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'
import type { Offer } from './gift.tsx'
import { emptyAddress, PostAddress, type Address } from './gift-address.tsx'

type Way = Offer['delivery'][number]

interface Props {
  gift: Offer
  /** Whether the last question is asked. */
  asked: boolean
  onAsked: (asked: boolean) => void
}

/** How to get a gift, and the order itself, which is confirmed before it is placed. */
export function OrderForm({ gift, asked, onAsked }: Props) {
  const club = useClub()
  const { route } = useLocation()
  // One id for this wish: sent again, it is the same order.
  const id = useRef(crypto.randomUUID())
  const [way, setWay] = useState<Way>(gift.delivery[0] ?? 'pickup')
  const [point, setPoint] = useState(gift.points_of_pickup[0]?.point ?? '')
  const [address, setAddress] = useState<Address>(emptyAddress)
  const [quantity, setQuantity] = useState('1')
  const pieces = Math.max(1, Number.parseInt(quantity, 10) || 1)

  const place = useAct<undefined, OrderView>(
    () => {
      const params = { path: { order: id.current } }
      return data(api.PUT('/v1/me/orders/{order}', { params, body: wish() }))
    },
    (order) => {
      announce(say('order.placed', { number: order.number }))
      route(club.at(`/orders/${order.order}`))
    },
  )
  const wish = (): NewOrder => ({
    reward: gift.reward,
    price: gift.price,
    quantity: pieces,
    delivery:
      way === 'pickup' ? { way, point } : way === 'post' ? { way, ...posted(address) } : { way },
  })
  const fields = place.error?.fields ?? {}
  // What is wrong with a field is told at that field.
  useEffect(() => {
    if (place.error?.code === 'invalid_fields') onAsked(false)
  }, [place.error])

  if (asked) {
    const total = club.points(gift.price * pieces)
    const where = gift.points_of_pickup.find((one) => one.point === point)
    return (
      <Confirm
        title={say('order.confirm')}
        yes={say('order.place', { total })}
        busy={place.isPending}
        onYes={() => place.mutate(undefined)}
        onNo={() => onAsked(false)}
      >
        <p>
          <bdi>{gift.name}</bdi> × {club.number(pieces)}
          <br />
          {say(`way.${way}`)}
          {way === 'pickup' && where && (
            <>
              : <bdi>{where.name}</bdi>, <bdi>{where.address}</bdi>
            </>
          )}
          {way === 'post' && (
            <>
              : <bdi>{[address.name, address.lines, address.city].join(', ')}</bdi>
            </>
          )}
        </p>
        {place.error && <Trouble problem={place.error} />}
      </Confirm>
    )
  }
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault()
        onAsked(true)
      }}
    >
      <h2>{say('order.new')}</h2>
      {gift.delivery.length > 1 && (
        <Radios
          label={say('order.way')}
          value={way}
          values={gift.delivery.map((one) => [one, say(`way.${one}`)] as const)}
          onValue={setWay}
        />
      )}
      {gift.delivery.length === 1 && <p>{say(`way.${way}`)}</p>}
      {way === 'pickup' && (
        <Choice
          label={say('order.point')}
          value={point}
          values={gift.points_of_pickup.map((one) => [one.point, one.name] as const)}
          onValue={setPoint}
        />
      )}
      {way === 'post' && (
        <PostAddress
          address={address}
          onAddress={setAddress}
          errors={fields}
        />
      )}
      {(gift.per_member ?? 2) > 1 && (
        <TextField
          label={say('order.quantity')}
          error={fields['/quantity']}
          value={quantity}
          onValue={setQuantity}
          type="number"
          inputMode="numeric"
          min={1}
          max={gift.left ?? gift.per_member ?? 100}
          required
        />
      )}
      {place.error?.code === 'invalid_fields' && <Trouble problem={place.error} />}
      <button type="submit">{say('order.next')}</button>
    </form>
  )
}

/** The address as the API takes it. */
function posted({ lines, ...address }: Address) {
  return { ...address, lines: lines.split('\n').map((line) => line.trim()).filter(Boolean) }
}
