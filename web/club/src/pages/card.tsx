import { data } from '@clubkeeper/shared'
import { api } from '../api.ts'
import { useMe, useMine } from '../data.ts'
import { spaced, useClub } from '../parts/club.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

/** Milliseconds after which the code is a new one: the till takes it for five minutes. */
const RENEWED_MS = 4 * 60 * 1000

/** What a member shows at the till: a code that changes, and the number of their card. */
export default function CardPage() {
  const club = useClub()
  const me = useMe()
  const code = useMine('app-code', () => data(api.GET('/v1/me/app-code')), {
    staleTime: 0,
    refetchInterval: RENEWED_MS,
  })
  return (
    <Page title={say('card.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      <p>{say('card.lead')}</p>
      <Loaded query={code}>
        {(got) => (
          <figure class="card qr">
            <img
              src={`data:image/svg+xml,${encodeURIComponent(got.qr)}`}
              alt={say('card.qr')}
            />
            <figcaption>
              <code dir="ltr">{got.app_code}</code>
            </figcaption>
          </figure>
        )}
      </Loaded>
      <Loaded query={me}>
        {(got) => (
          <p>
            {say('profile.card')}: <strong dir="ltr">{spaced(got.card_number)}</strong>
          </p>
        )}
      </Loaded>
    </Page>
  )
}
