"""Rows of a balances file against the table: one entry and one lot a row, once for ever.

The guard of a row stands in its member's partition and knows the row by what it says, so that the
same row of another import is known too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import posting
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Cause, Reason
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members import store as members
from chalicelib.members.model import Member
from chalicelib.transfers import rows_balances
from chalicelib.transfers.model import Fault, Outcome
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_balances import Opening, fault, member_of
from chalicelib.transfers.rows_done import Case, Judged, owners

KIND = "points.imported"


class _Found(NamedTuple):
    """A row that can be read, and whom it is for."""

    wanted: Opening
    member: str


def check(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """What would become of each row; changes nothing."""
    for found in _read(case, rows):
        if isinstance(found, _Found):
            yield Judged(_before(case, found) or "good", found.wanted.points)
        else:
            yield Judged(found)


def run(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """Post each good row, once."""
    for found in _read(case, rows):
        if isinstance(found, _Found):
            yield Judged(_post(case, found), found.wanted.points)
        else:
            yield Judged(found)


def _read(case: Case, rows: Sequence[Typed]) -> Iterator[_Found | list[Fault]]:
    wanted = [rows_balances.read(one, case.program, case.at) for one in rows]
    program = case.program.id
    held = owners(program, (one.keys for one in wanted if isinstance(one, Opening)))
    known = members.several(program, held.values())
    for one in wanted:
        yield _whom(one, member_of(one, held), known) if isinstance(one, Opening) else one


def _whom(
    wanted: Opening, member: str | list[Fault], known: Mapping[str, Member]
) -> _Found | list[Fault]:
    if isinstance(member, list):
        return member
    if member not in known:
        return [fault(wanted, "", "member_unknown")]
    if known[member].status != "active":
        return [fault(wanted, "", "member_not_active")]
    return _Found(wanted, member)


def _before(case: Case, found: _Found) -> Outcome | list[Fault] | None:
    """What became of the row before; nothing if it was never done."""
    try:
        done = guards.done(keys.member(case.program.id, found.member), found.wanted.request)
    except IdempotencyKeyReused:
        return [fault(found.wanted, "points", "other_points")]
    if done is None:
        return None
    if done == _place(case, found.wanted):
        return "done"
    return "known" if case.order.on_existing == "skip" else [fault(found.wanted, "", "row_known")]


def _post(case: Case, found: _Found) -> Outcome | list[Fault]:
    wanted, program = found.wanted, case.program
    asked = case.order.created_by
    cause = Cause(
        KIND, case.import_id, case.actor, case.order.reason, "" if asked == case.actor else asked
    )
    reason = Reason("imported", {"reason": wanted.reason or case.order.reason})

    def decide(_: bool) -> tuple[Writes, Outcome | list[Fault]]:
        before = _before(case, found)
        if before is not None:
            return Writes(), before
        try:
            account = ledger.account(program.id, found.member, strong=True)
            posted = posting.adjust(
                account,
                wanted.points,
                cause,
                program,
                case.at,
                reason=reason,
                burns=wanted.burns,
            )
        except AccountUnknown:
            return Writes(), [fault(wanted, "", "member_unknown")]
        except AccountClosed:
            return Writes(), [fault(wanted, "", "member_not_active")]
        pk = keys.member(program.id, found.member)
        guards.remember(posted.writes, pk, wanted.request, _place(case, wanted))
        return posted.writes, "done"

    return transact(decide)


def _place(case: Case, wanted: Opening) -> str:
    return f"{case.import_id}#{wanted.row}"
