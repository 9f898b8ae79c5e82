/** Refusals of the API (RFC 9457) and the lack of any answer, as one kind of error. */

import type { Problem as Told } from './api.d.ts'

/** No answer came: the network or the server is away. */
export const OFFLINE = 'offline'
/** An answer came that is none of the API's. */
export const UNREADABLE = 'unreadable'

/** Why something was not done. Decide by `code`, show `message`: it is in the reader's language. */
export class Problem extends Error {
  override readonly name = 'Problem'

  constructor(
    /** Stable name of the refusal; `offline` and `unreadable` are the client's own. */
    readonly code: string,
    /** A sentence for people; empty with the client's own codes, for which the apps have words. */
    message: string,
    /** HTTP status; 0 without an answer. */
    readonly status: number,
    /** The sentence for each wrong field, by its JSON pointer, e.g. `/email`. */
    readonly fields: Readonly<Record<string, string>> = {},
    /** Seconds after which the same request may be sent again. */
    readonly retryAfter: number | null = null,
    /** Names this very answer, for support. */
    readonly instance = '',
  ) {
    super(message)
  }
}

/** The problem in the body of an answer. */
export function problem(told: unknown, status: number): Problem {
  if (!isProblem(told)) return new Problem(UNREADABLE, '', status)
  const fields = Object.fromEntries((told.errors ?? []).map((each) => [each.pointer, each.detail]))
  return new Problem(told.code, told.detail, status, fields, told.retry_after, told.instance)
}

function isProblem(told: unknown): told is Told {
  return typeof told === 'object' && told !== null && 'code' in told && 'detail' in told
}
