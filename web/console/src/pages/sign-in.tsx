/** Signing in: e-mail address and password, then the code of the authenticator app. */

import { data, intent, Problem, type SignInTicket } from '@clubkeeper/shared'
import { Alert, Button, Card, CardContent, Stack, TextField, Typography } from '@mui/material'
import { useState, type FormEvent } from 'react'
import { useLogin, useTranslate } from 'react-admin'
import { api, session } from '../api.ts'

export function SignInPage() {
  const say = useTranslate()
  const enter = useLogin()
  const [ticket, setTicket] = useState<SignInTicket | null>(null)
  const [refused, setRefused] = useState('')
  const [key, setKey] = useState(intent)

  const first = async (form: FormData): Promise<void> => {
    const body = { email: String(form.get('email')), password: String(form.get('password')) }
    const params = { header: { 'Idempotency-Key': key } }
    setTicket(await data(api.POST('/v1/staff-sign-in', { body, params })))
  }
  const second = async (form: FormData, given: SignInTicket): Promise<void> => {
    const body = { ticket: given.ticket, totp_code: String(form.get('code')), cookie: true }
    session.open(await data(api.POST('/v1/staff-sessions', { body })))
    await enter({})
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setRefused('')
    ;(ticket ? second(form, ticket) : first(form)).catch((fault: unknown) => {
      setKey(intent())
      const why = fault instanceof Problem ? fault.message : ''
      setRefused(why || say('shared.unreadable'))
    })
  }
  return (
    <Stack component="main" sx={{ minHeight: '100vh', placeItems: 'center', pt: 8 }}>
      <Card sx={{ width: 'min(24rem, 100%)' }}>
        <CardContent>
          <Stack component="form" onSubmit={submit} spacing={2}>
            <Typography component="h1" variant="h5">
              {say('console.title')}
            </Typography>
            {refused && <Alert severity="error">{refused}</Alert>}
            {ticket ? (
              <TextField name="code" label={say('console.code')} required autoFocus />
            ) : (
              <>
                <TextField name="email" type="email" label={say('console.email')} required />
                <TextField
                  name="password"
                  type="password"
                  label={say('console.password')}
                  required
                />
              </>
            )}
            <Button type="submit" variant="contained">
              {say('shared.sign_in')}
            </Button>
          </Stack>
        </CardContent>
      </Card>
    </Stack>
  )
}
