import { data, type CodeSent, type MeView } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { sentence, useMe } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { spaced } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'
import { useCode, type Asked } from './sign-in-address.tsx'

const CHANNELS = ['sms', 'email'] as const

/** The addresses by which the member signs in. */
export function Contacts() {
  const me = useMe()
  return (
    <section class="card">
      <h2>{say('profile.contacts')}</h2>
      <Loaded query={me}>
        {(got) => (
          <>
            {CHANNELS.map((channel) => (
              <Contact key={channel} channel={channel} me={got} />
            ))}
            <dl class="facts">
              <div>
                <dt>{say('profile.card')}</dt>
                <dd>
                  <bdi dir="ltr">{spaced(got.card_number)}</bdi>
                </dd>
              </div>
            </dl>
          </>
        )}
      </Loaded>
    </section>
  )
}

interface Props {
  channel: Asked['channel']
  me: MeView
}

/** One address, and the way to another: a code that is sent there. */
function Contact({ channel, me }: Props) {
  const [state, setState] = useState<'shown' | 'asked' | 'sent'>('shown')
  const [address, setAddress] = useState('')
  const [sent, setSent] = useState<CodeSent | null>(null)
  const [code, setCode] = useState('')
  const phone = channel === 'sms'
  const current = phone ? me.phone : me.email
  const send = useCode((_, got) => {
    setSent(got)
    setCode('')
    setState('sent')
  })
  const change = useAct(
    () => {
      const body = { challenge: sent?.challenge ?? '', one_time_code: code }
      return data(api.POST('/v1/me/contacts', { body }))
    },
    () => {
      announce(say('contact.changed'))
      setState('shown')
    },
  )
  if (state === 'shown') {
    return (
      <p class="contact">
        <span>
          {say(phone ? 'sign_in.phone' : 'sign_in.address')}
          <br />
          <bdi dir={current ? 'ltr' : undefined}>{current ?? say('contact.none')}</bdi>
        </span>
        <button type="button" class="outline secondary" onClick={() => setState('asked')}>
          {say(current ? 'contact.change' : 'contact.add')}
        </button>
      </p>
    )
  }
  const wrong = state === 'asked' ? send.error : change.error
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (state === 'asked') send.mutate({ channel, address })
        else change.mutate(undefined)
      }}
    >
      {state === 'asked' ? (
        <TextField
          key="address"
          label={say(phone ? 'contact.new_phone' : 'contact.new_email')}
          hint={phone ? say('sign_in.phone.hint') : undefined}
          error={send.error?.fields['/address']}
          value={address}
          onValue={setAddress}
          type={phone ? 'tel' : 'email'}
          dir="ltr"
        />
      ) : (
        <TextField
          key="code"
          label={say('code.label')}
          hint={say('code.hint')}
          error={change.error ? sentence(change.error) : undefined}
          value={code}
          onValue={(written) => setCode(written.replace(/\D/g, '').slice(0, 6))}
          inputMode="numeric"
          autocomplete="one-time-code"
          class="code"
          dir="ltr"
        />
      )}
      {wrong && state === 'asked' && !wrong.fields['/address'] && <Trouble problem={wrong} />}
      <button type="submit" aria-busy={send.isPending || change.isPending}>
        {say(state === 'asked' ? 'sign_in.send' : 'code.enter')}
      </button>
      <button type="button" class="outline secondary" onClick={() => setState('shown')}>
        {say('shared.cancel')}
      </button>
    </form>
  )
}
