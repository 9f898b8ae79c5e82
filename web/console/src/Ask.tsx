/** A question in front of the page, with what is needed to answer it. */

import { Alert, Button, Dialog, DialogActions, DialogContent, DialogTitle, Stack } from '@mui/material'
import { useId, type FormEvent, type ReactNode } from 'react'
import { sentence, type Sending } from './api.ts'
import { say } from './spoken.ts'

interface AskProps {
  title: string
  /** What the button that does it says. */
  verb: string
  sending: Sending
  onSend: () => void
  onClose: () => void
  danger?: boolean
  /** What to say in the place of a plain refusal. */
  refusal?: ReactNode
  children?: ReactNode
}

export function Ask(props: AskProps): ReactNode {
  const { title, verb, sending, onSend, onClose, danger = false, refusal, children } = props
  const heading = useId()

  function submit(event: FormEvent): void {
    event.preventDefault()
    onSend()
  }

  return (
    <Dialog open onClose={sending.busy ? undefined : onClose} fullWidth maxWidth="sm" aria-labelledby={heading}>
      <form onSubmit={submit}>
        <DialogTitle id={heading} component="h2">
          {title}
        </DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            {refusal ??
              (sending.refused && <Alert severity="error">{sentence(sending.refused)}</Alert>)}
            {children}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Button onClick={onClose} disabled={sending.busy}>
            {say('shared.close')}
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={danger ? 'error' : 'primary'}
            loading={sending.busy}
          >
            {verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
