/** Signing in: the password, then a second factor. */

import { data, type SignInTicket } from '@clubkeeper/shared'
import { Alert, Button, Link, Stack, TextField, Typography } from '@mui/material'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { api, sentence, session, useSending } from './api.ts'
import { CodeField } from './CodeField.tsx'
import { Gate } from './frame.tsx'
import { askPasskey, knowsPasskeys } from './passkey.ts'
import { say } from './spoken.ts'

export function SignIn(): ReactNode {
  const [email, setEmail] = useState('')
  const [ticket, setTicket] = useState<SignInTicket | null>(null)
  const [ended, setEnded] = useState('')
  return (
    <Gate title={say('sign_in.title')}>
      {ticket ? (
        <Second
          email={email}
          ticket={ticket}
          onBack={(why) => {
            setEnded(why)
            setTicket(null)
          }}
        />
      ) : (
        <First email={email} setEmail={setEmail} ended={ended} onTicket={setTicket} />
      )}
    </Gate>
  )
}

interface FirstProps {
  email: string
  setEmail: (email: string) => void
  /** Why a sign-in has to start over; empty: it does not. */
  ended: string
  onTicket: (ticket: SignInTicket) => void
}

function First({ email, setEmail, ended, onTicket }: FirstProps): ReactNode {
  const [password, setPassword] = useState('')
  const { busy, refused, wrong, send } = useSending()

  function begin(event: FormEvent): void {
    event.preventDefault()
    const body = { email, password }
    void send(body, async (key) => {
      const params = { header: { 'Idempotency-Key': key } }
      onTicket(await data(api.POST('/v1/staff-sign-in', { params, body })))
    })
  }

  return (
    <Stack component="form" onSubmit={begin} spacing={2}>
      {ended && <Alert severity="warning">{ended}</Alert>}
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
      <TextField
        label={say('sign_in.email')}
        type="email"
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        autoComplete="username"
        required
        autoFocus
        error={!!wrong('email')}
        helperText={wrong('email')}
        slotProps={{ htmlInput: { dir: 'ltr' } }}
      />
      <TextField
        label={say('sign_in.password')}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        required
        error={!!wrong('password')}
        helperText={wrong('password')}
        slotProps={{ htmlInput: { dir: 'ltr' } }}
      />
      <Button type="submit" variant="contained" size="large" loading={busy}>
        {say('sign_in.next')}
      </Button>
      <Link component={To} to="/console/invitation">
        {say('sign_in.invited')}
      </Link>
    </Stack>
  )
}

interface SecondProps {
  email: string
  ticket: SignInTicket
  onBack: (why: string) => void
}

function Second({ email, ticket, onBack }: SecondProps): ReactNode {
  const [code, setCode] = useState('')
  const [shy, setShy] = useState(false)
  const { busy, refused, wrong, send } = useSending()
  const passkey = knowsPasskeys ? ticket.passkey : null

  function complete(proof: object): Promise<boolean> {
    const body = { ticket: ticket.ticket, cookie: true, ...proof }
    return send(body, async () => session.open(await data(api.POST('/v1/staff-sessions', { body }))))
  }

  async function byCode(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!(await complete({ totp_code: code }))) setCode('')
  }

  async function byPasskey(): Promise<void> {
    if (!passkey) return
    setShy(false)
    try {
      await complete({ passkey: await askPasskey(passkey) })
    } catch {
      setShy(true)
    }
  }

  if (refused?.code === 'ticket_expired') {
    return (
      <Stack spacing={2}>
        <Alert severity="warning">{sentence(refused)}</Alert>
        <Button variant="contained" onClick={() => onBack('')}>
          {say('sign_in.again')}
        </Button>
      </Stack>
    )
  }
  return (
    <Stack spacing={2}>
      <Typography color="text.secondary">
        <bdi>{email}</bdi>
      </Typography>
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
      {shy && <Alert severity="warning">{say('sign_in.passkey_refused')}</Alert>}
      {passkey && (
        <Button variant="contained" size="large" loading={busy} onClick={() => void byPasskey()}>
          {say('sign_in.by_passkey')}
        </Button>
      )}
      {ticket.factors.includes('totp') && (
        <Stack component="form" spacing={2} onSubmit={(event) => void byCode(event)}>
          <CodeField code={code} onCode={setCode} wrong={wrong('totp_code')} autoFocus />
          <Button
            type="submit"
            variant={passkey ? 'outlined' : 'contained'}
            size="large"
            loading={busy}
          >
            {say('shared.sign_in')}
          </Button>
        </Stack>
      )}
      <Button onClick={() => onBack('')}>{say('sign_in.other')}</Button>
    </Stack>
  )
}
