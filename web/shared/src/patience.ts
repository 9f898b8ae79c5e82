/** How long an answer of the API is waited for. */

/** Milliseconds: the gateway gives up after 29 s. */
const PATIENCE_MS = 30_000

/** Send a request; one that hangs must not hold up whoever waits for it. */
export function patiently(request: Request): Promise<Response> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE_MS)])
  return fetch(request, { signal })
}
