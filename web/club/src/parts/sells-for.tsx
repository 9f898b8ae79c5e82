import { data, type MySellerView, type SellsForRow } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useMine } from '../data.ts'
import { say } from '../words.ts'
import { useAct } from './act.tsx'
import { Choice } from './fields.tsx'
import { Loaded, Trouble } from './loaded.tsx'
import { announce } from './said.tsx'

/** For which partner a seller sells: what the club confirmed, what waits for its call, a new wish. */
export function SellsFor() {
  const seller = useMine('seller', () => data(api.GET('/v1/me/seller')))
  const partners = usePlaces('')
  return (
    <section class="card">
      <h2>{say('seller.title')}</h2>
      <Loaded query={seller}>
        {(got) => (
          <Loaded query={partners}>
            {(rows) => (
              <>
                <Standing seller={got} partners={rows} />
                {rows.length > 0 ? <Ask partners={rows} /> : <p>{say('seller.none')}</p>}
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </section>
  )
}

/** Partners, or the outlets of one; all pages of them. */
function usePlaces(partner: string) {
  return useMine<SellsForRow[]>(`places ${partner}`, async () => {
    const rows: SellsForRow[] = []
    let cursor = ''
    do {
      const query = { partner, cursor }
      const page = await data(api.GET('/v1/me/seller/places', { params: { query } }))
      rows.push(...page.rows)
      cursor = page.next
    } while (cursor)
    return rows
  })
}

interface StandingProps {
  seller: MySellerView
  partners: SellsForRow[]
}

function Standing({ seller, partners }: StandingProps) {
  const named = (partner: string) =>
    partners.find((row) => row.partner === partner)?.name ?? partner
  return (
    <>
      {seller.sells_for && (
        <p>{say('seller.confirmed', { partner: named(seller.sells_for.partner) })}</p>
      )}
      {seller.asked && <p>{say('seller.waiting', { partner: named(seller.asked.partner) })}</p>}
      {seller.refusal && <p>{say('seller.refused', { reason: seller.refusal })}</p>}
      {seller.status === 'none' && <p>{say('seller.lead')}</p>}
    </>
  )
}

function Ask({ partners }: { partners: SellsForRow[] }) {
  const [partner, setPartner] = useState(partners[0]?.partner ?? '')
  const [outlet, setOutlet] = useState('')
  const outlets = usePlaces(partner)
  const ask = useAct<undefined, MySellerView>(
    () => data(api.PUT('/v1/me/seller', { body: { partner, outlet: outlet || null } })),
    () => announce(say('seller.asked')),
  )
  const places = (outlets.data ?? []).map((row) => {
    const name = row.city ? `${row.name}, ${row.city}` : row.name
    return [row.outlet ?? '', name] as const
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate(undefined)
      }}
    >
      <Choice
        label={say('seller.partner')}
        value={partner}
        values={partners.map((row) => [row.partner, row.name] as const)}
        onValue={(wanted) => {
          setPartner(wanted)
          setOutlet('')
        }}
      />
      <Choice
        label={say('seller.outlet')}
        value={outlet}
        values={[['', say('seller.any')], ...places]}
        onValue={setOutlet}
      />
      {ask.error && <Trouble problem={ask.error} />}
      <button type="submit" aria-busy={ask.isPending} disabled={ask.isPending}>
        {say('seller.ask')}
      </button>
    </form>
  )
}
