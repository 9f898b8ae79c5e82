/** Keeping a member out, and letting them in again. */

import { data } from '@clubkeeper/shared'
import { Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { api, queries, useSending } from '../api.ts'
import { Ask } from '../Ask.tsx'
import { about, useClub } from '../club.tsx'
import { Reason } from '../Reason.tsx'
import { say } from '../spoken.ts'

interface SuspendProps {
  member: string
  lift: boolean
  onClose: () => void
}

export function Suspend({ member, lift, onClose }: SuspendProps): ReactNode {
  const club = useClub()
  const notify = useNotify()
  const [reason, setReason] = useState('')
  const sending = useSending()

  async function change(): Promise<void> {
    const status: 'active' | 'suspended' = lift ? 'active' : 'suspended'
    const body = { status, reason: reason.trim() }
    const path = { program: club.id, member }
    const done = await sending.send(body, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return data(api.POST('/v1/staff/programs/{program}/members/{member}/status', { params, body }))
    })
    if (!done) return
    notify(say(lift ? 'suspend.lifted' : 'suspend.done'), { type: 'success' })
    void queries.invalidateQueries({ queryKey: about(club.id, member) })
    onClose()
  }

  return (
    <Ask
      title={say(lift ? 'suspend.lift_title' : 'suspend.title')}
      verb={say(lift ? 'suspend.lift' : 'suspend.open')}
      danger={!lift}
      sending={sending}
      onSend={() => void change()}
      onClose={onClose}
    >
      <Typography>{say(lift ? 'suspend.lift_means' : 'suspend.means')}</Typography>
      <Reason
        value={reason}
        onChange={setReason}
        wrong={sending.wrong('reason')}
        help={say('suspend.reason_help')}
      />
    </Ask>
  )
}
