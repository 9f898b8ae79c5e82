/** Finding members. What was looked for stays in memory: it is personal and belongs in no address. */

import { data, type FoundView, type PageFoundView } from '@clubkeeper/shared'
import { Button, Card as Frame, CardContent, Link, MenuItem, Stack, TextField } from '@mui/material'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactNode } from 'react'
import { useStore } from 'react-admin'
import { Link as To } from 'react-router-dom'
import { api, asProblem } from '../api.ts'
import { Needs, useClub } from '../club.tsx'
import { Grid, type Column } from '../Grid.tsx'
import { Code, Heading, Quiet, Refused, Waiting } from '../parts.tsx'
import { say } from '../spoken.ts'
import { Card, MemberKind, Status } from './words.tsx'

const WAYS = ['phone', 'name', 'card_number', 'email', 'external_id'] as const
type Way = (typeof WAYS)[number]

interface Wanted {
  way: Way
  text: string
}

export function MemberSearch(): ReactNode {
  return (
    <Needs right="members.search">
      <Search />
    </Needs>
  )
}

function Search(): ReactNode {
  const club = useClub()
  const [wanted, setWanted] = useStore<Wanted>('members.search', { way: 'phone', text: '' })
  // Each look is on record, so nothing is looked for again unless somebody asks for it.
  const found = useInfiniteQuery({
    queryKey: [club.id, 'search', wanted],
    queryFn: ({ pageParam }) => look(club.id, wanted, pageParam),
    initialPageParam: '',
    getNextPageParam: (page: PageFoundView) => page.next || undefined,
    enabled: wanted.text !== '',
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  })
  const problem = found.error && asProblem(found.error)
  const wrong = problem?.fields[`/${wanted.way}`]

  function search(next: Wanted): void {
    const again = next.way === wanted.way && next.text === wanted.text
    if (again && next.text) void found.refetch()
    else setWanted(next)
  }

  return (
    <>
      <Heading title={say('members.title')} />
      <Frame>
        <CardContent>
          <Asked wanted={wanted} wrong={wrong} busy={found.isFetching} onAsk={search} />
        </CardContent>
      </Frame>
      <Stack sx={{ mt: 2 }} spacing={2} aria-live="polite">
        {wanted.text === '' && <Quiet>{say('members.begin')}</Quiet>}
        {found.isPending && wanted.text !== '' && <Waiting />}
        {problem && !wrong && <Refused failure={problem} />}
        {found.data && <Found rows={found.data.pages.flatMap((page) => page.rows)} />}
        {found.hasNextPage && (
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
            {say('more')}
          </Button>
        )}
      </Stack>
    </>
  )
}

function look(program: string, { way, text }: Wanted, cursor: string): Promise<PageFoundView> {
  const params = { path: { program } }
  const body = { [way]: text, cursor }
  return data(api.POST('/v1/staff/programs/{program}/member-search', { params, body }))
}

interface AskedProps {
  wanted: Wanted
  wrong: string | undefined
  busy: boolean
  onAsk: (wanted: Wanted) => void
}

function Asked({ wanted, wrong, busy, onAsk }: AskedProps): ReactNode {
  const [way, setWay] = useState(wanted.way)
  const [text, setText] = useState(wanted.text)

  function ask(event: FormEvent): void {
    event.preventDefault()
    onAsk({ way, text: text.trim() })
  }

  return (
    <Stack
      component="form"
      role="search"
      direction={{ xs: 'column', sm: 'row' }}
      spacing={2}
      onSubmit={ask}
      sx={{ alignItems: 'start' }}
    >
      <TextField
        select
        label={say('members.by')}
        value={way}
        onChange={(event) => setWay(event.target.value as Way)}
        sx={{ maxWidth: { sm: 220 } }}
      >
        {WAYS.map((each) => (
          <MenuItem key={each} value={each}>
            {say(`members.by.${each}`)}
          </MenuItem>
        ))}
      </TextField>
      <TextField
        label={say(`members.by.${way}`)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        error={!!wrong}
        helperText={wrong ?? say(`members.help.${way}`)}
        required
        autoFocus
        autoComplete="off"
        slotProps={{ htmlInput: { dir: way === 'name' ? 'auto' : 'ltr', maxLength: 200 } }}
      />
      <Button type="submit" variant="contained" loading={busy} sx={{ minWidth: 110, height: 40 }}>
        {say('members.find')}
      </Button>
    </Stack>
  )
}

function Found({ rows }: { rows: FoundView[] }): ReactNode {
  const club = useClub()
  const columns: Column<FoundView>[] = [
    { title: say('member.name'), show: (row) => <Name of={row} /> },
    { title: say('member.status'), show: (row) => <Status of={row.status} /> },
    { title: say('member.kind'), show: (row) => <MemberKind of={row.kind} /> },
    { title: say('member.phone'), show: (row) => (row.phone ? <Code>{row.phone}</Code> : '—') },
    { title: say('member.card'), show: (row) => <Card of={row.card_number} /> },
    { title: say('member.joined'), show: (row) => club.day(row.joined_at) },
  ]
  if (rows.length === 0) return <Quiet>{say('members.none')}</Quiet>
  return <Grid name={say('members.title')} rows={rows} id={(row) => row.member} columns={columns} />
}

function Name({ of }: { of: FoundView }): ReactNode {
  const { id, can } = useClub()
  const name = <bdi>{of.name || say('member.nameless')}</bdi>
  if (!can('members.read')) return name
  return (
    <Link component={To} to={`/console/c/${id}/members/${of.member}`}>
      {name}
    </Link>
  )
}
