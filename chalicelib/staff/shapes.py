"""What the room's routes take and answer; the API document is made from these."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.texts import Language
from chalicelib.programs.model import Texts
from chalicelib.staff.model import (
    MOST_ROLES_OF_PERSON,
    FactorKind,
    Status,
)
from chalicelib.staff.service_access import Wanted

Email = Annotated[str, Meta(max_length=254, description="E-mail address; case does not matter.")]
PersonName = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=r"^\S", description="As colleagues know them.")
]
RoleId = Annotated[str, Meta(max_length=40)]
RoleIds = Annotated[
    tuple[RoleId, ...],
    Meta(min_length=1, max_length=MOST_ROLES_OF_PERSON, description="Ids of roles."),
]


class InviteBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom to invite."""

    email: Email
    name: PersonName
    roles: RoleIds
    language: Language = "en"
    """Of the messages to this person."""


class RolesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All roles of a person in the program."""

    roles: RoleIds


class StaffStatusBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new status, and why."""

    status: Wanted
    """`blocked`: signed out and kept out; `active`: the block is lifted."""
    reason: Annotated[str, Meta(min_length=3, max_length=500, description="Why; kept for ever.")]


class StaffView(msgspec.Struct, frozen=True, kw_only=True):
    """A person who works for the program or is invited to."""

    staff: str
    """Id of the person; records name them by it."""
    name: str
    """As colleagues know them."""
    email: str
    """Where they sign in and get messages."""
    status: Status
    """`invited`: the invitation waits; `active`: they sign in; `blocked`: they cannot."""
    roles: list[str]
    """Ids of their roles in this program."""
    factors: list[FactorKind]
    """The kinds of their second factors."""
    invited_until: Instant | None
    """Until when the invitation can be used; null: none waits, or it is for somebody who signs in
    already, and waits until they accept or decline it.
    """


class RightView(msgspec.Struct, frozen=True):
    """A right."""

    right: str
    """Id of the right."""
    text: str
    """What it allows, in the language asked for."""


class RoleBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role of the program's own."""

    name: Annotated[Texts, Meta(description="What it is called, in one language or more.")]
    rights: Annotated[
        tuple[Annotated[str, Meta(max_length=40)], ...],
        Meta(min_length=1, max_length=100, description="Ids of rights, as the list names them."),
    ]


class RoleView(msgspec.Struct, frozen=True, kw_only=True):
    """A role."""

    role: str
    """Id of the role."""
    name: str
    """What it is called, in the language asked for."""
    names: Texts | None
    """An own role's name in all its languages; null: a role that every program has."""
    rights: list[RightView]
    """What it allows."""


class RoleList(msgspec.Struct, frozen=True):
    """All roles, those that every program has first, and all rights there are."""

    rows: list[RoleView]
    """The roles."""
    rights: list[RightView]
    """Every right that a role can have."""
