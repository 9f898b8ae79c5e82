/** The one session of this browser, and the API as its member calls it. */

import { client, Problem, Session, type SessionTokens } from '@clubkeeper/shared'
import { QueryClient } from '@tanstack/preact-query'

/** Remembers the club's id as its note. */
export const session = new Session<SessionTokens>('clubkeeper.club.session', '/v1/sessions/refresh')
export const api = client(session)

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The client itself sends again what may be sent again.
      retry: false,
      staleTime: 30_000,
      throwOnError: (fault) => !(fault instanceof Problem),
    },
  },
})
