/** Adding or taking points by hand; above the club's limit a second person is asked. */

import { data } from '@clubkeeper/shared'
import { Alert, Button, TextField } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { api, queries, sentence, useSending } from '../api.ts'
import { Ask } from '../Ask.tsx'
import { about, useClub } from '../club.tsx'
import { Reason } from '../Reason.tsx'
import { say } from '../spoken.ts'

interface AdjustProps {
  member: string
  onClose: () => void
}

/** A whole number as people type it: with spaces, and with any of the minus signs. */
function whole(text: string): number {
  const plain = text.replaceAll(/[\s\u200e\u200f\u00a0\u202f]/g, '').replaceAll(/[−–]/g, '-')
  return /^[+-]?\d{1,10}$/.test(plain) ? Number(plain) : NaN
}

export function Adjust({ member, onClose }: AdjustProps): ReactNode {
  const club = useClub()
  const notify = useNotify()
  const [points, setPoints] = useState('')
  const [reason, setReason] = useState('')
  const [odd, setOdd] = useState(false)
  const sending = useSending()
  const asking = useSending()
  const path = { program: club.id, member }
  const tooMany = sending.refused?.code === 'approval_needed'

  function done(words: string): void {
    notify(words, { type: 'success' })
    void queries.invalidateQueries({ queryKey: about(club.id, member) })
    onClose()
  }

  async function adjust(): Promise<void> {
    const count = whole(points)
    setOdd(!count)
    if (!count) return
    const body = { points: count, reason: reason.trim() }
    const adjusted = await sending.send(body, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return data(
        api.POST('/v1/staff/programs/{program}/members/{member}/adjustments', { params, body }),
      )
    })
    if (adjusted) done(say('adjust.done'))
  }

  async function ask(): Promise<void> {
    const body = { points: whole(points), reason: reason.trim() }
    const asked = await asking.send(body, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return data(
        api.POST('/v1/staff/programs/{program}/members/{member}/adjustment-requests', {
          params,
          body,
        }),
      )
    })
    if (asked) {
      void queries.invalidateQueries({ queryKey: [club.id, 'approvals'] })
      done(say('adjust.asked'))
    }
  }

  const refusal = tooMany ? (
    <Alert
      severity={asking.refused ? 'error' : 'info'}
      action={
        <Button color="inherit" loading={asking.busy} onClick={() => void ask()}>
          {say('adjust.ask')}
        </Button>
      }
    >
      {sentence(asking.refused ?? sending.refused)}
    </Alert>
  ) : undefined

  return (
    <Ask
      title={say('adjust.title')}
      verb={say('adjust.do')}
      sending={sending}
      refusal={refusal}
      onSend={() => void adjust()}
      onClose={onClose}
    >
      <TextField
        label={say('adjust.points')}
        value={points}
        onChange={(event) => {
          setPoints(event.target.value)
          sending.forget()
        }}
        error={odd || !!sending.wrong('points')}
        helperText={sending.wrong('points') ?? say(odd ? 'adjust.odd' : 'adjust.points_help')}
        required
        autoFocus
        autoComplete="off"
        slotProps={{ htmlInput: { inputMode: 'text', dir: 'ltr', maxLength: 16 } }}
      />
      <Reason value={reason} onChange={setReason} wrong={sending.wrong('reason')} />
    </Ask>
  )
}
