import { data, type ReceiptRow } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useRows } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Rows } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

const PAGE = 20

/** The member's receipts, newest first. */
export default function PurchasesPage() {
  const club = useClub()
  const list = useRows<ReceiptRow>('receipts', (cursor) =>
    data(api.GET('/v1/me/receipts', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <Page title={say('purchases.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      <Rows list={list} empty={say('purchases.empty')}>
        {(rows) => (
          <ol class="entries">
            {rows.map((row) => (
              <li key={row.receipt}>
                <a href={club.at(`/purchases/${row.receipt}`)}>
                  <span class="what">{club.price(row.total)}</span>
                  <strong class="change good">
                    <bdi dir="ltr">{club.change(row.earned)}</bdi>
                  </strong>
                  <span class="when">{club.day(row.at)}</span>
                  <span class="after">
                    {row.state !== 'posted' && say(`receipt.${row.state}`)}
                  </span>
                </a>
              </li>
            ))}
          </ol>
        )}
      </Rows>
    </Page>
  )
}
