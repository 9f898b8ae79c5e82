"""Rows of a receipts file against the table: posted as a partner's batch is, or counted as the
club's past, once for ever.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import Busy, Refusal
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.settings import settings
from chalicelib.members.model import EXTERNAL
from chalicelib.partners import store as partners
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.model import Buyer, Receipt
from chalicelib.receipts.service_receipts import Outcome as Answered
from chalicelib.receipts.service_receipts import post_batch, try_batch
from chalicelib.transfers import rows_receipts
from chalicelib.transfers.model import Fault, Outcome
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_done import Case, Judged, owners
from chalicelib.transfers.rows_receipts import AnyRow

BATCH = 100
"""Receipts that are read and judged together."""
Post = Callable[[Desk, Sequence[Receipt]], list[Answered]]
Members = Mapping[tuple[str, str], str]


def check(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """What would become of each row; changes nothing."""
    return _all(case, rows, try_batch)


def run(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """Post each good row, once."""
    return _all(case, rows, post_batch)


def _all(case: Case, rows: Sequence[Typed], post: Post) -> Iterator[Judged]:
    desks = _Desks(case)
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        read = {one.row: rows_receipts.read(one, history=case.order.history) for one in some}
        told = [one for one in read.values() if not isinstance(one, list)]
        known = owners(
            case.program.id,
            ({"external_id": (EXTERNAL, one.external_id)} for one in told if one.external_id),
        )
        ready = {one.row: _ready(desks, one, read[one.row], known) for one in some}
        answers: dict[int, Answered] = {}
        for partner, desk in desks.open.items():
            mine = {
                row: one[1]
                for row, one in ready.items()
                if isinstance(one, tuple) and one[0] == partner
            }
            answers |= zip(mine, post(desk, list(mine.values())), strict=True)
        for one in some:
            wrong = ready[one.row]
            if isinstance(wrong, list):
                yield Judged(wrong)
            else:
                yield Judged(_outcome(case, one, answers[one.row]))


class _Desks:
    """The partners of an import, each with a desk, the import in the place of a credential."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.open: dict[str, Desk] = {}
        self._unknown: set[str] = set()

    def is_open(self, partner: str) -> bool:
        """Whether the program has such a partner."""
        if partner not in self.open and partner not in self._unknown:
            if partners.partner(self.case.program.id, partner, strong=True) is None:
                self._unknown.add(partner)
            else:
                self.open[partner] = self._desk(partner)
        return partner in self.open

    def _desk(self, partner: str) -> Desk:
        case, name = self.case, f"import:{self.case.import_id}"
        caller = PartnerCaller(
            program=case.program.id,
            partner=partner,
            credential=name,
            name=name,
            scopes=(),
            outlets=(),
            message=name,
        )
        return Desk(caller, case.at, settings(), trusted=True, history=case.order.history)


def _ready(
    desks: _Desks, typed: Typed, row: AnyRow | list[Fault], known: Members
) -> tuple[str, Receipt] | list[Fault]:
    """A row's receipt with its partner, or what is wrong with it."""
    if isinstance(row, list):
        return row
    ordered = desks.case.order.partner
    partner = row.partner or ordered
    if not partner or (ordered and partner != ordered) or not desks.is_open(partner):
        code = "required" if not partner else "unknown_partner"
        code = "other_partner" if ordered and partner != ordered else code
        return [Fault(typed.row, typed.line, "partner", code)]
    buyer = None
    if row.external_id:
        member = known.get((EXTERNAL, row.external_id))
        if member is None:
            return [Fault(typed.row, typed.line, "external_id", "member_unknown")]
        buyer = Buyer(member=member)
    return partner, rows_receipts.receipt(row, buyer)


def _outcome(case: Case, row: Typed, answer: Answered) -> Outcome | list[Fault]:
    if isinstance(answer, Busy):
        raise answer  # the part comes again; what is done of it stays done
    if isinstance(answer, Refusal):
        return rows_receipts.faults(row, answer)
    # What was posted since the run began is its own work, also before it was interrupted.
    if answer.item.posted_at >= (case.since or render(case.at)):
        return "done"
    if case.order.on_existing == "skip":
        return "known"
    return [Fault(row.row, row.line, "number", "row_known")]
