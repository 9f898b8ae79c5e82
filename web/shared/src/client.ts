/** The client of the API: typed by its document, signed in, speaking the reader's language. */

import createClient, { type Client } from 'openapi-fetch'
import type { paths } from './api.d.ts'
import { language } from './languages.ts'
import { patiently } from './patience.ts'
import { OFFLINE, Problem, problem } from './problems.ts'
import type { Session, Tokens } from './session.ts'

export type Api = Client<paths>

/** Milliseconds before a request that got no answer, or "busy", is sent again, once. */
const PAUSE_MS = 1000

/**
 * A key for the header `Idempotency-Key`. Make one for each intention (a form that is opened, a
 * button that is shown) and keep it until that has succeeded: sent again it does nothing again.
 */
export function intent(): string {
  return crypto.randomUUID()
}

/** The key of a form: it stays while the very same thing is sent again, and is new for another. */
export class Wish {
  private key = ''
  private of = ''

  keyFor(given: unknown): string {
    const of = JSON.stringify(given)
    if (!this.key || this.of !== of) {
      this.key = intent()
      this.of = of
    }
    return this.key
  }

  /** It was done: sent again, even the same is another wish. */
  done(): void {
    this.key = ''
  }
}

/**
 * A client of this origin's API. A token that ran out is exchanged and the request sent once more;
 * so is a request that may be repeated (a reading one, or one with an Idempotency-Key) when no
 * answer came or the server was busy.
 */
export function client<Given extends Tokens>(session: Session<Given>): Api {
  return createClient<paths>({
    baseUrl: location.origin,
    fetch: (request) => send(request, session),
  })
}

/**
 * The data of a call.
 *
 * @throws Problem when the API refused or could not be reached.
 */
export async function data<Got extends { data?: unknown; error?: unknown; response: Response }>(
  call: Promise<Got>,
): Promise<Exclude<Got['data'], undefined>> {
  const got = await call
  if (!got.response.ok) throw problem(got.error, got.response.status)
  return got.data as Exclude<Got['data'], undefined>
}

async function send<Given extends Tokens>(
  request: Request,
  session: Session<Given>,
): Promise<Response> {
  const token = await session.token()
  const answer = await attempt(request, token)
  if (answer.status === 401 && token && (await session.refresh())) {
    return attempt(request, await session.token())
  }
  return answer
}

async function attempt(request: Request, token: string | null): Promise<Response> {
  const again = request.method === 'GET' || request.headers.has('Idempotency-Key')
  try {
    const answer = await patiently(dressed(request, token))
    if (answer.status !== 503 || !again) return answer
  } catch {
    if (!again) throw new Problem(OFFLINE, '', 0)
  }
  await new Promise((over) => setTimeout(over, PAUSE_MS))
  try {
    return await patiently(dressed(request, token))
  } catch {
    throw new Problem(OFFLINE, '', 0)
  }
}

/** A copy to send, because a request's body can be read only once. */
function dressed(request: Request, token: string | null): Request {
  const copy = request.clone()
  if (token) copy.headers.set('Authorization', `Bearer ${token}`)
  copy.headers.set('Accept-Language', language())
  return copy
}
