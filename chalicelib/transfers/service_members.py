"""Rows of a members file against the table: what a row would do, and doing it.

The id of a member who comes from a row follows from the import and the row, so that the row is
known to be done however often it comes again.
"""

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kernel.ids import Ids, symbols
from chalicelib.kernel.secrets import keyed_digest
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import card, newcomers
from chalicelib.members import store as members
from chalicelib.members.model import Happened, Member
from chalicelib.transfers import rows_members
from chalicelib.transfers.model import Fault, Outcome
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_done import MEMBER_ID, Case, Judged, owners
from chalicelib.transfers.rows_members import Entrant, Unique, judge


def check(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """What would become of each row; changes nothing."""
    for wanted, seen in _read(case, rows):
        if isinstance(wanted, Entrant):
            yield Judged(judge(wanted, seen, _own_id(case, wanted), case.order.on_existing))
        else:
            yield Judged(wanted)


def run(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """Let each good row's member in, once."""
    for wanted, seen in _read(case, rows):
        yield Judged(_enter(case, wanted, seen) if isinstance(wanted, Entrant) else wanted)


def _read(
    case: Case, rows: Sequence[Typed]
) -> Iterator[tuple[Entrant | list[Fault], Mapping[Unique, str]]]:
    wanted = [rows_members.read(one, case.program, case.at) for one in rows]
    seen = owners(case.program.id, (one.unique for one in wanted if isinstance(one, Entrant)))
    return ((one, seen) for one in wanted)


def _enter(case: Case, wanted: Entrant, seen: Mapping[Unique, str]) -> Outcome | list[Fault]:
    program, own = case.program.id, _own_id(case, wanted)

    def decide(strong: bool) -> tuple[Writes, Outcome | list[Fault]]:
        held = owners(program, [wanted.unique]) if strong else seen
        outcome = judge(wanted, held, own, case.order.on_existing)
        if outcome != "good":
            return Writes(), outcome
        if strong and members.read(program, own, strong=True):
            return Writes(), "done"  # and erased meanwhile: nothing leads to them any more
        return _entered(case, wanted, own), "done"

    return transact(decide)


def _entered(case: Case, wanted: Entrant, own: str) -> Writes:
    rules = next((one for one in wanted.consents if one.purpose == "rules"), None)
    member = Member(
        program=case.program.id,
        member=own,
        kind=wanted.kind,
        status="active",
        session_version=1,
        language=wanted.language,
        card_number=wanted.card_number or card.new_number(Ids()),
        joined_at=wanted.joined_at,
        journal=1,
        rules=rules.rules_version if rules else 0,
    )
    data: dict[str, str | int | list[str]] = {
        "kind": member.kind,
        "status": member.status,
        "language": member.language,
        "rules_version": member.rules,
        "consents": [one.purpose for one in wanted.consents],
        "import": case.import_id,
        "row": wanted.row,
    }
    happened = Happened("member.imported", case.at, case.actor, data)
    return newcomers.entered(case.program, member, wanted.profile, wanted.consents, happened)


def _own_id(case: Case, wanted: Entrant) -> str:
    place = (case.program.id, case.import_id, str(wanted.row))
    return symbols(keyed_digest(settings(), "imported member", *place)[:MEMBER_ID]).lower()
