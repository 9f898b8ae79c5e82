/** The session of whoever of the staff is signed in, and the API as they call it. */

import { client, Session, type StaffTokens } from '@clubkeeper/shared'

export const session = new Session<StaffTokens>(
  'clubkeeper.console.session',
  '/v1/staff-sessions/refresh',
)
export const api = client(session)
