/** The one session of this browser, and the API as its member calls it. */

import { client, Session, type SessionTokens } from '@clubkeeper/shared'
import { useEffect, useState } from 'preact/hooks'

/** Remembers the club's id as its note. */
export const session = new Session<SessionTokens>('clubkeeper.club.session', '/v1/sessions/refresh')
export const api = client(session)

export type Member = SessionTokens['member']

/** Who is signed in to this club, or nobody; renders again when that changes. */
export function useMember(program: string): Member | null {
  const [, again] = useState(0)
  useEffect(() => session.listen(() => again((count) => count + 1)), [])
  const member = session.given?.member
  return member?.program === program ? member : null
}
