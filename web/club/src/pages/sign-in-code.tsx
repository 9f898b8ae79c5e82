import {
  data,
  type CodeSent,
  type Problem,
  type SessionTokens,
  type SignInBody,
} from '@clubkeeper/shared'
import { useMutation } from '@tanstack/preact-query'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../api.ts'
import { sentence } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'
import { useCode, type Asked } from './sign-in-address.tsx'

/** What is wrong with the code itself, or with how often codes were tried. */
const ABOUT_CODE = [
  'wrong_one_time_code',
  'one_time_code_expired',
  'too_many_wrong_one_time_codes',
  'one_time_codes_paused',
]

/** Gives a code back, perhaps with the wish to join; the refresh token stays in a cookie. */
export function useEnter(onEntered: (tokens: SessionTokens) => void) {
  const club = useClub()
  return useMutation<SessionTokens, Problem, Omit<SignInBody, 'cookie'>>({
    mutationFn: (given) => {
      const params = { path: { program: club.id } }
      const body = { ...given, cookie: true }
      return data(api.POST('/v1/programs/{program}/sessions', { params, body }))
    },
    onSuccess: onEntered,
  })
}

interface Props {
  asked: Asked
  sent: CodeSent
  /** Another code was sent. */
  onSent: (sent: CodeSent) => void
  onBack: () => void
  /** The code is right, and its address nobody's yet. */
  onStranger: (code: string) => void
  onEntered: (tokens: SessionTokens) => void
}

/** Second step: the code that was sent. */
export function EnterCode({ asked, sent, onSent, onBack, onStranger, onEntered }: Props) {
  const [code, setCode] = useState('')
  const enter = useEnter(onEntered)
  const another = useCode((_, fresh) => {
    setCode('')
    enter.reset()
    announce(say('code.sent_again'))
    onSent(fresh)
  })
  const give = () =>
    enter.mutate(
      { challenge: sent.challenge, one_time_code: code },
      {
        onError: (problem) => {
          if (problem.code === 'membership_needed') onStranger(code)
        },
      },
    )
  const refused = enter.error?.code === 'membership_needed' ? null : enter.error
  const short = refused?.fields['/one_time_code']
  const wrong = short ?? (refused && ABOUT_CODE.includes(refused.code) ? sentence(refused) : '')
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        give()
      }}
    >
      <p role="status">
        {say('code.sent')} <bdi dir="ltr">{asked.address.trim()}</bdi>
      </p>
      <TextField
        label={say('code.label')}
        hint={say('code.hint')}
        error={wrong || undefined}
        value={code}
        onValue={(written) => setCode(written.replace(/\D/g, '').slice(0, 6))}
        inputMode="numeric"
        autocomplete="one-time-code"
        class="code"
        dir="ltr"
        autoFocus
        required
      />
      {refused && !wrong && <Trouble problem={refused} />}
      <button type="submit" aria-busy={enter.isPending} disabled={enter.isPending}>
        {say('code.enter')}
      </button>
      <Again
        key={sent.challenge}
        seconds={sent.resend_after}
        busy={another.isPending}
        onAgain={() => another.mutate(asked)}
      />
      {another.error && <Trouble problem={another.error} />}
      <button type="button" class="outline secondary" onClick={onBack}>
        {say('code.back')}
      </button>
    </form>
  )
}

interface AgainProps {
  seconds: number
  busy: boolean
  onAgain: () => void
}

/** Asks for another code, once it is worth asking. */
function Again({ seconds, busy, onAgain }: AgainProps) {
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const until = Date.now() + seconds * 1000
    const tick = setInterval(() => setLeft(Math.ceil((until - Date.now()) / 1000)), 1000)
    return () => clearInterval(tick)
  }, [seconds])
  if (left > 0) return <p class="quiet">{say('code.wait', left)}</p>
  return (
    <button type="button" class="secondary" aria-busy={busy} onClick={onAgain}>
      {say('code.again')}
    </button>
  )
}
