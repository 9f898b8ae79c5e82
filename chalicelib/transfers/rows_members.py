"""Rows of a members file: from cells to a member as the club knew them elsewhere. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import get_args

import msgspec

from chalicelib.kernel.check_digits import is_checked
from chalicelib.kernel.clock import local_date, render
from chalicelib.members.model import (
    CARD,
    CARD_LENGTH,
    DIGITS,
    EXTERNAL,
    PURPOSES,
    Consent,
    Gender,
    Profile,
    checked_birthday,
    is_external_id,
)
from chalicelib.messages import addresses
from chalicelib.programs.model import Program
from chalicelib.transfers.fields import Fields, one_of, past, refused, text
from chalicelib.transfers.lines import Cells
from chalicelib.transfers.model import Existing, Fault, Outcome
from chalicelib.transfers.reading import Typed

CONSENTS = tuple(f"consent_{purpose}" for purpose in PURPOSES)
KEYS = ("external_id", "phone", "email", "card_number")
"""What identifies a row: the first of these that it has."""
COLUMNS = (
    *KEYS,
    "given_name",
    "family_name",
    "birthday",
    "gender",
    "city",
    "kind",
    "status",
    "language",
    "joined_at",
    *CONSENTS,
)
LONGEST_NAME = 100
_KINDS = {"external_id": EXTERNAL, "phone": "phone", "email": "email", "card_number": CARD}
"""The kind of unique value by the column."""
Unique = tuple[str, str]
"""A kind and a value that only one member of a program has."""


class Entrant(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a row tells of them."""

    row: int
    line: int
    profile: Profile
    kind: str
    language: str
    card_number: str
    """Empty: they get a new one."""
    joined_at: str
    consents: tuple[Consent, ...]

    @property
    def unique(self) -> dict[str, Unique]:
        """What nobody else may have, by its column, in the order of :data:`KEYS`."""
        values = {**self.profile.unique, CARD: self.card_number}
        return {column: (kind, values[kind]) for column, kind in _KINDS.items() if values.get(kind)}


def identities(cells: Cells) -> Iterator[str]:
    """What only one row of a file may have, roughly as it will be read."""
    for column in KEYS:
        if typed := cells.get(column):
            known = typed.lower() if column == "email" else typed
            if column in ("phone", "card_number"):
                known = "".join(sign for sign in known if sign.isdigit())
            yield f"{column} {known}"


def read(typed: Typed, program: Program, at: datetime) -> Entrant | list[Fault]:
    """The member of one row, or everything that is wrong with it."""
    fields = Fields(typed)
    if typed.fault:
        return fields.faults
    fields.refuse_others(COLUMNS)
    today = local_date(at, program.zone)
    profile = Profile(
        given_name=fields.take("given_name", text(LONGEST_NAME)),
        family_name=fields.take("family_name", text(LONGEST_NAME)),
        birthday=fields.take("birthday", lambda cell, to: _birthday(cell, to, today)),
        gender=fields.take("gender", one_of(get_args(Gender))),
        city=fields.take("city", text(LONGEST_NAME)),
        phone=fields.take("phone", lambda cell, to: addresses.phone(cell, pointer=to)),
        email=fields.take("email", lambda cell, to: addresses.email(cell, pointer=to)),
        external_id=fields.take("external_id", external_id),
    )
    card = fields.take("card_number", card_number)
    if not any(column in typed.cells for column in KEYS):
        fields.blame("", "no_key")
    kinds = tuple(program.kinds)
    choose = fields.take if len(kinds) == 1 else fields.need
    kind = choose("kind", one_of(kinds))
    language = fields.take("language", one_of(program.languages))
    joined = fields.take("joined_at", past(program.zone, at))
    fields.take("status", _only_active)
    consents = _consents(fields, program, at)
    if fields.faults:
        return fields.faults
    return Entrant(
        row=typed.row,
        line=typed.line,
        profile=profile,
        kind=kind or kinds[0],
        language=language or program.languages[0],
        card_number=card or "",
        joined_at=joined or render(at),
        consents=consents,
    )


def judge(
    wanted: Entrant, owners: Mapping[Unique, str], own: str, existing: Existing
) -> Outcome | list[Fault]:
    """What becomes of a row when these values have ``owners``; ``own`` is the id that the member
    has who comes from this very row.
    """
    held = {column: owners[value] for column, value in wanted.unique.items() if value in owners}
    if own in held.values():
        return "done"
    key = next(iter(wanted.unique))
    known = held.get(key)
    taken = [column for column, owner in held.items() if owner != known]
    if taken:
        return [Fault(wanted.row, wanted.line, column, "taken") for column in taken]
    if known is None:
        return "good"
    if existing == "skip":
        return "known"
    return [Fault(wanted.row, wanted.line, key, "member_known")]


def external_id(cell: str, pointer: str) -> str:
    """The club's own number of a member."""
    if not is_external_id(cell):
        raise refused(pointer, "wrong_external_id")
    return cell


def card_number(cell: str, pointer: str) -> str:
    """A card number of our format; spaces do not matter."""
    number = "".join(cell.split())
    if not (len(number) == CARD_LENGTH and is_checked(number, DIGITS)):
        raise refused(pointer, "wrong_card_number")
    return number


def _birthday(cell: str, pointer: str, today: date) -> str:
    try:
        found = date.fromisoformat(cell)
    except ValueError as error:
        raise refused(pointer, "wrong_day") from error
    return checked_birthday(found, today, pointer)


def _only_active(cell: str, pointer: str) -> str:
    if cell.lower() != "active":
        raise refused(pointer, "only_active")
    return cell


def _consents(fields: Fields, program: Program, at: datetime) -> tuple[Consent, ...]:
    found: list[Consent] = []
    for purpose in PURPOSES:
        when = fields.take(f"consent_{purpose}", past(program.zone, at))
        if when is not None:
            version = program.version if purpose == "rules" else 0
            found.append(Consent(purpose, True, when, version))
    return tuple(found)
