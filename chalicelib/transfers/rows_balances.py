"""Rows of a balances file: points that a member brings along from another system. Pure."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime

import msgspec

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table import guards
from chalicelib.ledger.model import NEVER
from chalicelib.members.model import CARD, EXTERNAL
from chalicelib.messages import addresses
from chalicelib.programs.approvals import MOST
from chalicelib.programs.model import Program
from chalicelib.transfers.fields import Fields, day, refused, text
from chalicelib.transfers.lines import Cells
from chalicelib.transfers.model import Fault
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_members import KEYS, Unique, card_number, external_id

COLUMNS = (*KEYS, "points", "burns_on", "state", "reason", "row_id")
LONGEST_REASON = 500
LONGEST_ROW_ID = 120
NEVER_BURNS = "never"
OPEN = "open"
_POINTS = re.compile(r"[0-9]{1,10}")


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """Points of a member as a row tells of them."""

    row: int
    line: int
    keys: dict[str, Unique]
    """Whom they are for, by the column."""
    points: int
    burns: str
    """Their last day; empty: as the program has it."""
    reason: str
    """What the member reads; empty: the reason of the import."""
    row_id: str
    """The row's own number in the other system; empty: none."""

    @property
    def request(self) -> guards.Request:
        """The row for its guard in the member's partition: it is counted once, for ever."""
        if self.row_id:
            return _request(self.row_id, [self.points, self.burns, self.reason])
        # Hashed, because guards stay for ever and a reason may say anything.
        said = hashlib.sha256(f"{self.burns}\x1f{self.reason}".encode()).hexdigest()
        return _request(f"row {said}", [self.points])


def identities(cells: Cells) -> Iterator[str]:
    """What only one row of a file may have, roughly as it will be read."""
    own = cells.get("row_id")
    told = own or "\x1f".join(cells.get(name, "") for name in ("state", "burns_on", "reason"))
    for column in KEYS:
        if typed := cells.get(column):
            yield f"{column} {typed.lower()} {told}"


def read(typed: Typed, program: Program, at: datetime) -> Opening | list[Fault]:
    """The points of one row, or everything that is wrong with it."""
    fields = Fields(typed)
    if typed.fault:
        return fields.faults
    fields.refuse_others(COLUMNS)
    today = local_date(at, program.zone)
    keys = _keys(fields)
    if not any(column in typed.cells for column in KEYS):
        fields.blame("", "no_key")
    fields.take("state", _only_open)
    points = fields.need("points", _points)
    burns = fields.take("burns_on", lambda cell, to: _burns(cell, to, today))
    reason = fields.take("reason", text(LONGEST_REASON))
    row_id = fields.take("row_id", text(LONGEST_ROW_ID))
    if fields.faults:
        return fields.faults
    return Opening(
        row=typed.row,
        line=typed.line,
        keys=keys,
        points=points or 0,
        burns=burns or "",
        reason=reason or "",
        row_id=row_id or "",
    )


def member_of(wanted: Opening, owners: Mapping[Unique, str]) -> str | list[Fault]:
    """The id of the member whom a row names, by all that it says of them."""
    found = {column: owners.get(value) for column, value in wanted.keys.items()}
    strangers = [column for column, owner in found.items() if owner is None]
    if strangers:
        return [fault(wanted, column, "member_unknown") for column in strangers]
    first, *others = {owner for owner in found.values() if owner}
    return [fault(wanted, "", "keys_disagree")] if others else first


def fault(wanted: Opening, field: str, code: str) -> Fault:
    """What is wrong with a row that could be read."""
    return Fault(wanted.row, wanted.line, field, code)


def _keys(fields: Fields) -> dict[str, Unique]:
    phone = fields.take("phone", lambda cell, to: addresses.phone(cell, fixed=True, pointer=to))
    email = fields.take("email", lambda cell, to: addresses.email(cell, pointer=to))
    values = {
        "external_id": (EXTERNAL, fields.take("external_id", external_id)),
        "phone": ("phone", phone),
        "email": ("email", email),
        "card_number": (CARD, fields.take("card_number", card_number)),
    }
    return {column: (kind, value) for column, (kind, value) in values.items() if value}


def _points(cell: str, pointer: str) -> int:
    if not _POINTS.fullmatch(cell):
        raise refused(pointer, "wrong_points")
    if not 0 < int(cell) <= MOST:
        raise refused(pointer, "wrong_points")
    return int(cell)


def _burns(cell: str, pointer: str, today: date) -> str:
    if cell.lower() == NEVER_BURNS:
        return NEVER
    if day(cell, pointer) < today.isoformat():
        raise refused(pointer, "burnt_already")
    return cell


def _only_open(cell: str, pointer: str) -> str:
    if cell.lower() != OPEN:
        raise refused(pointer, "only_open")
    return cell


def _request(name: str, content: list[int | str]) -> guards.Request:
    return guards.request("import", "balances", name, content)
