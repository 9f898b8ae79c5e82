/** A list as CSV files, as many as the API parts it into. */

import { problem } from '@clubkeeper/shared'
import DownloadIcon from '@mui/icons-material/FileDownloadOutlined'
import { Alert, Button } from '@mui/material'
import type { ReactNode } from 'react'
import { sentence, useSending } from './api.ts'
import { say } from './spoken.ts'

interface Part {
  data?: string
  error?: unknown
  response: Response
}

interface DownloadProps {
  /** What the files are called, without their ending. */
  name: string
  read: (cursor: string) => Promise<Part>
}

export function Download({ name, read }: DownloadProps): ReactNode {
  const { busy, refused, send } = useSending()

  async function all(): Promise<void> {
    let cursor = ''
    for (let part = 1; part === 1 || cursor; part += 1) {
      const got = await read(cursor)
      if (got.data === undefined) throw problem(got.error, got.response.status)
      save(part === 1 ? `${name}.csv` : `${name}-${part}.csv`, got.data)
      cursor = got.response.headers.get('X-Next-Cursor') ?? ''
    }
  }

  return (
    <>
      <Button
        variant="outlined"
        startIcon={<DownloadIcon />}
        loading={busy}
        onClick={() => void send(name, all)}
      >
        {say('download')}
      </Button>
      {refused && <Alert severity="error">{sentence(refused)}</Alert>}
    </>
  )
}

function save(file: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = file
  link.click()
  URL.revokeObjectURL(address)
}
