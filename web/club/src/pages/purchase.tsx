import { data, type ReceiptLine, type ReceiptView } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

/** One purchase: its goods, what it brought and why, what came back. */
export default function PurchasePage({ receipt = '' }: { receipt?: string }) {
  const club = useClub()
  const params = { path: { receipt } }
  const found = useMine(`receipt ${receipt}`, () =>
    data(api.GET('/v1/me/receipts/{receipt}', { params })),
  )
  return (
    <Page
      title={found.data ? say('purchase.title', { number: found.data.number }) : say('purchases.title')}
      back={{ href: club.at('/purchases'), text: say('purchases.title') }}
    >
      <Loaded query={found}>{(got) => <Purchase receipt={got} />}</Loaded>
    </Page>
  )
}

function Purchase({ receipt }: { receipt: ReceiptView }) {
  const club = useClub()
  return (
    <>
      <p>{club.moment(receipt.at)}</p>
      <ul class="rows">
        {receipt.lines.map((line) => (
          <Line key={line.line} line={line} />
        ))}
        <li>
          <strong>{say('purchase.total')}</strong>
          <strong>{club.price(receipt.total)}</strong>
        </li>
        {receipt.spent > 0 && (
          <li>
            <span>{say('purchase.spent')}</span>
            <span>{club.points(receipt.spent)}</span>
          </li>
        )}
      </ul>
      {receipt.awards.length > 0 && (
        <section class="card">
          <h2>{say('purchase.awards')}</h2>
          <ul class="rows">
            {receipt.awards.map((award) => (
              <li key={award.rule}>
                <span>
                  {award.name}
                  {award.available_from && (
                    <small> {say('purchase.from', { day: club.day(award.available_from) })}</small>
                  )}
                </span>
                <strong>
                  <bdi dir="ltr">{club.change(award.points)}</bdi>
                </strong>
              </li>
            ))}
          </ul>
        </section>
      )}
      {receipt.returns.length > 0 && (
        <section class="card">
          <h2>{say('purchase.returns')}</h2>
          <ul class="rows">
            {receipt.returns.map((back) => (
              <li key={back.number}>
                <span>{club.day(back.at)}</span>
                <span>
                  {say('purchase.returned', {
                    money: club.price(back.money),
                    points: club.points(back.points_taken),
                  })}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Line({ line }: { line: ReceiptLine }) {
  const club = useClub()
  return (
    <li>
      <span>
        <bdi dir="ltr">{line.sku}</bdi>
        {line.quantity > 1 && ` × ${club.number(line.quantity)}`}
        {line.returned > 0 && <small> {say('purchase.line_returned', line.returned)}</small>}
      </span>
      <span>{club.price(line.price)}</span>
    </li>
  )
}
