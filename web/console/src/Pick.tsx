/** One of a few: a list to choose from, with words for its values. */

import { MenuItem, TextField } from '@mui/material'
import type { ReactNode } from 'react'

interface PickProps {
  label: string
  value: string
  options: readonly (readonly [value: string, words: string])[]
  onChange: (value: string) => void
}

export function Pick({ label, value, options, onChange }: PickProps): ReactNode {
  return (
    <TextField
      select
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      sx={{ maxWidth: 240 }}
      slotProps={{ select: { displayEmpty: true }, inputLabel: { shrink: true } }}
    >
      {options.map(([each, words]) => (
        <MenuItem key={each} value={each}>
          {words}
        </MenuItem>
      ))}
    </TextField>
  )
}
