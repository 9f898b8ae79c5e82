"""People of the staff as values, and the pure rules about them.

Instants are RFC 3339 texts in UTC, which sort in the order of time.
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.sessions import Ended
from chalicelib.kernel.texts import Language
from chalicelib.programs.model import Texts
from chalicelib.staff.errors import LastOwner
from chalicelib.staff.rights import OWNER

Status = Literal["invited", "active", "blocked"]
FactorKind = Literal["passkey", "totp"]

SESSION_LIFE = timedelta(hours=12)
"""Counted anew at each refresh: whoever is away for a night signs in again."""
LONGEST_SESSION = timedelta(hours=24)
"""Counted from the sign-in: then it ends, however often it was refreshed."""
FRESH_FOR = timedelta(minutes=10)
"""How long after a sign-in one may change what signs one in."""
INVITATION_LIFE = timedelta(days=7)
TICKET_LIFE = timedelta(minutes=10)
MOST_TICKET_TRIES = 5
ENROLMENT_REPEAT_WITHIN = timedelta(minutes=10)
"""How long an enrolment sent again is answered as the retry of a lost reply."""
MOST_ROLES_OF_PERSON = 10
MOST_OWN_ROLES = 50
MOST_PROGRAMS = 20
MOST_FACTORS = 10
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128

Roles = tuple[str, ...]
"""Roles of one person in one program, in the order of the alphabet."""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """The newest invitation of a person; its code is derived and stored nowhere."""

    number: int
    """How many invitations there have been: each one voids those before it."""
    expires_at: str
    sent: bool = False
    used_at: str = ""
    """When it was used; empty: not yet."""
    used_by: str = ""
    """Keyed hash of the enrolment that used it: the same again is the retry of a lost reply."""


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """An invitation to a further program, which its person has not accepted yet."""

    pending: str
    """Id of the invitation."""
    roles: Roles
    name: str
    """As the program calls the person; it learns no more of them until they accept."""
    at: str
    """When they were invited."""
    sent: bool = False
    """Whether a message told the person."""


class Factor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A second factor. The secret of a TOTP is derived and stored nowhere."""

    factor: str
    kind: FactorKind
    label: str
    added_at: str
    credential: str = ""
    """Of a passkey: id and public key as WebAuthn's attested credential data, in Base64url."""
    counter: int = 0
    """Of a passkey its last sign counter; of a TOTP the last time step that was used."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One person of the staff, on the whole platform."""

    staff: str
    name: str
    email: str
    language: Language
    status: Status
    version: int
    """Each change raises it and is conditional on it."""
    session_version: int = 1
    spared: str = ""
    """The one session that outlived the last rise of ``session_version``; empty: none did."""
    grants: dict[str, Roles] = {}
    """Roles by program."""
    pending: dict[str, Pending] = {}
    """What the person is invited to and has not accepted, by program; it gives no rights."""
    password: str = ""
    """As :mod:`chalicelib.staff.passwords` writes it; empty: none yet."""
    factors: tuple[Factor, ...] = ()
    factors_made: int = 0
    """How many second factors were ever added; it names the next one."""
    invitation: Invitation
    ended: tuple[Ended, ...] = ()


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A role of a program, given or its own."""

    role: str
    rights: tuple[str, ...]
    name: Texts | None = None
    """Of an own role; a given one has a sentence."""
    version: int = 0
    """Of an own role the number of its changes, from 1; 0: a given role."""
    uses: int = 0
    """How many people have this own role."""


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Whether an invitation can still be used."""
    return not invitation.used_at and invitation.expires_at > clock.render(at)


def just_used(invitation: Invitation, at: datetime) -> bool:
    """Whether a use of it now may be the retry of a reply that was lost."""
    used = invitation.used_at
    return bool(used) and at - clock.parse(used) <= ENROLMENT_REPEAT_WITHIN


def roles_in(person: Person, program: str) -> Roles | None:
    """The roles that a person has in a program, or is to have once they accept; None: neither."""
    waits = person.pending.get(program)
    return person.grants.get(program) if waits is None else waits.roles


def with_roles(person: Person, program: str, roles: Roles) -> Person:
    """The person with these roles in a program, or invited to them if they have not accepted."""
    waits = person.pending.get(program)
    if waits is None:
        return msgspec.structs.replace(person, grants={**person.grants, program: roles})
    changed = msgspec.structs.replace(waits, roles=roles)
    return msgspec.structs.replace(person, pending={**person.pending, program: changed})


def without(person: Person, program: str) -> Person:
    """The person with neither roles in a program nor an invitation to it."""
    grants = {name: has for name, has in person.grants.items() if name != program}
    pending = {name: one for name, one in person.pending.items() if name != program}
    return msgspec.structs.replace(person, grants=grants, pending=pending)


def signed_out(person: Person, spared: str = "") -> Person:
    """The person with all sessions ended, but for ``spared``."""
    version = person.session_version + 1
    return msgspec.structs.replace(person, session_version=version, spared=spared, ended=())


def factor(person: Person, factor_id: str) -> Factor | None:
    """A second factor of the person by its id, or nothing."""
    return next((one for one in person.factors if one.factor == factor_id), None)


def with_factor(person: Person, used: Factor) -> tuple[Factor, ...]:
    """The person's second factors, one of them as it is now."""
    return tuple(used if one.factor == used.factor else one for one in person.factors)


def counter_moves(before: int, shown: int) -> bool:
    """Whether a passkey's sign counter says that there is no copy (WebAuthn §6.1.1).

    Passkeys that are kept in several places do not count: theirs stays zero.
    """
    return shown > before or (shown, before) == (0, 0)


def counts_as_owner(before: Person, after: Person | None, program: str) -> bool:
    """Whether ``before`` becoming ``after`` has to do with the program's number of owners."""
    return signs_in_as_owner(before, program) != signs_in_as_owner(after, program)


def signs_in_as_owner(person: Person | None, program: str) -> bool:
    """Whether the person is an owner of the program who can sign in."""
    return person is not None and person.status == "active" and _owns(person, program)


def owners_after(active: int, before: Person, after: Person | None, program: str) -> int:
    """How many owners who can sign in the program has when ``before`` becomes ``after``.

    An owner whose sign-in is reset stays owner, and needs nobody else to be one meanwhile; one
    who never enrolled keeps nothing from being done without them.

    Raises:
        LastOwner: the last owner who can sign in would go or be blocked.
    """
    was, will = signs_in_as_owner(before, program), signs_in_as_owner(after, program)
    others = active - was
    if was and not _stays_owner(after, program) and not others:
        raise LastOwner
    return others + will


def _stays_owner(person: Person | None, program: str) -> bool:
    return person is not None and person.status != "blocked" and _owns(person, program)


def _owns(person: Person, program: str) -> bool:
    return OWNER in person.grants.get(program, ())
