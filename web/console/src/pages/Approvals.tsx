/** Corrections that need a second person: what waits, and what became of the others. */

import { data, type RequestView } from '@clubkeeper/shared'
import { Alert, Box, Button, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { api, queries, sentence, useSending } from '../api.ts'
import { Ask } from '../Ask.tsx'
import { about, Change, Needs, useClub } from '../club.tsx'
import { Growing, useFilter, usePages } from '../cursor.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { Facts, Heading, State, type Tone } from '../parts.tsx'
import { Pick } from '../Pick.tsx'
import { Reason } from '../Reason.tsx'
import { say } from '../spoken.ts'
import { Actor, MemberLink } from './words.tsx'

type RequestState = RequestView['state']
const STATES = ['waiting', 'approved', 'rejected', 'withdrawn'] as const
const TONES: Record<RequestState, Tone> = {
  waiting: 'warning',
  approved: 'success',
  rejected: 'error',
  withdrawn: 'default',
}
const ALL = 'all'

export function Approvals(): ReactNode {
  return (
    <Needs right="ledger.read">
      <List />
    </Needs>
  )
}

function List(): ReactNode {
  const { id } = useClub()
  const [filter, change] = useFilter(['state'])
  const [open, setOpen] = useState<Deciding | null>(null)
  const wanted = filter.state || 'waiting'
  const state: RequestState | '' = wanted === ALL ? '' : (wanted as RequestState)
  const requests = usePages([id, 'approvals', state], (cursor) => {
    const params = { path: { program: id }, query: { state, cursor, limit: 25 } }
    return data(api.GET('/v1/staff/programs/{program}/adjustment-requests', { params }))
  })
  const states = [...STATES, ALL] as const
  return (
    <>
      <Heading title={say('menu.approvals')} />
      <Box sx={{ mb: 2 }}>
        <Pick
          label={say('approvals.state')}
          value={wanted}
          options={states.map((each) => [each, say(`approvals.${each}`)])}
          onChange={(next) => change({ state: next })}
        />
      </Box>
      <Growing of={requests} empty={say('approvals.none')}>
        {(rows) => (
          <Grid
            name={say('menu.approvals')}
            rows={rows}
            id={(row) => row.approval}
            columns={columns((request, what) => setOpen({ request, what }))}
          />
        )}
      </Growing>
      {open && <Decide {...open} onClose={() => setOpen(null)} />}
    </>
  )
}

type What = 'approve' | 'reject'

interface Deciding {
  request: RequestView
  what: What
}

function columns(onDecide: (request: RequestView, what: What) => void): Column<RequestView>[] {
  return [
    { title: say('approvals.member'), show: (row) => <MemberLink of={row.member} /> },
    { title: say('history.points'), figures: true, show: (row) => <Change of={row.points} /> },
    { title: say('reason'), show: (row) => <bdi>{row.reason}</bdi> },
    { title: say('approvals.asked'), show: (row) => <By who={row.asked_by} at={row.asked_at} /> },
    { title: say('approvals.state'), show: (row) => <Ended of={row} /> },
    {
      title: say('actions'),
      show: (row) => row.state === 'waiting' && <Actions of={row} onDecide={onDecide} />,
    },
  ]
}

function By({ who, at }: { who: string; at: string }): ReactNode {
  const club = useClub()
  return (
    <>
      <Actor of={who} />
      <Typography variant="body2" color="text.secondary">
        {club.moment(at)}
      </Typography>
    </>
  )
}

function Ended({ of }: { of: RequestView }): ReactNode {
  return (
    <>
      <State tone={TONES[of.state]}>{say(`approvals.${of.state}`)}</State>
      {of.ended_by && of.ended_at && <By who={of.ended_by} at={of.ended_at} />}
      {of.ended_why && (
        <Typography variant="body2" sx={{ fontStyle: 'italic' }}>
          <bdi>{of.ended_why}</bdi>
        </Typography>
      )}
    </>
  )
}

interface ActionsProps {
  of: RequestView
  onDecide: (request: RequestView, what: What) => void
}

/** Whoever asked may only take it back; somebody else decides. */
function Actions({ of, onDecide }: ActionsProps): ReactNode {
  const { can, me } = useClub()
  if (of.asked_by === `staff:${me.staff}`) return can('ledger.adjust') && <Withdraw of={of} />
  if (!can('ledger.approve')) return null
  return (
    <Box sx={{ display: 'flex', gap: 1 }}>
      <Button size="small" variant="contained" onClick={() => onDecide(of, 'approve')}>
        {say('approvals.approve')}
      </Button>
      <Button size="small" color="error" onClick={() => onDecide(of, 'reject')}>
        {say('approvals.reject')}
      </Button>
    </Box>
  )
}

/** What changed is read anew: the requests, and the member whose points they are about. */
function changed(program: string, member: string): void {
  void queries.invalidateQueries({ queryKey: [program, 'approvals'] })
  void queries.invalidateQueries({ queryKey: about(program, member) })
}

function Withdraw({ of }: { of: RequestView }): ReactNode {
  const { id } = useClub()
  const notify = useNotify()
  const { busy, refused, send } = useSending()

  async function withdraw(): Promise<void> {
    const params = { path: { program: id, approval: of.approval } }
    const done = await send(of.approval, () =>
      data(
        api.POST('/v1/staff/programs/{program}/adjustment-requests/{approval}/withdrawal', {
          params,
        }),
      ),
    )
    if (!done) return
    notify(say('approvals.withdrew'), { type: 'success' })
    changed(id, of.member)
  }

  return (
    <>
      <Button size="small" loading={busy} onClick={() => void withdraw()}>
        {say('approvals.withdraw')}
      </Button>
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
    </>
  )
}

function Decide({ request, what, onClose }: Deciding & { onClose: () => void }): ReactNode {
  const { id } = useClub()
  const notify = useNotify()
  const [reason, setReason] = useState('')
  const sending = useSending()

  async function decide(): Promise<void> {
    const body = { decision: what, reason: reason.trim() }
    const params = { path: { program: id, approval: request.approval } }
    const done = await sending.send(body, () =>
      data(
        api.POST('/v1/staff/programs/{program}/adjustment-requests/{approval}/decision', {
          params,
          body,
        }),
      ),
    )
    if (!done) return
    notify(say(what === 'approve' ? 'approvals.approved_it' : 'approvals.rejected_it'), {
      type: 'success',
    })
    changed(id, request.member)
    onClose()
  }

  return (
    <Ask
      title={say(what === 'approve' ? 'approvals.approve_title' : 'approvals.reject_title')}
      verb={say(`approvals.${what}`)}
      danger={what === 'reject'}
      sending={sending}
      onSend={() => void decide()}
      onClose={onClose}
    >
      <Facts
        rows={[
          [say('approvals.member'), <MemberLink key="member" of={request.member} />],
          [say('history.points'), <Change key="points" of={request.points} />],
          [say('reason'), <bdi key="why">{request.reason}</bdi>],
          [say('approvals.asked'), <Actor key="who" of={request.asked_by} />],
        ]}
      />
      <Reason value={reason} onChange={setReason} wrong={sending.wrong('reason')} />
    </Ask>
  )
}
