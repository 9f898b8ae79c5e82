/** Small pieces of pages. */

import { Alert, Box, Button, Card, CardContent, Chip, Skeleton, Typography } from '@mui/material'
import type { UseQueryResult } from '@tanstack/react-query'
import { useEffect, type ReactNode } from 'react'
import { asProblem, sentence } from './api.ts'
import { say } from './spoken.ts'

export const HIDDEN = {
  position: 'absolute',
  width: '1px',
  height: '1px',
  overflow: 'hidden',
  clipPath: 'inset(50%)',
  whiteSpace: 'nowrap',
} as const

/** The heading of a page, which is its title in the browser too; `children` are its buttons. */
export function Heading({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  useEffect(() => {
    document.title = `${title} · Clubkeeper`
  }, [title])
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1.5, alignItems: 'center', mb: 2, mt: 1 }}>
      <Typography variant="h1" sx={{ flexGrow: 1 }}>
        <bdi>{title}</bdi>
      </Typography>
      {children}
    </Box>
  )
}

export function Panel({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <Card component="section" aria-label={title}>
      <CardContent>
        <Typography variant="h2" sx={{ mb: 1.5 }}>
          {title}
        </Typography>
        {children}
      </CardContent>
    </Card>
  )
}

export function Waiting(): ReactNode {
  return (
    <Box role="status">
      <Box component="span" sx={HIDDEN}>
        {say('shared.loading')}
      </Box>
      <Skeleton height={28} />
      <Skeleton height={28} width="70%" />
      <Skeleton height={28} width="85%" />
    </Box>
  )
}

export function Refused({ failure, retry }: { failure: unknown; retry?: () => void }): ReactNode {
  const again = retry && (
    <Button color="inherit" size="small" onClick={retry}>
      {say('shared.retry')}
    </Button>
  )
  return (
    <Alert severity="error" action={again}>
      {sentence(failure)}
    </Alert>
  )
}

interface ShownProps<Got> {
  of: UseQueryResult<Got>
  children: (got: Got) => ReactNode
}

/** What was asked of the API: while it is on its way, when it came, and why it did not. */
export function Shown<Got>({ of, children }: ShownProps<Got>): ReactNode {
  if (of.data !== undefined) return children(of.data)
  if (!of.error) return <Waiting />
  if (asProblem(of.error).status === 404) return <Quiet>{sentence(of.error)}</Quiet>
  return <Refused failure={of.error} retry={() => void of.refetch()} />
}

/** The same for a whole page, which then needs a heading of its own. */
export function ShownPage<Got>(props: ShownProps<Got>): ReactNode {
  const { error, data } = props.of
  const missing = error && asProblem(error).status === 404
  return (
    <>
      {error && data === undefined && (
        <Heading title={say(missing ? 'nowhere.title' : 'away.failed')} />
      )}
      <Shown {...props} />
    </>
  )
}

export function Quiet({ children }: { children: ReactNode }): ReactNode {
  return <Typography color="text.secondary">{children}</Typography>
}

export function Forbidden(): ReactNode {
  return (
    <>
      <Heading title={say('forbidden.title')} />
      <Alert severity="warning">{say('forbidden.why')}</Alert>
    </>
  )
}

/** A code, a phone or a number of a card: from left to right in every language. */
export function Code({ children }: { children: ReactNode }): ReactNode {
  return (
    <Box component="bdi" dir="ltr" sx={{ fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' }}>
      {children}
    </Box>
  )
}

export type Tone = 'success' | 'warning' | 'error' | 'info' | 'default'

export function State({ tone, children }: { tone: Tone; children: string }): ReactNode {
  return <Chip size="small" color={tone} variant="outlined" label={children} sx={{ fontWeight: 600 }} />
}

/** Names and values, one below another. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <Box
      component="dl"
      sx={{
        m: 0,
        display: 'grid',
        gridTemplateColumns: 'minmax(7rem, max-content) 1fr',
        columnGap: 2,
        rowGap: 0.75,
        '& dt': { color: 'text.secondary' },
        '& dd': { m: 0, overflowWrap: 'anywhere' },
      }}
    >
      {rows.map(([name, value], at) => (
        <Box key={at} sx={{ display: 'contents' }}>
          <dt>{name}</dt>
          <dd>{value === null || value === '' ? '—' : value}</dd>
        </Box>
      ))}
    </Box>
  )
}

/** Lists of names, `name, name`, each with its own direction. */
export function Names({ of }: { of: readonly string[] }): ReactNode {
  return of.map((each, at) => (
    <span key={each}>
      {at > 0 && say('comma')}
      <bdi>{each}</bdi>
    </span>
  ))
}
