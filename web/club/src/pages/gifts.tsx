import { data, type OfferRow } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useOptions, useRows } from '../data.ts'
import { Closed } from '../parts/closed.tsx'
import { useClub } from '../parts/club.tsx'
import { Tick } from '../parts/fields.tsx'
import { Icon } from '../parts/icons.tsx'
import { Rows } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

const PAGE = 20

/** What points buy: first what the member can have, then what is missing for the rest. */
export default function GiftsPage() {
  const club = useClub()
  const standing = useOptions()('orders')
  const [affordable, setAffordable] = useState(false)
  const list = useRows<OfferRow>(`gifts ${affordable}`, (cursor) =>
    data(api.GET('/v1/me/rewards', { params: { query: { limit: PAGE, cursor, affordable } } })),
  )
  return (
    <Page title={say('gifts.title')}>
      {standing?.open === false && <Closed option="orders" standing={standing} />}
      <p>
        <a href={club.at('/orders')}>{say('orders.title')}</a>
      </p>
      <Tick checked={affordable} onChecked={setAffordable}>
        {say('gifts.affordable')}
      </Tick>
      <Rows list={list} empty={say(affordable ? 'gifts.none' : 'gifts.empty')}>
        {(rows) => (
          <ul class="gifts">
            {rows.map((gift) => (
              <Gift key={gift.reward} gift={gift} />
            ))}
          </ul>
        )}
      </Rows>
    </Page>
  )
}

function Gift({ gift }: { gift: OfferRow }) {
  const club = useClub()
  return (
    <li>
      <a href={club.at(`/gifts/${gift.reward}`)}>
        {gift.image ? (
          <img src={gift.image} alt="" loading="lazy" />
        ) : (
          <span class="no-image">
            <Icon name="gifts" />
          </span>
        )}
        <span class="what">
          <bdi>{gift.name}</bdi>
        </span>
        <strong>{club.points(gift.price)}</strong>
        <span class="state-text">{available(gift, club.points)}</span>
      </a>
    </li>
  )
}

/** Why the member cannot have it, or that they can. */
export function available(
  gift: Pick<OfferRow, 'obstacle_text' | 'missing' | 'left'>,
  points: (count: number) => string,
): string {
  if (gift.obstacle_text) return gift.obstacle_text
  if (gift.missing > 0) return say('gifts.missing', { missing: points(gift.missing) })
  return gift.left === null ? say('gifts.enough') : say('gifts.left', gift.left)
}
