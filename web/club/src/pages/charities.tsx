import { data, type CharityView, type DonationView } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useAccount, useCharities, useOptions, useRows } from '../data.ts'
import { useAct, useWish } from '../parts/act.tsx'
import { Closed } from '../parts/closed.tsx'
import { useClub } from '../parts/club.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Choice, TextField } from '../parts/fields.tsx'
import { Loaded, Rows, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

const PAGE = 20

/** Points for charities, and what the member has given. */
export default function CharitiesPage() {
  const club = useClub()
  const charities = useCharities()
  const standing = useOptions()('donations')
  return (
    <Page title={say('charities.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      <p>{say('charities.lead')}</p>
      {standing?.open === false && <Closed option="donations" standing={standing} />}
      <Loaded query={charities}>
        {(got) =>
          got.length === 0 ? (
            <p class="empty">{say('charities.none')}</p>
          ) : (
            standing?.open && <Give charities={got} />
          )
        }
      </Loaded>
      <Given />
    </Page>
  )
}

function Give({ charities }: { charities: CharityView[] }) {
  const club = useClub()
  const account = useAccount()
  const wish = useWish()
  const [to, setTo] = useState(charities[0]?.to ?? '')
  const [points, setPoints] = useState('')
  const [asked, setAsked] = useState(false)
  const wanted = Number.parseInt(points, 10) || 0
  const give = useAct(
    () => {
      const body = { to, points: wanted }
      const params = { header: wish.header(body) }
      return data(api.POST('/v1/me/donations', { params, body }))
    },
    (got) => {
      wish.done()
      announce(say('charities.given', { points: club.points(got.points) }))
      setPoints('')
      setAsked(false)
    },
  )
  const wrong = give.error?.fields['/points']
  if (asked && !wrong) {
    const name = charities.find((one) => one.to === to)?.name ?? ''
    return (
      <Confirm
        title={say('charities.sure', { points: club.points(wanted), name })}
        yes={say('charities.give', { points: club.points(wanted) })}
        busy={give.isPending}
        onYes={() => give.mutate(undefined)}
        onNo={() => setAsked(false)}
      >
        {give.error && <Trouble problem={give.error} />}
      </Confirm>
    )
  }
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault()
        give.reset()
        setAsked(true)
      }}
    >
      <Choice
        label={say('charities.to')}
        value={to}
        values={charities.map((one) => [one.to, one.name] as const)}
        onValue={setTo}
      />
      <TextField
        label={say('charities.points')}
        hint={
          account.data &&
          say('charities.available', { available: club.points(account.data.available) })
        }
        error={wrong}
        value={points}
        onValue={setPoints}
        type="number"
        inputMode="numeric"
        min={1}
        required
      />
      <button type="submit">{say('charities.next')}</button>
    </form>
  )
}

function Given() {
  const club = useClub()
  const list = useRows<DonationView>('donations', (cursor) =>
    data(api.GET('/v1/me/donations', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <section>
      <h2>{say('charities.mine')}</h2>
      <Rows list={list} empty={say('charities.empty')}>
        {(rows) => (
          <ul class="rows">
            {rows.map((row) => (
              <li key={row.donation}>
                <span>
                  <bdi>{row.name}</bdi> <span class="quiet">{club.day(row.at)}</span>
                </span>
                <strong>{club.points(row.points)}</strong>
              </li>
            ))}
          </ul>
        )}
      </Rows>
    </section>
  )
}
