/** What staff did, newest first, with what changed. */

import { data, type RecordView } from '@clubkeeper/shared'
import { Box, Button, Link, TextField, Typography } from '@mui/material'
import { useState, type FormEvent, type ReactNode } from 'react'
import { Link as To } from 'react-router-dom'
import { api } from '../api.ts'
import { Needs, useClub } from '../club.tsx'
import { Growing, useFilter, usePages } from '../cursor.tsx'
import { dayBegins } from '../days.ts'
import { Download } from '../Download.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { Code, Heading, State } from '../parts.tsx'
import { useColleagues } from '../people.ts'
import { Pick } from '../Pick.tsx'
import { say } from '../spoken.ts'
import { Actor } from './words.tsx'

const NAMES = ['actor', 'action', 'subject', 'outcome', 'from', 'to'] as const
type Filter = Record<(typeof NAMES)[number], string>
const DAY = /^\d{4}-\d\d-\d\d$/

export function Audit(): ReactNode {
  return (
    <Needs right="audit.read">
      <List />
    </Needs>
  )
}

function List(): ReactNode {
  const club = useClub()
  const [filter, change] = useFilter(NAMES)
  const path = { program: club.id }
  const chosen = {
    actor: filter.actor,
    action: filter.action,
    subject: filter.subject,
    outcome: filter.outcome as RecordView['outcome'] | '',
    from: DAY.test(filter.from) ? dayBegins(filter.from, club.zone) : undefined,
    to: DAY.test(filter.to) ? dayBegins(filter.to, club.zone, 1) : undefined,
  }
  const records = usePages<RecordView>([club.id, 'audit', filter], async (cursor) => {
    const params = { path, query: { ...chosen, cursor, limit: 25 } }
    const got = await data(api.GET('/v1/staff/programs/{program}/audit', { params }))
    // The types of the client lose fields that hold any object.
    return { ...got, rows: got.rows as RecordView[] }
  })
  return (
    <>
      <Heading title={say('menu.audit')}>
        <Download
          name={`audit-${club.id}`}
          read={(cursor) => {
            const params = { path, query: { ...chosen, cursor } }
            const options = { params, parseAs: 'text' } as const
            return api.GET('/v1/staff/programs/{program}/audit/export', options)
          }}
        />
      </Heading>
      <Narrow key={JSON.stringify(filter)} filter={filter} change={change} />
      <Growing of={records} empty={say('audit.none')}>
        {(rows) => (
          <Grid
            name={say('menu.audit')}
            rows={rows}
            id={(row) => JSON.stringify(row)}
            columns={COLUMNS}
          />
        )}
      </Growing>
    </>
  )
}

interface NarrowProps {
  filter: Filter
  change: (changes: Partial<Filter>) => void
}

function Narrow({ filter, change }: NarrowProps): ReactNode {
  const colleagues = useColleagues()
  const [typed, setTyped] = useState(filter)
  const set = (name: keyof Filter) => (value: string) => setTyped({ ...typed, [name]: value })

  function narrow(event: FormEvent): void {
    event.preventDefault()
    change(typed)
  }

  return (
    <Box
      component="form"
      role="search"
      onSubmit={narrow}
      sx={{
        display: 'grid',
        gap: 2,
        mb: 2,
        alignItems: 'start',
        gridTemplateColumns: { xs: '1fr', sm: 'repeat(2, 1fr)', md: 'repeat(4, 1fr)' },
      }}
    >
      {colleagues.size > 0 && (typed.actor === '' || colleagues.has(typed.actor.slice(6))) ? (
        <Pick
          label={say('audit.actor')}
          value={typed.actor}
          options={[
            ['', say('audit.anybody')],
            ...[...colleagues].map(([id, name]) => [`staff:${id}`, name] as const),
          ]}
          onChange={set('actor')}
        />
      ) : (
        <Typed label={say('audit.actor')} help="staff:…" value={typed.actor} onChange={set('actor')} />
      )}
      <Typed
        label={say('audit.action')}
        help={say('audit.action_help')}
        value={typed.action}
        onChange={set('action')}
      />
      <Typed
        label={say('audit.subject')}
        help={say('audit.subject_help')}
        value={typed.subject}
        onChange={set('subject')}
      />
      <Pick
        label={say('audit.outcome')}
        value={typed.outcome}
        options={[
          ['', say('audit.any')],
          ['done', say('audit.done')],
          ['refused', say('audit.refused')],
        ]}
        onChange={set('outcome')}
      />
      <Typed day label={say('audit.from')} value={typed.from} onChange={set('from')} />
      <Typed day label={say('audit.to')} value={typed.to} onChange={set('to')} />
      <Box sx={{ display: 'flex', gap: 1 }}>
        <Button type="submit" variant="contained" sx={{ height: 40 }}>
          {say('audit.narrow')}
        </Button>
        {Object.values(filter).some(Boolean) && (
          <Button
            sx={{ height: 40 }}
            onClick={() =>
              change({ actor: '', action: '', subject: '', outcome: '', from: '', to: '' })
            }
          >
            {say('audit.all')}
          </Button>
        )}
      </Box>
    </Box>
  )
}

interface TypedProps {
  label: string
  value: string
  onChange: (value: string) => void
  help?: string
  /** A day instead of words. */
  day?: boolean
}

function Typed({ label, value, onChange, help, day = false }: TypedProps): ReactNode {
  return (
    <TextField
      label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      helperText={help}
      type={day ? 'date' : 'text'}
      autoComplete="off"
      slotProps={{
        htmlInput: day ? { min: '2000-01-01', max: '2199-12-31' } : { dir: 'ltr', maxLength: 300 },
        ...(day ? { inputLabel: { shrink: true } } : {}),
      }}
    />
  )
}

const COLUMNS: Column<RecordView>[] = [
  { title: say('history.at'), show: (row) => <Moment of={row.at} /> },
  { title: say('history.who'), show: (row) => <Actor of={row.actor} /> },
  { title: say('history.what'), show: (row) => <What of={row} /> },
  { title: say('audit.changes'), show: (row) => <Changes of={row} /> },
]

function Moment({ of }: { of: string }): ReactNode {
  return useClub().moment(of)
}

function What({ of }: { of: RecordView }): ReactNode {
  return (
    <>
      <Box sx={{ display: 'flex', gap: 1, flexWrap: 'wrap', alignItems: 'center' }}>
        <Typography variant="body2" sx={{ fontWeight: 600 }}>
          <bdi>{of.title}</bdi>
        </Typography>
        {of.outcome === 'refused' && <State tone="error">{say('audit.refused')}</State>}
      </Box>
      <Typography variant="body2" color="text.secondary" sx={{ overflowWrap: 'anywhere' }}>
        <Code>{of.action}</Code>
        {of.subject.split(' ').map((each) => (
          <Subject key={each} of={each} />
        ))}
      </Typography>
      {of.reason && (
        <Typography variant="body2" sx={{ fontStyle: 'italic' }}>
          <bdi>{of.reason}</bdi>
        </Typography>
      )}
    </>
  )
}

const PAGES: Record<string, { right: string; path: string } | undefined> = {
  member: { right: 'members.read', path: 'members' },
  order: { right: 'orders.read', path: 'orders' },
}

/** What it was done to: a kind and an id, and where there is a page of it, the way there. */
function Subject({ of }: { of: string }): ReactNode {
  const { id, can } = useClub()
  const [kind = '', name = ''] = of.split(':')
  const page = PAGES[kind]
  const words = <bdi dir="ltr">{of}</bdi>
  return (
    <>
      {' · '}
      {page && can(page.right) ? (
        <Link component={To} to={`/console/c/${id}/${page.path}/${name}`}>
          {words}
        </Link>
      ) : (
        words
      )}
    </>
  )
}

/** Each field that changed, before and after. */
function Changes({ of }: { of: RecordView }): ReactNode {
  const before: Record<string, unknown> = of.before
  const after: Record<string, unknown> = of.after
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  if (fields.length === 0) return '—'
  return (
    <details>
      <summary>{say('audit.fields', { smart_count: fields.length })}</summary>
      <Box
        component="table"
        sx={{
          mt: 1,
          fontSize: '0.85rem',
          '& th, & td': { textAlign: 'start', px: 1, py: 0.25 },
          '& th': { whiteSpace: 'nowrap' },
          '& td': { overflowWrap: 'anywhere', minWidth: '5em' },
        }}
      >
        <thead>
          <tr>
            <th scope="col">{say('audit.field')}</th>
            <th scope="col">{say('audit.before')}</th>
            <th scope="col">{say('audit.after')}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((each) => (
            <tr key={each}>
              <th scope="row">
                <Code>{each}</Code>
              </th>
              <td>
                <bdi>{written(before[each])}</bdi>
              </td>
              <td>
                <bdi>{written(after[each])}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </Box>
    </details>
  )
}

function written(value: unknown): string {
  if (value === undefined || value === null || value === '') return '—'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
