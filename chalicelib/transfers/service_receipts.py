"""Rows of a receipts file against the table: posted as a partner's batch is, once for ever."""

from collections.abc import Callable, Iterator, Sequence

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import Busy, Refusal
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.settings import settings
from chalicelib.receipts.desk import Desk
from chalicelib.receipts.model import Receipt
from chalicelib.receipts.service_receipts import Outcome as Answered
from chalicelib.receipts.service_receipts import post_batch, try_batch
from chalicelib.transfers import rows_receipts
from chalicelib.transfers.model import Fault, Outcome
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_done import Case, Judged

BATCH = 100
"""Receipts that are read and judged together."""
Post = Callable[[Desk, Sequence[Receipt]], list[Answered]]


def check(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """What would become of each row; changes nothing."""
    return _all(case, rows, try_batch)


def run(case: Case, rows: Sequence[Typed]) -> Iterator[Judged]:
    """Post each good row, once."""
    return _all(case, rows, post_batch)


def _all(case: Case, rows: Sequence[Typed], post: Post) -> Iterator[Judged]:
    desk = Desk(_caller(case), case.at, settings(), trusted=True)
    for start in range(0, len(rows), BATCH):
        some = rows[start : start + BATCH]
        read = {one.row: rows_receipts.read(one) for one in some}
        good = {row: found for row, found in read.items() if isinstance(found, Receipt)}
        answers = dict(zip(good, post(desk, list(good.values())), strict=True))
        for one in some:
            wrong = read[one.row]
            if isinstance(wrong, list):
                yield Judged(wrong)
            else:
                yield Judged(_outcome(case, one, answers[one.row]))


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


def _caller(case: Case) -> PartnerCaller:
    """The partner, with the import in the place of a credential."""
    name = f"import:{case.import_id}"
    return PartnerCaller(
        program=case.program.id,
        partner=case.order.partner,
        credential=name,
        name=name,
        scopes=(),
        outlets=(),
        message=name,
    )
