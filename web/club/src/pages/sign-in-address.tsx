import { data, type CodeSent, type Problem } from '@clubkeeper/shared'
import { useMutation } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import { api, session } from '../api.ts'
import { sentence } from '../data.ts'
import { useWish } from '../parts/act.tsx'
import { useClub } from '../parts/club.tsx'
import { Radios, TextField } from '../parts/fields.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { say } from '../words.ts'

/** Where a code was asked for. */
export interface Asked {
  channel: 'sms' | 'email'
  address: string
}

/** Asks for a code; the same wish again, after a lost answer, sends no second message. */
export function useCode(onSent: (asked: Asked, sent: CodeSent) => void) {
  const club = useClub()
  const wish = useWish()
  return useMutation<CodeSent, Problem, Asked>({
    mutationFn: (asked) => {
      const body = { channel: asked.channel, address: asked.address.trim() }
      const params = { path: { program: club.id }, header: wish.header(body) }
      return data(api.POST('/v1/programs/{program}/sign-in-codes', { params, body }))
    },
    onSuccess: (sent, asked) => {
      wish.done()
      onSent(asked, sent)
    },
  })
}

interface Props {
  /** Why the way begins anew. */
  told?: string | undefined
  onSent: (asked: Asked, sent: CodeSent) => void
}

/** First step: a phone number or an e-mail address. */
export function AskAddress({ told, onSent }: Props) {
  const club = useClub()
  const [channel, setChannel] = useState<Asked['channel']>('sms')
  const [address, setAddress] = useState('')
  const code = useCode(onSent)
  const wrong = code.error?.fields['/address']
  const elsewhere = session.given && session.given.member.program !== club.id
  const phone = channel === 'sms'
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        code.mutate({ channel, address })
      }}
    >
      <p>{say('sign_in.lead')}</p>
      {told && (
        <p class="notice warn" role="alert">
          {told}
        </p>
      )}
      {elsewhere && <p class="notice">{say('sign_in.elsewhere')}</p>}
      <Radios
        label={say('sign_in.way')}
        value={channel}
        values={[
          ['sms', say('sign_in.sms')],
          ['email', say('sign_in.email')],
        ]}
        onValue={(wanted) => {
          setChannel(wanted)
          setAddress('')
          code.reset()
        }}
      />
      <TextField
        key={channel}
        label={say(phone ? 'sign_in.phone' : 'sign_in.address')}
        hint={phone ? say('sign_in.phone.hint') : undefined}
        error={wrong ?? (code.error?.status === 429 ? sentence(code.error) : undefined)}
        value={address}
        onValue={setAddress}
        type={phone ? 'tel' : 'email'}
        inputMode={phone ? 'tel' : 'email'}
        autocomplete={phone ? 'tel' : 'email'}
        dir="ltr"
        required
      />
      {code.error && !wrong && code.error.status !== 429 && <Trouble problem={code.error} />}
      <button type="submit" aria-busy={code.isPending} disabled={code.isPending}>
        {say('sign_in.send')}
      </button>
    </form>
  )
}
