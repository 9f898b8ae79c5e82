"""WebAuthn in JSON, as browsers write and read it (WebAuthn Level 3, §5.1.8 to §5.1.10)."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Base64Url = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]*$(?!\n)", max_length=20_000)]


class PasskeyName(msgspec.Struct, frozen=True, rename="camel"):
    """Which passkey is meant."""

    id: str
    """Credential id, in Base64url."""
    type: Literal["public-key"] = "public-key"
    """Always this."""


class PasskeyRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """For `PublicKeyCredential.parseRequestOptionsFromJSON()`, and then
    `navigator.credentials.get()`.
    """

    challenge: str
    """What the passkey signs, in Base64url."""
    rp_id: str
    """The host that the passkey is bound to."""
    allow_credentials: list[PasskeyName]
    """The person's passkeys."""
    user_verification: Literal["required"] = "required"
    """The device must make sure who uses it, by PIN, finger or face."""
    timeout: int
    """Milliseconds."""


class AssertionResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey's signature."""

    client_data: Annotated[Base64Url, Meta(description="As the browser gives it.")] = msgspec.field(
        name="clientDataJSON"
    )
    authenticator_data: Annotated[Base64Url, Meta(description="As the browser gives it.")] = (
        msgspec.field(name="authenticatorData")
    )
    signature: Annotated[Base64Url, Meta(description="As the browser gives it.")]
    user_handle: Annotated[Base64Url | None, Meta(description="As the browser gives it.")] = (
        msgspec.field(name="userHandle", default=None)
    )


class Assertion(msgspec.Struct, frozen=True, kw_only=True):
    """`PublicKeyCredential.toJSON()` of a sign-in; what it holds beyond this is ignored."""

    id: Annotated[Base64Url, Meta(description="Credential id.")]
    raw_id: Annotated[Base64Url, Meta(description="Credential id once more.")] = msgspec.field(
        name="rawId"
    )
    type: Literal["public-key"]
    """Always this."""
    response: AssertionResponse
    """What the passkey answered."""


class AttestationResponse(msgspec.Struct, frozen=True, kw_only=True):
    """A new passkey's public key."""

    client_data: Annotated[Base64Url, Meta(description="As the browser gives it.")] = msgspec.field(
        name="clientDataJSON"
    )
    attestation: Annotated[Base64Url, Meta(description="As the browser gives it.")] = msgspec.field(
        name="attestationObject"
    )


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """`PublicKeyCredential.toJSON()` of a new passkey; what it holds beyond this is ignored."""

    id: Annotated[Base64Url, Meta(description="Credential id.")]
    raw_id: Annotated[Base64Url, Meta(description="Credential id once more.")] = msgspec.field(
        name="rawId"
    )
    type: Literal["public-key"]
    """Always this."""
    response: AttestationResponse
    """What the authenticator made."""


class PasskeyCreation(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """For `PublicKeyCredential.parseCreationOptionsFromJSON()`, and then
    `navigator.credentials.create()`.
    """

    challenge: str
    """What the new passkey signs, in Base64url."""
    rp: dict[str, str]
    """The host that the passkey will be bound to, and its name."""
    user: dict[str, str]
    """Whose passkey it will be."""
    pub_key_cred_params: list[dict[str, Any]]
    """Which kinds of key are taken."""
    exclude_credentials: list[PasskeyName]
    """The passkeys that the person has already."""
    authenticator_selection: dict[str, str]
    """A passkey that makes sure who uses it."""
    attestation: Literal["none"] = "none"
    """Nobody need vouch for the device."""
    timeout: int
    """Milliseconds."""
