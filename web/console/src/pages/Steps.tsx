/** What can be done next with an order: confirm, hand over, post, note its arrival, cancel. */

import { data, type StaffOrderRow, type StaffOrderView } from '@clubkeeper/shared'
import { Alert, Box, Button, Checkbox, FormControlLabel, TextField, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { api, queries, sentence, useSending, type Sending } from '../api.ts'
import { Ask } from '../Ask.tsx'
import { about, useClub } from '../club.tsx'
import { Reason } from '../Reason.tsx'
import { say } from '../spoken.ts'

type Step = 'confirmation' | 'issue' | 'shipment' | 'correction' | 'delivery' | 'cancellation'
type Ordered = Pick<StaffOrderRow, 'number' | 'state' | 'way' | 'member' | 'name' | 'quantity'> &
  Partial<Pick<StaffOrderView, 'parcel'>>

/** What its state allows, the usual step first. */
function steps({ state, way }: Ordered): Step[] {
  if (state === 'placed') return ['confirmation', 'cancellation']
  if (state === 'confirmed') return [way === 'post' ? 'shipment' : 'issue', 'cancellation']
  if (state === 'shipped') return ['delivery', 'correction']
  return []
}

interface StepsProps {
  of: Ordered
  /** Only the usual next step, in a row of a list. */
  brief?: boolean
}

export function Steps({ of, brief = false }: StepsProps): ReactNode {
  const [open, setOpen] = useState<Step | null>(null)
  const sending = useSending()
  const act = useAct(of, sending)
  const possible = brief ? steps(of).slice(0, 1) : steps(of)

  function begin(step: Step): void {
    if (step === 'confirmation' || step === 'delivery') void act(step, {})
    else setOpen(step)
  }

  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>
      {possible.map((each, at) => (
        <Button
          key={each}
          size={brief ? 'small' : 'medium'}
          variant={at === 0 ? 'contained' : 'outlined'}
          color={each === 'cancellation' ? 'error' : 'primary'}
          loading={sending.busy && open === null && at === 0}
          onClick={() => begin(each)}
        >
          {say(`step.${each}`)}
        </Button>
      ))}
      {sending.refused && open === null && (
        <Alert severity="error" onClose={sending.forget}>
          {sentence(sending.refused)}
        </Alert>
      )}
      {open === 'issue' && <Issue of={of} onClose={() => setOpen(null)} />}
      {(open === 'shipment' || open === 'correction') && (
        <Ship of={of} step={open} onClose={() => setOpen(null)} />
      )}
      {open === 'cancellation' && <Cancel of={of} onClose={() => setOpen(null)} />}
    </Box>
  )
}

/** Takes a step, tells that it was taken, and lets everything be read anew. Whether it was taken. */
function useAct(of: Ordered, sending: Sending): (step: Step, body: object) => Promise<boolean> {
  const { id } = useClub()
  const notify = useNotify()
  return async (step, body) => {
    const taken = await sending.send([step, body], () => take(id, of.number, step, body))
    if (!taken) return false
    notify(say(`step.${step}.done`, { number: of.number }), { type: 'success' })
    void queries.invalidateQueries({ queryKey: [id, 'orders'] })
    void queries.invalidateQueries({ queryKey: about(id, of.member) })
    return true
  }
}

interface Parcel {
  carrier: string
  tracking_number: string
}

interface Cancelled {
  reason: string
  restock: boolean
}

function take(program: string, number: string, step: Step, body: object): Promise<unknown> {
  const params = { path: { program, number } }
  const at = '/v1/staff/programs/{program}/orders/{number}'
  if (step === 'confirmation') return data(api.POST(`${at}/confirmation`, { params }))
  if (step === 'issue') return data(api.POST(`${at}/issue`, { params }))
  if (step === 'delivery') return data(api.POST(`${at}/delivery`, { params }))
  if (step === 'shipment') {
    return data(api.POST(`${at}/shipment`, { params, body: body as Parcel }))
  }
  if (step === 'correction') {
    return data(api.PUT(`${at}/shipment`, { params, body: body as Parcel }))
  }
  return data(api.POST(`${at}/cancellation`, { params, body: body as Cancelled }))
}

interface DialogProps {
  of: Ordered
  onClose: () => void
}

function What({ of }: { of: Ordered }): ReactNode {
  return (
    <Typography>
      <bdi>{of.name}</bdi> × {of.quantity}
    </Typography>
  )
}

function Issue({ of, onClose }: DialogProps): ReactNode {
  const sending = useSending()
  const act = useAct(of, sending)

  return (
    <Ask
      title={say('step.issue.title', { number: of.number })}
      verb={say('step.issue')}
      sending={sending}
      onSend={() => void act('issue', {}).then((taken) => taken && onClose())}
      onClose={onClose}
    >
      <What of={of} />
      <Typography>{say('step.spends')}</Typography>
    </Ask>
  )
}

function Ship({ of, step, onClose }: DialogProps & { step: 'shipment' | 'correction' }): ReactNode {
  const [carrier, setCarrier] = useState(of.parcel?.carrier ?? '')
  const [tracking, setTracking] = useState(of.parcel?.tracking_number ?? '')
  const sending = useSending()
  const act = useAct(of, sending)

  async function ship(): Promise<void> {
    const body: Parcel = { carrier: carrier.trim(), tracking_number: tracking.trim() }
    if (await act(step, body)) onClose()
  }

  return (
    <Ask
      title={say(`step.${step}.title`, { number: of.number })}
      verb={say(`step.${step}`)}
      sending={sending}
      onSend={() => void ship()}
      onClose={onClose}
    >
      <What of={of} />
      {step === 'shipment' && <Typography>{say('step.spends')}</Typography>}
      <TextField
        label={say('parcel.carrier')}
        value={carrier}
        onChange={(event) => setCarrier(event.target.value)}
        error={!!sending.wrong('carrier')}
        helperText={sending.wrong('carrier')}
        required
        autoFocus
        slotProps={{ htmlInput: { maxLength: 100, dir: 'auto' } }}
      />
      <TextField
        label={say('parcel.tracking')}
        value={tracking}
        onChange={(event) => setTracking(event.target.value)}
        error={!!sending.wrong('tracking_number')}
        helperText={sending.wrong('tracking_number') ?? say('parcel.help')}
        required
        slotProps={{ htmlInput: { maxLength: 40, dir: 'ltr', autoComplete: 'off' } }}
      />
    </Ask>
  )
}

function Cancel({ of, onClose }: DialogProps): ReactNode {
  const [reason, setReason] = useState('')
  const [restock, setRestock] = useState(true)
  const sending = useSending()
  const act = useAct(of, sending)

  async function cancel(): Promise<void> {
    const body: Cancelled = { reason: reason.trim(), restock }
    if (await act('cancellation', body)) onClose()
  }

  return (
    <Ask
      title={say('step.cancellation.title', { number: of.number })}
      verb={say('step.cancellation')}
      danger
      sending={sending}
      onSend={() => void cancel()}
      onClose={onClose}
    >
      <What of={of} />
      <Typography>{say('step.gives_back')}</Typography>
      <Reason
        value={reason}
        onChange={setReason}
        wrong={sending.wrong('reason')}
        help={say('step.cancellation.help')}
      />
      <FormControlLabel
        control={
          <Checkbox checked={restock} onChange={(event) => setRestock(event.target.checked)} />
        }
        label={say('step.restock')}
      />
    </Ask>
  )
}
