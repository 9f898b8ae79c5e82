"""What a handler is given: who asks, what they sent, and the time and ids to act with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

from chalicelib.kernel.errors import Forbidden, IdempotencyKeyMissing, Unauthorized
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import audit, guards

B = TypeVar("B")
Q = TypeVar("Q")


@dataclass(frozen=True, slots=True)
class MemberCaller:
    """A signed-in member, as the authorizer saw them for this very request."""

    program: str
    member: str
    kind: str
    status: str
    session: str
    language: str
    locked_until: str = ""
    """RFC 3339 instant until which this member may not try scratch codes; empty: not locked."""
    rules: int = 0
    """Version of the program's rules that this member accepted last; 0: none yet."""
    joined_at: str = ""
    """RFC 3339 instant since when they are a member."""


@dataclass(frozen=True, slots=True)
class StaffCaller:
    """A person of the club's owner, with their rights as of this very request."""

    staff: str
    grants: dict[str, tuple[str, ...]]
    """Rights by program; ``*`` stands for every program, and among rights for every right."""
    session: str = ""
    """The sign-in that this request belongs to; empty for an operator's token."""

    @property
    def actor(self) -> str:
        """How records name who acts: ``staff:<id>`` a person who signed in, ``operator:<name>``
        an operator's token. Whoever makes a token chooses its name, which may be any person's id.
        """
        return f"{audit.STAFF if self.session else audit.OPERATOR}{self.staff}"

    def knows(self, program: str) -> bool:
        """Whether this person has to do with ``program`` at all."""
        return not self.grants.keys().isdisjoint({"*", program})

    def may(self, right: str, program: str) -> bool:
        """Whether this person may do ``right`` in ``program``."""
        rights = {*self.grants.get("*", ()), *self.grants.get(program, ())}
        return not rights.isdisjoint({"*", right})


@dataclass(frozen=True, slots=True)
class PartnerCaller:
    """A partner's system, by the credential whose secret signed this very request."""

    program: str
    partner: str
    credential: str
    """Id of the credential, without its program."""
    name: str
    """What staff call the credential."""
    scopes: tuple[str, ...]
    outlets: tuple[str, ...]
    """Outlets that it is limited to; empty: all of the partner's."""
    message: str
    """The signed ``webhook-id``, which names this request for ever."""

    def serves(self, outlet: str) -> bool:
        """Whether this system may act for an outlet of its partner."""
        return not self.outlets or outlet in self.outlets


Caller = MemberCaller | StaffCaller | PartnerCaller


@dataclass(frozen=True, slots=True)
class Call(Generic[B, Q]):
    """One parsed request. Everything a use case needs from outside comes from here."""

    body: B
    query: Q
    path: dict[str, str]
    headers: dict[str, str]
    """Header fields by lower-case name."""
    caller: Caller | None
    operation: str
    language: str
    client: str
    """Keyed hash of the caller's network address; the address itself goes no further."""
    at: datetime
    ids: Ids
    settings: Settings

    @property
    def member(self) -> MemberCaller:
        """The signed-in member; raises Unauthorized when there is none."""
        if not isinstance(self.caller, MemberCaller):
            raise Unauthorized
        return self.caller

    @property
    def staff(self) -> StaffCaller:
        """The signed-in member of staff; raises Forbidden when there is none."""
        if not isinstance(self.caller, StaffCaller):
            raise Forbidden
        return self.caller

    @property
    def partner(self) -> PartnerCaller:
        """The partner's system that signed the request; raises Unauthorized when none did."""
        if not isinstance(self.caller, PartnerCaller):
            raise Unauthorized
        return self.caller

    @property
    def reads(self) -> str:
        """The language that was asked for; of a member who asks for none, their own."""
        if isinstance(self.caller, MemberCaller) and not self.headers.get("accept-language"):
            return self.caller.language
        return self.language

    @property
    def principal(self) -> str:
        """Names the caller for guards and the audit: ``member:…``, ``staff:…``, ``operator:…``,
        ``partner:<partner>/<credential>`` or ``public``.
        """
        if isinstance(self.caller, MemberCaller):
            return f"member:{self.caller.member}"
        if isinstance(self.caller, StaffCaller):
            return self.caller.actor
        if isinstance(self.caller, PartnerCaller):
            return f"partner:{self.caller.partner}/{self.caller.credential}"
        return "public"

    def guard(self) -> guards.Request:
        """This call for its guard: who, what, the path, the body and the ``Idempotency-Key``, for
        which the ``webhook-id`` of a partner's signed request stands.

        Raises:
            IdempotencyKeyMissing: the header is missing, or not 1 to 255 printable ASCII symbols.
        """
        if isinstance(self.caller, PartnerCaller):
            key = self.caller.message
        else:
            key = self.headers.get("idempotency-key", "").strip()
        if not (0 < len(key) <= 255 and key.isascii() and key.isprintable()):
            raise IdempotencyKeyMissing
        # Keyed, because guards stay for ever: a phone number could be guessed from a plain hash.
        content = msgspec.json.encode([self.path, self.body], order="deterministic").decode()
        hashed = keyed_hash(self.settings, "request", content)
        return guards.request(self.principal, self.operation, key, hashed)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a handler returns: a value to render as JSON, or text of another media type."""

    body: Any = None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    media_type: str = "application/json"
