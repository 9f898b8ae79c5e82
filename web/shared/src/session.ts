/**
 * Who is signed in. The access token is kept in memory only; the refresh token is in a cookie that
 * no script can read, so that a reload can ask for a new access token.
 */

import { store, stored } from './languages.ts'
import { patiently } from './patience.ts'
import { OFFLINE, Problem, problem } from './problems.ts'

/** What both kinds of sign-in answer with. */
export interface Tokens {
  access_token: string
  /** Seconds. */
  expires_in: number
}

/** Seconds before its end in which a token is exchanged rather than used. */
const MARGIN_S = 10

export class Session<Given extends Tokens> {
  /** The last answer to signing in or refreshing; null: nobody is signed in. */
  given: Given | null = null
  private ends = 0
  private asking: Promise<boolean> | null = null
  private readonly heard = new Set<() => void>()

  constructor(
    /** Under which name the browser remembers that there is a session. */
    private readonly kept: string,
    /** The address that exchanges the cookie. */
    private readonly address: string,
  ) {}

  /** What was noted when the session was opened, e.g. the club; null: no session is remembered. */
  get note(): string | null {
    return stored(this.kept)
  }

  /** Somebody signed in, with `cookie: true` in the request. */
  open(given: Given, note = 'yes'): void {
    store(this.kept, note)
    this.take(given)
  }

  /** Forget who was signed in; the sign-out itself is a call of its own. */
  close(): void {
    store(this.kept, null)
    this.given = null
    this.tell()
  }

  /**
   * On start: take up the session that the browser remembers. Whether there is one.
   *
   * @throws Problem of the code `offline` when nobody could be asked.
   */
  async resume(): Promise<boolean> {
    if (this.given) return true
    return this.note === null ? false : await this.refresh()
  }

  /** A token that is good for now, or null. */
  async token(): Promise<string | null> {
    if (this.given && Date.now() > this.ends) await this.refresh()
    return this.given?.access_token ?? null
  }

  /** Exchange the cookie for a new token, once for all who ask meanwhile. */
  refresh(): Promise<boolean> {
    this.asking ??= this.exchange().finally(() => (this.asking = null))
    return this.asking
  }

  /** Call `listener` whenever somebody signs in or out; gives what ends that. */
  listen(listener: () => void): () => void {
    this.heard.add(listener)
    return () => this.heard.delete(listener)
  }

  private async exchange(): Promise<boolean> {
    const asked = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' }
    let answer: Response
    try {
      answer = await patiently(new Request(this.address, asked))
    } catch {
      throw new Problem(OFFLINE, '', 0)
    }
    if (answer.ok) {
      this.take((await answer.json()) as Given)
      return true
    }
    if (answer.status >= 500 || answer.status === 429) {
      throw problem(await answer.json().catch(() => null), answer.status)
    }
    this.close()
    return false
  }

  private take(given: Given): void {
    this.given = given
    this.ends = Date.now() + (given.expires_in - MARGIN_S) * 1000
    this.tell()
  }

  private tell(): void {
    for (const each of this.heard) each()
  }
}
