import { data, type OrderRow } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useRows } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Rows } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

const PAGE = 20

/** The member's orders, newest first. */
export default function OrdersPage() {
  const club = useClub()
  const list = useRows<OrderRow>('orders', (cursor) =>
    data(api.GET('/v1/me/orders', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <Page
      title={say('orders.title')}
      back={{ href: club.at('/gifts'), text: say('gifts.title') }}
    >
      <Rows list={list} empty={say('orders.empty')}>
        {(rows) => (
          <ul class="entries">
            {rows.map((row) => (
              <li key={row.order}>
                <a href={club.at(`/orders/${row.order}`)}>
                  <span class="what">
                    <bdi>{row.name}</bdi>
                    {row.quantity > 1 && ` × ${club.number(row.quantity)}`}
                  </span>
                  <strong class="change">{club.points(row.points)}</strong>
                  <span class="when">{club.day(row.placed_at)}</span>
                  <span class="after">{say(`state.${row.state}`)}</span>
                </a>
              </li>
            ))}
          </ul>
        )}
      </Rows>
    </Page>
  )
}
