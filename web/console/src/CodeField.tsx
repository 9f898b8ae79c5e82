/** Where the code of an authenticator app is typed. */

import { TextField } from '@mui/material'
import type { ReactNode } from 'react'
import { say } from './spoken.ts'

interface CodeFieldProps {
  code: string
  onCode: (code: string) => void
  /** What the API says is wrong with it. */
  wrong: string | undefined
  autoFocus?: boolean
}

export function CodeField({ code, onCode, wrong, autoFocus }: CodeFieldProps): ReactNode {
  return (
    <TextField
      label={say('sign_in.code')}
      helperText={wrong ?? say('sign_in.code_help')}
      error={!!wrong}
      value={code}
      onChange={(event) => onCode(event.target.value.replaceAll(/\D/g, '').slice(0, 6))}
      autoComplete="one-time-code"
      required
      autoFocus={autoFocus}
      slotProps={{
        htmlInput: { inputMode: 'numeric', pattern: '[0-9]{6}', maxLength: 6, dir: 'ltr' },
      }}
    />
  )
}
