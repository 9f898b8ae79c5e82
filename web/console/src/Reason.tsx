/** Why somebody does something: words that stay on record. */

import { TextField } from '@mui/material'
import type { ReactNode } from 'react'
import { say } from './spoken.ts'

interface ReasonProps {
  value: string
  onChange: (value: string) => void
  wrong: string | undefined
  /** Who will see it. */
  help?: string
}

export function Reason({ value, onChange, wrong, help }: ReasonProps): ReactNode {
  return (
    <TextField
      label={say('reason')}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      error={!!wrong}
      helperText={wrong ?? help ?? say('reason.help')}
      multiline
      minRows={2}
      required
      slotProps={{ htmlInput: { minLength: 3, maxLength: 500 } }}
    />
  )
}
