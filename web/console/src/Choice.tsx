/** Which program to work in, and invitations to further ones. */

import { data, type GrantView, type PendingView } from '@clubkeeper/shared'
import { Alert, Button, Divider, Link, Stack, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { api, queries, sentence, signOut, useSending } from './api.ts'
import { useMe, useProgram } from './club.tsx'
import { Gate } from './frame.tsx'
import { Code, Quiet, Shown } from './parts.tsx'
import { say } from './spoken.ts'

export function Choice(): ReactNode {
  const me = useMe()
  return (
    <Gate title={say('choice.title')}>
      <Shown of={me}>
        {({ programs, invitations }) => (
          <Stack spacing={2}>
            {programs.length === 0 && <Quiet>{say('choice.none')}</Quiet>}
            {programs.map((each) => (
              <Program key={each.program} grant={each} />
            ))}
            {invitations.map((each) => (
              <Invited key={each.pending} pending={each} />
            ))}
            <Divider />
            <Button onClick={() => void signOut()}>{say('shared.sign_out')}</Button>
          </Stack>
        )}
      </Shown>
    </Gate>
  )
}

function Program({ grant }: { grant: GrantView }): ReactNode {
  const told = useProgram(grant.program)
  return (
    <div>
      <Link component={To} to={`/console/c/${grant.program}/`} sx={{ fontSize: '1.1rem' }}>
        <bdi>{told.data?.name ?? grant.program}</bdi>
      </Link>
      <Quiet>
        <Code>{grant.program}</Code>
      </Quiet>
    </div>
  )
}

function Invited({ pending }: { pending: PendingView }): ReactNode {
  const { busy, refused, send } = useSending()
  const path = { pending: pending.pending }

  async function answer(accepted: boolean): Promise<void> {
    const done = await send({ accepted }, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return accepted
        ? data(api.POST('/v1/staff/me/invitations/{pending}/acceptance', { params }))
        : data(api.DELETE('/v1/staff/me/invitations/{pending}', { params }))
    })
    if (done) await queries.invalidateQueries({ queryKey: ['me'] })
  }

  return (
    <Stack spacing={1}>
      <Typography>
        {say('choice.invited')} <bdi>{pending.name}</bdi>
      </Typography>
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
      <Stack direction="row" spacing={1}>
        <Button variant="contained" loading={busy} onClick={() => void answer(true)}>
          {say('choice.accept')}
        </Button>
        <Button loading={busy} onClick={() => void answer(false)}>
          {say('choice.decline')}
        </Button>
      </Stack>
    </Stack>
  )
}
