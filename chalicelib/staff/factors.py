"""Second factors: codes of an authenticator app (TOTP, RFC 6238) and passkeys (WebAuthn Level 3).

Challenges and the secrets of TOTPs are keyed hashes of what they belong to: a dump of the table
reveals none, and a retry meets the same one. What they belong to is used once (a ticket, an
invitation, an offer of a factor), so they are too.
"""

import base64
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chalicelib.kernel.ids import symbols
from chalicelib.kernel.secrets import keyed_digest
from chalicelib.kernel.settings import Settings
from chalicelib.staff import model
from chalicelib.staff.model import Factor, Person

NAME = "Clubkeeper"
LOOPBACK, LOCALHOST = "127.0.0.1", "localhost"
ID_LENGTH = 20
TOTP_SECRET_BYTES = 20
"""RFC 4226 §4 recommends 160 bits."""
TOTP_STEPS = 1
"""How many steps of 30 seconds a clock may go wrong either way (RFC 6238 §5.2)."""
ALGORITHMS = (-8, -7, -257)
"""EdDSA, ES256 and RS256 of COSE: what WebAuthn asks servers to take (§5.8.5)."""

Json = dict[str, Any]


class Totp(msgspec.Struct, frozen=True):
    """A code of an authenticator app, as proof."""

    code: str


class Passkey(msgspec.Struct, frozen=True):
    """What a passkey answered to a challenge: ``PublicKeyCredential.toJSON()``."""

    answer: Json


Proof = Totp | Passkey


def encode(raw: bytes) -> str:
    """Bytes as WebAuthn writes them in JSON: Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    """The inverse of :func:`encode`."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def offered(stage: Settings, *parts: str) -> str:
    """The id of the factor that is offered to whom ``parts`` name."""
    return symbols(keyed_digest(stage, "offered factor", *parts)[:ID_LENGTH]).lower()


def challenge(stage: Settings, *parts: str) -> bytes:
    """The challenge of what ``parts`` name."""
    return keyed_digest(stage, "passkey challenge", *parts)


def relying_party(stage: Settings) -> str:
    """The WebAuthn relying party: the host to which passkeys are bound.

    Browsers take no network address for one, so this machine is called by its name.
    """
    host = urlsplit(stage.public_url).hostname or ""
    return LOCALHOST if host == LOOPBACK else host


def credential_id(passkey: Factor) -> str:
    """The id of a passkey's credential, in Base64url."""
    from fido2.webauthn import AttestedCredentialData

    return encode(AttestedCredentialData(decode(passkey.credential)).credential_id)


def totp_secret(stage: Settings, staff: str, factor: str) -> str:
    """The secret of a TOTP, in Base32."""
    raw = keyed_digest(stage, "totp secret", staff, factor)
    return base64.b32encode(raw[:TOTP_SECRET_BYTES]).decode()


def otpauth(secret: str, email: str) -> str:
    """The address that an authenticator app reads from a QR code."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=NAME)


def made(
    stage: Settings, person: Person, new: Factor, proof: Proof, asked: bytes, at: datetime
) -> Factor | None:
    """``new`` as it is kept when ``proof`` shows that the person has it; nothing when it does
    not.
    """
    if isinstance(proof, Totp):
        step = _step(stage, person.staff, new, proof, at)
        return None if step is None else msgspec.structs.replace(new, kind="totp", counter=step)
    attested = _attested(stage, asked, proof.answer)
    if attested is None:
        return None
    credential, counter = attested
    return msgspec.structs.replace(new, kind="passkey", credential=credential, counter=counter)


def used(
    stage: Settings, person: Person, proof: Proof, asked: bytes, at: datetime
) -> Factor | None:
    """The person's factor that ``proof`` is right for, its counter moved; nothing when there is
    none, or it was used before.
    """
    if isinstance(proof, Totp):
        for one in person.factors:
            step = _step(stage, person.staff, one, proof, at) if one.kind == "totp" else None
            if step is not None:
                return msgspec.structs.replace(one, counter=step)
        return None
    return _asserted(stage, person, asked, proof.answer)


def _step(stage: Settings, staff: str, one: Factor, proof: Totp, at: datetime) -> int | None:
    """The time step of a right code, if no code of it or a later one was used before."""
    # Imported here, as fido2 below: only sign-in and enrolment need them.
    import pyotp

    totp = pyotp.TOTP(totp_secret(stage, staff, one.factor))
    try:
        step = totp.verify_and_get_timecode(proof.code, for_time=at, valid_window=TOTP_STEPS)
    except pyotp.OTPVerificationError:
        return None
    return step if step > one.counter else None


def _attested(stage: Settings, asked: bytes, answer: Json) -> tuple[str, int] | None:
    from fido2.webauthn import RegistrationResponse

    try:
        shown = RegistrationResponse.from_dict(answer)
        data = _server(stage).register_complete(_state(asked), shown)
        credential = data.credential_data
    except Exception:
        # fido2 tells a bad answer by whatever its parsers happen to meet.
        return None
    if credential is None or credential.public_key.get(3) not in ALGORITHMS:
        return None
    if shown.response.client_data.cross_origin:
        return None
    return encode(credential), data.counter


def _asserted(stage: Settings, person: Person, asked: bytes, answer: Json) -> Factor | None:
    from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

    passkeys = [one for one in person.factors if one.kind == "passkey"]
    known = [AttestedCredentialData(decode(one.credential)) for one in passkeys]
    try:
        shown = AuthenticationResponse.from_dict(answer)
        found = _server(stage).authenticate_complete(_state(asked), known, shown)
    except Exception:
        # As above; also where the credential is not one of this person's.
        return None
    one = passkeys[known.index(found)]
    response = shown.response
    if response.user_handle not in (None, b"", person.staff.encode()):
        return None
    counter = response.authenticator_data.counter
    if response.client_data.cross_origin or not model.counter_moves(one.counter, counter):
        return None
    return msgspec.structs.replace(one, counter=counter)


def _server(stage: Settings) -> Any:
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity

    return Fido2Server(
        PublicKeyCredentialRpEntity(name=NAME, id=relying_party(stage)),
        # Staff choose their own authenticators, so nobody vouches for the make.
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: origin in _origins(stage),
    )


def _origins(stage: Settings) -> tuple[str, str]:
    return stage.public_url, stage.public_url.replace(LOOPBACK, LOCALHOST)


def _state(asked: bytes) -> Json:
    return {"challenge": encode(asked), "user_verification": "required"}
