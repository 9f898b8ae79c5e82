/** Taking up an invitation: a password and a second factor. */

import { data, type EnrolmentView } from '@clubkeeper/shared'
import { Alert, Box, Button, Link, Stack, TextField, Typography } from '@mui/material'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { api, sentence, useSending } from './api.ts'
import { CodeField } from './CodeField.tsx'
import { Gate } from './frame.tsx'
import { Code } from './parts.tsx'
import { knowsPasskeys, makePasskey } from './passkey.ts'
import { say } from './spoken.ts'

/** 128 random bits: they bind the offered factor to this very page. */
function nonce(): string {
  const bits = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bits, (each) => each.toString(16).padStart(2, '0')).join('')
}

export function Invitation(): ReactNode {
  const [mine] = useState(nonce)
  const [code, setCode] = useState('')
  const [offer, setOffer] = useState<EnrolmentView | null>(null)
  const [done, setDone] = useState(false)
  const { busy, refused, wrong, send } = useSending()

  function read(event: FormEvent): void {
    event.preventDefault()
    const body = { invitation: code.trim(), nonce: mine }
    void send(body, async () => setOffer(await data(api.POST('/v1/staff-enrolments', { body }))))
  }

  if (done) {
    return (
      <Gate title={say('invitation.done')}>
        <Stack spacing={2}>
          <Alert severity="success">{say('invitation.ready')}</Alert>
          <Button variant="contained" component={To} to="/console/">
            {say('shared.sign_in')}
          </Button>
        </Stack>
      </Gate>
    )
  }
  if (offer) {
    return (
      <Gate title={say('invitation.welcome')}>
        <Enrol invitation={code.trim()} nonce={mine} view={offer} onDone={() => setDone(true)} />
      </Gate>
    )
  }
  return (
    <Gate title={say('invitation.title')}>
      <Stack component="form" spacing={2} onSubmit={read}>
        {refused && <Alert severity="error">{sentence(refused)}</Alert>}
        <TextField
          label={say('invitation.code')}
          helperText={wrong('invitation') ?? say('invitation.code_help')}
          error={!!wrong('invitation')}
          value={code}
          onChange={(event) => setCode(event.target.value)}
          required
          autoFocus
          autoComplete="off"
          slotProps={{ htmlInput: { dir: 'ltr', maxLength: 64 } }}
        />
        <Button type="submit" variant="contained" size="large" loading={busy}>
          {say('sign_in.next')}
        </Button>
        <Link component={To} to="/console/">
          {say('shared.sign_in')}
        </Link>
      </Stack>
    </Gate>
  )
}

interface EnrolProps {
  invitation: string
  nonce: string
  view: EnrolmentView
  onDone: () => void
}

function Enrol({ invitation, nonce, view, onDone }: EnrolProps): ReactNode {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [shy, setShy] = useState(false)
  const { busy, refused, wrong, send } = useSending()
  const { totp, passkey } = view.offer

  async function complete(proof: object): Promise<void> {
    const body = { invitation, nonce, password, ...proof }
    const sent = () => data(api.POST('/v1/staff-enrolments/completion', { body }))
    if (await send(body, sent)) onDone()
  }

  async function byPasskey(): Promise<void> {
    setShy(false)
    try {
      await complete({ passkey: await makePasskey(passkey) })
    } catch {
      setShy(true)
    }
  }

  function byCode(event: FormEvent): void {
    event.preventDefault()
    void complete({ totp_code: code })
  }

  return (
    <Stack component="form" spacing={2} onSubmit={byCode}>
      <Typography>
        <bdi>{view.name}</bdi>
        <br />
        <Code>{view.email}</Code>
      </Typography>
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
      {shy && <Alert severity="warning">{say('sign_in.passkey_refused')}</Alert>}
      <input type="hidden" name="username" autoComplete="username" value={view.email} readOnly />
      <TextField
        label={say('invitation.password')}
        helperText={wrong('password') ?? say('invitation.password_help')}
        error={!!wrong('password')}
        type="password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        required
        slotProps={{ htmlInput: { dir: 'ltr', minLength: 12, maxLength: 128 } }}
      />
      <Typography variant="h2">{say('invitation.app')}</Typography>
      <Typography color="text.secondary">{say('invitation.app_help')}</Typography>
      <Box
        component="img"
        alt={say('invitation.qr')}
        src={`data:image/svg+xml,${encodeURIComponent(totp.qr_svg)}`}
        sx={{ width: 180, height: 180, alignSelf: 'center', bgcolor: '#fff' }}
      />
      <Typography sx={{ textAlign: 'center', overflowWrap: 'anywhere' }}>
        <bdi dir="ltr">{totp.secret}</bdi>
      </Typography>
      <CodeField code={code} onCode={setCode} wrong={wrong('totp_code')} />
      <Button type="submit" variant="contained" size="large" loading={busy}>
        {say('invitation.take')}
      </Button>
      {knowsPasskeys && (
        <Button
          variant="outlined"
          size="large"
          disabled={password.length < 12}
          loading={busy}
          onClick={() => void byPasskey()}
        >
          {say('invitation.by_passkey')}
        </Button>
      )}
    </Stack>
  )
}
