import { data } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { sentence, useAccount, useMe } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { spaced, useClub } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { forgetMember } from '../parts/sign-out.tsx'
import { say } from '../words.ts'

/** Leaving the club: what it means, and the confirmation by the own card number. */
export default function LeavePage() {
  const club = useClub()
  const me = useMe()
  const account = useAccount()
  const { route } = useLocation()
  const [card, setCard] = useState('')
  const leave = useAct(
    () => data(api.DELETE('/v1/me', { body: { confirm: card.replace(/\s/g, '') } })),
    () => {
      route(club.at('/'))
      forgetMember()
      announce(say('leave.done'))
    },
  )
  const wrong = leave.error?.code === 'wrong_confirmation' ? sentence(leave.error) : undefined
  return (
    <Page
      title={say('leave.title')}
      back={{ href: club.at('/profile'), text: say('profile.title') }}
    >
      <p>{say('leave.means')}</p>
      <Loaded query={account}>
        {(got) => (
          <p class="notice warn">{say('leave.points', { points: club.points(got.balance) })}</p>
        )}
      </Loaded>
      <p>{say('leave.for_ever')}</p>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          leave.mutate(undefined)
        }}
      >
        <TextField
          label={say('leave.confirm')}
          hint={me.data && say('leave.card', { card: spaced(me.data.card_number) })}
          error={wrong ?? leave.error?.fields['/confirm']}
          value={card}
          onValue={setCard}
          inputMode="numeric"
          autocomplete="off"
          dir="ltr"
          required
        />
        {leave.error && !wrong && !leave.error.fields['/confirm'] && (
          <Trouble problem={leave.error} />
        )}
        <button type="submit" class="danger" aria-busy={leave.isPending}>
          {say('leave.leave')}
        </button>
      </form>
    </Page>
  )
}
