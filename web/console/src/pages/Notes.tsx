/** What staff wrote down about a member. */

import { data, type NoteView } from '@clubkeeper/shared'
import {
  Alert,
  Box,
  Button,
  Card,
  CardContent,
  MenuItem,
  Stack,
  TextField,
  Typography,
} from '@mui/material'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useNotify } from 'react-admin'
import { api, queries, sentence, useSending } from '../api.ts'
import { Ask } from '../Ask.tsx'
import { about, useClub } from '../club.tsx'
import { Growing, usePages } from '../cursor.tsx'
import { State } from '../parts.tsx'
import { say } from '../spoken.ts'
import { Actor } from './words.tsx'

const TOPICS = ['call', 'complaint', 'data', 'other'] as const
type Topic = (typeof TOPICS)[number]

export function Notes({ member }: { member: string }): ReactNode {
  const { id, can } = useClub()
  const path = { program: id, member }
  const [gone, setGone] = useState<NoteView | null>(null)
  const notes = usePages([...about(id, member), 'notes'], (cursor) => {
    const params = { path, query: { cursor, limit: 25 } }
    return data(api.GET('/v1/staff/programs/{program}/members/{member}/notes', { params }))
  })
  return (
    <Stack spacing={2}>
      {can('members.note') && <Write member={member} />}
      <Growing of={notes} empty={say('notes.none')}>
        {(rows) =>
          rows.map((each) => (
            <Note
              key={each.note}
              of={each}
              onDelete={can('members.note') ? () => setGone(each) : null}
            />
          ))
        }
      </Growing>
      {gone && <Delete member={member} note={gone} onClose={() => setGone(null)} />}
    </Stack>
  )
}

function Note({ of, onDelete }: { of: NoteView; onDelete: (() => void) | null }): ReactNode {
  const club = useClub()
  return (
    <Card component="article">
      <CardContent>
        <Box sx={{ display: 'flex', gap: 1.5, alignItems: 'center', flexWrap: 'wrap' }}>
          <State tone={of.topic === 'complaint' ? 'warning' : 'default'}>
            {say(`topic.${of.topic}`)}
          </State>
          <Typography variant="body2" color="text.secondary" sx={{ flexGrow: 1 }}>
            {club.moment(of.at)} · <Actor of={of.author} />
          </Typography>
          {onDelete && (
            <Button size="small" color="error" onClick={onDelete}>
              {say('notes.delete')}
            </Button>
          )}
        </Box>
        <Typography dir="auto" sx={{ mt: 1, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
          {of.text}
        </Typography>
      </CardContent>
    </Card>
  )
}

function Write({ member }: { member: string }): ReactNode {
  const { id } = useClub()
  const notify = useNotify()
  const [text, setText] = useState('')
  const [topic, setTopic] = useState<Topic>('call')
  const { busy, refused, wrong, send } = useSending()

  async function write(event: FormEvent): Promise<void> {
    event.preventDefault()
    const body = { text: text.trim(), topic }
    const path = { program: id, member }
    const written = await send(body, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return data(api.POST('/v1/staff/programs/{program}/members/{member}/notes', { params, body }))
    })
    if (!written) return
    setText('')
    notify(say('notes.written'), { type: 'success' })
    void queries.invalidateQueries({ queryKey: about(id, member) })
  }

  return (
    <Card>
      <CardContent>
        <Stack component="form" spacing={2} onSubmit={(event) => void write(event)}>
          {refused && <Alert severity="error">{sentence(refused)}</Alert>}
          <TextField
            label={say('notes.text')}
            helperText={wrong('text') ?? say('notes.help')}
            error={!!wrong('text')}
            value={text}
            onChange={(event) => setText(event.target.value)}
            multiline
            minRows={2}
            required
            slotProps={{ htmlInput: { maxLength: 2000, dir: 'auto' } }}
          />
          <Box sx={{ display: 'flex', gap: 2 }}>
            <TextField
              select
              label={say('notes.topic')}
              value={topic}
              onChange={(event) => setTopic(event.target.value as Topic)}
              sx={{ maxWidth: 240 }}
            >
              {TOPICS.map((each) => (
                <MenuItem key={each} value={each}>
                  {say(`topic.${each}`)}
                </MenuItem>
              ))}
            </TextField>
            <Button type="submit" variant="contained" loading={busy}>
              {say('notes.write')}
            </Button>
          </Box>
        </Stack>
      </CardContent>
    </Card>
  )
}

interface DeleteProps {
  member: string
  note: NoteView
  onClose: () => void
}

function Delete({ member, note, onClose }: DeleteProps): ReactNode {
  const { id } = useClub()
  const notify = useNotify()
  const sending = useSending()

  async function remove(): Promise<void> {
    const path = { program: id, member, note: note.note }
    const removed = await sending.send(path, (key) => {
      const params = { path, header: { 'Idempotency-Key': key } }
      return data(
        api.DELETE('/v1/staff/programs/{program}/members/{member}/notes/{note}', { params }),
      )
    })
    if (!removed) return
    notify(say('notes.deleted'), { type: 'success' })
    void queries.invalidateQueries({ queryKey: about(id, member) })
    onClose()
  }

  return (
    <Ask
      title={say('notes.delete_title')}
      verb={say('notes.delete')}
      danger
      sending={sending}
      onSend={() => void remove()}
      onClose={onClose}
    >
      <Typography dir="auto" sx={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
        {note.text}
      </Typography>
      <Typography color="text.secondary">{say('notes.delete_means')}</Typography>
    </Ask>
  )
}
