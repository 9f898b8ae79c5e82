/** The API as the staff see it, and who is signed in. */

import { client, data, OFFLINE, Problem, Session, Wish, type StaffTokens } from '@clubkeeper/shared'
import { QueryClient } from '@tanstack/react-query'
import { useRef, useState, useSyncExternalStore } from 'react'
import { say } from './spoken.ts'

export const session = new Session<StaffTokens>(
  'clubkeeper.console.session',
  '/v1/staff-sessions/refresh',
)
export const api = client(session)

/** The client itself sends again what may be; what failed after that is for people to decide. */
export const queries = new QueryClient({
  defaultOptions: { queries: { retry: false, staleTime: 5_000 }, mutations: { retry: false } },
})

/** What was read is nobody's but theirs who read it: it goes with their session, however that ends. */
session.listen(() => {
  if (!session.given) queries.clear()
})

const listen = (listener: () => void): (() => void) => session.listen(listener)

/** Whether somebody is signed in, as it changes. */
export function useSignedIn(): boolean {
  return useSyncExternalStore(listen, () => session.given !== null)
}

/** End the session here and with the API. */
export async function signOut(): Promise<void> {
  try {
    await data(api.DELETE('/v1/staff/session'))
  } finally {
    session.close()
  }
}

/** Any failure as a problem: what is none of the API's is for the console's own sentence. */
export function asProblem(failure: unknown): Problem {
  return failure instanceof Problem ? failure : new Problem('unreadable', '', 0)
}

/** Why something was not done, for people. */
export function sentence(failure: unknown): string {
  const { code, message } = asProblem(failure)
  if (code === OFFLINE) return say('shared.offline')
  return message || say('shared.unreadable')
}

export interface Sending {
  busy: boolean
  /** Why the last try was refused; null: it was not. */
  refused: Problem | null
  /** What is wrong with a field, by its name; undefined: nothing. */
  wrong: (field: string) => string | undefined
  /**
   * Do something with a body. The same body keeps its Idempotency-Key until that has succeeded, so
   * that a retry after a lost answer does nothing twice. Whether it was done.
   */
  send: (body: unknown, task: (key: string) => Promise<unknown>) => Promise<boolean>
  forget: () => void
}

export function useSending(): Sending {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Problem | null>(null)
  const { current: wish } = useRef(new Wish())

  async function send(body: unknown, task: (key: string) => Promise<unknown>): Promise<boolean> {
    setBusy(true)
    setRefused(null)
    try {
      await task(wish.keyFor(body))
      wish.done()
      return true
    } catch (failure) {
      setRefused(asProblem(failure))
      return false
    } finally {
      setBusy(false)
    }
  }

  return {
    busy,
    refused,
    wrong: (field) => refused?.fields[`/${field}`],
    send,
    forget: () => setRefused(null),
  }
}
