/** Who may enter, as react-admin asks for it. */

import { data, Problem } from '@clubkeeper/shared'
import type { AuthProvider } from 'react-admin'
import { api, session } from './api.ts'

export const auth: AuthProvider = {
  /** The second factor has opened the session by then: see the sign-in page. */
  login: () => Promise.resolve(),

  async checkAuth() {
    if (!(await session.resume())) throw new Error('signed out')
  },

  async checkError(fault: unknown) {
    if (fault instanceof Problem && fault.status === 401) throw fault
  },

  async logout() {
    if (session.given) await data(api.DELETE('/v1/staff/session')).catch(() => undefined)
    session.close()
  },
}
