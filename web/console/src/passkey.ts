/** Passkeys: what the API asks, as the browser wants it, and what the browser answers, as JSON. */

import type { Assertion, Attestation, PasskeyCreation, PasskeyRequest } from '@clubkeeper/shared'

export const knowsPasskeys = 'PublicKeyCredential' in window

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (each) => each.charCodeAt(0)).buffer
}

function text(of: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(of))
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function named(each: { id: string }): PublicKeyCredentialDescriptor {
  return { type: 'public-key', id: bytes(each.id) }
}

/**
 * Ask for the answer of one of the person's passkeys.
 *
 * @throws DOMException they gave none.
 */
export async function askPasskey(asked: PasskeyRequest): Promise<Assertion> {
  const got = (await navigator.credentials.get({
    publicKey: {
      challenge: bytes(asked.challenge),
      rpId: asked.rpId,
      timeout: asked.timeout,
      userVerification: 'required',
      allowCredentials: asked.allowCredentials.map(named),
    },
  })) as PublicKeyCredential
  const response = got.response as AuthenticatorAssertionResponse
  return {
    id: got.id,
    rawId: text(got.rawId),
    type: 'public-key',
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  }
}

/**
 * Let the device make a passkey.
 *
 * @throws DOMException the person did not want to, or the device cannot.
 */
export async function makePasskey(offered: PasskeyCreation): Promise<Attestation> {
  const { user, rp } = offered
  const got = (await navigator.credentials.create({
    publicKey: {
      challenge: bytes(offered.challenge),
      rp: { id: rp['id'] ?? '', name: rp['name'] ?? '' },
      user: {
        id: bytes(user['id'] ?? ''),
        name: user['name'] ?? '',
        displayName: user['displayName'] ?? '',
      },
      pubKeyCredParams: offered.pubKeyCredParams as unknown as PublicKeyCredentialParameters[],
      timeout: offered.timeout,
      attestation: 'none',
      excludeCredentials: offered.excludeCredentials.map(named),
      authenticatorSelection: {
        ...(offered.authenticatorSelection as AuthenticatorSelectionCriteria),
      },
    },
  })) as PublicKeyCredential
  const response = got.response as AuthenticatorAttestationResponse
  return {
    id: got.id,
    rawId: text(got.rawId),
    type: 'public-key',
    response: {
      attestationObject: text(response.attestationObject),
      clientDataJSON: text(response.clientDataJSON),
    },
  }
}
