/** A club's own page: what anyone may know of it. */

import { data, Problem } from '@clubkeeper/shared'
import { useQuery } from '@tanstack/preact-query'
import { api } from '../api.ts'
import { say } from '../words.ts'

export function ClubPage({ program }: { program?: string }) {
  const asked = useQuery({
    queryKey: ['program', program],
    queryFn: () =>
      data(api.GET('/v1/programs/{program}', { params: { path: { program: program ?? '' } } })),
  })
  if (asked.error) return <p role="alert">{why(asked.error)}</p>
  if (!asked.data) return <p aria-busy="true">{say('shared.loading')}</p>
  return (
    <h1>
      <bdi>{asked.data.name}</bdi>
    </h1>
  )
}

/** The sentence of a refusal, or ours where no answer of the API came. */
function why(fault: Error): string {
  if (fault.message) return fault.message
  return say(fault instanceof Problem && fault.status === 0 ? 'shared.offline' : 'shared.unreadable')
}
