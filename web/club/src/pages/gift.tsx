import { data, type OfferView, type PlaceView } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useMine, useOptions } from '../data.ts'
import { Closed } from '../parts/closed.tsx'
import { locale, useClub } from '../parts/club.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'
import { OrderForm } from './gift-order.tsx'
import { available } from './gifts.tsx'

/** A pick-up point without the table of its hours: when it opens next says enough. */
export type Spot = Omit<PlaceView, 'hours'>
export type Offer = Omit<OfferView, 'points_of_pickup'> & { points_of_pickup: Spot[] }

/** One gift, and how to get it. */
export default function GiftPage({ reward = '' }: { reward?: string }) {
  const club = useClub()
  const params = { path: { reward } }
  const gift = useMine(`gift ${reward}`, () => data(api.GET('/v1/me/rewards/{reward}', { params })))
  return (
    <Page
      title={gift.data?.name ?? say('gifts.title')}
      back={{ href: club.at('/gifts'), text: say('gifts.title') }}
    >
      <Loaded query={gift}>{(got) => <Gift gift={got} />}</Loaded>
    </Page>
  )
}

function Gift({ gift }: { gift: Offer }) {
  const club = useClub()
  const standing = useOptions()('orders')
  const can = gift.obstacle === null && gift.missing === 0
  // An order whose answer was lost took its points: the question stays until it is answered.
  const [asked, setAsked] = useState(false)
  return (
    <>
      {gift.images.map((image) => (
        <img key={image} class="picture" src={image} alt="" />
      ))}
      <p class="big">{club.points(gift.price)}</p>
      <p>{available(gift, club.points)}</p>
      {gift.available_until && (
        <p>{say('gift.until', { day: club.moment(gift.available_until) })}</p>
      )}
      {gift.per_member !== null && <p>{say('gift.per_member', gift.per_member)}</p>}
      {gift.about && <p class="rules">{gift.about}</p>}
      {can && standing?.open === false && <Closed option="orders" standing={standing} />}
      {(asked || (can && standing?.open)) && (
        <OrderForm key={gift.reward} gift={gift} asked={asked} onAsked={setAsked} />
      )}
      {gift.points_of_pickup.length > 0 && (
        <section>
          <h2>{say('gift.places')}</h2>
          <ul class="plain">
            {gift.points_of_pickup.map((place) => (
              <Place key={place.point} place={place} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

/** A pick-up point: where it is and when it is open, in its own zone. */
export function Place({ place }: { place: Spot }) {
  const told = place.open_now
    ? say('place.open', { until: place.closes_at ? clock(place.closes_at, place.zone) : '' })
    : place.opens_next
      ? say('place.opens', { at: clock(place.opens_next, place.zone) })
      : say('place.closed')
  return (
    <li class="place">
      <bdi>
        <strong>{place.name}</strong>
      </bdi>
      <br />
      <bdi>{place.address}</bdi>
      <br />
      {told}
      {place.phone && (
        <>
          <br />
          <a href={`tel:${place.phone.replace(/[^+\d]/g, '')}`} dir="ltr">
            {place.phone}
          </a>
        </>
      )}
    </li>
  )
}

function clock(at: string, zone: string): string {
  return new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: zone,
  }).format(new Date(at))
}
