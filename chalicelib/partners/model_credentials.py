"""Credentials of partners' systems as values, and what is good of them at an instant."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, get_args

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.kernel.http.shapes import Moment
from chalicelib.kernel.secrets import keyed_digest
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.signatures import secret_text
from chalicelib.partners.model import SLUG_PATTERN

Scope = Literal[
    "receipts.write",
    "receipts.read",
    "quotes.write",
    "members.read",
    "members.write",
    "events.write",
    "memberships.write",
]
"""What a credential may be used for."""
SCOPES: tuple[Scope, ...] = get_args(Scope)
MOST = 20
"""Credentials of one partner that are not revoked."""
MOST_OUTLETS = 100
OLD_GOOD_FOR = timedelta(hours=24)
"""How long a replaced secret stays good, unless staff say otherwise."""
OLD_AT_MOST = timedelta(days=7)


class CredentialDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff say of a credential."""

    name: Annotated[
        str,
        msgspec.Meta(
            min_length=1, max_length=80, pattern=r"\S", description="Which system it is for."
        ),
    ]
    scopes: Annotated[
        tuple[Scope, ...],
        msgspec.Meta(min_length=1, max_length=len(SCOPES), description="What it may be used for."),
    ]
    outlets: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=SLUG_PATTERN)], ...],
        msgspec.Meta(
            max_length=MOST_OUTLETS,
            description="Outlets of the partner that it is limited to; empty: all of them.",
        ),
    ] = ()
    expires_at: Annotated[
        Moment | None, msgspec.Meta(description="From when it is refused; missing: never.")
    ] = None


class Credential(msgspec.Struct, frozen=True, kw_only=True):
    """What a partner's system signs by. Its secrets follow from it and are stored nowhere."""

    program: str
    credential: str
    partner: str
    name: str
    scopes: tuple[Scope, ...]
    outlets: tuple[str, ...]
    generation: int
    """Number of the secret, from 1."""
    created_at: str
    expires_at: str
    """From when it is refused; empty: never."""
    old_until: str
    """Until when the secret before this one is good; empty: there is none."""
    revoked_at: str
    """When it was revoked; empty: it was not."""
    blocked: bool
    """Its partner is blocked."""

    @property
    def sent_as(self) -> str:
        """How a request names it: the program leads to it."""
        return f"{self.program}.{self.credential}"


class CredentialUnknown(NotFound):
    """The partner has no such credential."""

    code = "credential_unknown"


class CredentialRevoked(Conflict):
    """The credential was revoked; that is for good."""

    code = "credential_revoked"


class TooManyCredentials(Conflict):
    """The partner has as many credentials as it can: revoke one first."""

    code = "too_many_credentials"


def key(stage: Settings, credential: Credential, generation: int) -> bytes:
    """The 32 bytes that sign, derived from the root secret: nothing in the table can."""
    parts = (credential.program, credential.credential, str(generation))
    return keyed_digest(stage, "partner credential", *parts)


def secret(stage: Settings, credential: Credential, generation: int) -> str:
    """The same as text: ``whsec_…``."""
    return secret_text(key(stage, credential, generation))


def generations(credential: Credential) -> tuple[int, ...]:
    """The secrets that may be asked for, the present one first; older ones are forgotten."""
    return tuple(range(credential.generation, max(0, credential.generation - 2), -1))


def is_good(credential: Credential, generation: int, at: datetime) -> bool:
    """Whether a secret of a credential may be used at an instant."""
    now = render(at)
    if credential.revoked_at or (credential.expires_at and credential.expires_at <= now):
        return False
    return generation == credential.generation or now < credential.old_until


def old_until(wanted: str | None, at: datetime) -> datetime | None:
    """Until when a secret that is replaced at an instant stays good; nothing: that is too long."""
    until = at + OLD_GOOD_FOR if wanted is None else parse(wanted)
    return until if until <= at + OLD_AT_MOST else None
