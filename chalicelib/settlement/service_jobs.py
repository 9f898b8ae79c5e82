"""The job of a settlement: each part reads one segment of the table and keeps its sums on the way.

A part keeps its place and its sums in one conditional write: whoever was killed or overtaken before
it has counted nothing.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

from chalicelib.jobs.model import JobFailed, Unfinished, Work
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import ConditionFailed, commit
from chalicelib.ledger import store as ledger
from chalicelib.ledger.holds import pending_key
from chalicelib.ledger.model import Entry
from chalicelib.programs.model import Program
from chalicelib.programs.service import version
from chalicelib.receipts import store as receipts
from chalicelib.receipts.returns import lots_back
from chalicelib.receipts.service_receipts import document
from chalicelib.receipts.store import ReceiptItem
from chalicelib.settlement import store
from chalicelib.settlement.model import BACK, CLUB, Matter, Sheet
from chalicelib.settlement.service import ADD_UP

PAGES = 50
"""Pages of the table after which a part keeps its place."""
PAID = "receipt_paid"
"""Code of the reason of points that pay for goods."""


def add_up(work: Work) -> int:
    """Go on with one part; raises Unfinished until it is at its end."""
    item = store.read(work.job.program, work.job.ref)
    if item is None:
        raise JobFailed("settlement_gone")
    place = store.place(item.program, item.settlement, work.part)
    if place.over:
        return 1
    sheet = Sheet(place.sums)
    cursor: Cursor | None = place.cursor
    for _ in range(PAGES):
        found, cursor = store.entries(item.program, item.order, work.part, cursor)
        _add(sheet, item.program, found)
        if cursor is None:
            break
    try:
        commit(store.moved(place, cursor, sheet.sums()))
    except ConditionFailed as overtaken:
        raise Unfinished from overtaken
    if cursor is not None:
        raise Unfinished
    return 1


def _add(sheet: Sheet, program: str, entries: Iterable[Entry]) -> None:
    found = list(entries)
    bought = [one.cause.ref for one in found if _is_of_receipt(one)]
    known = receipts.several(program, bought)
    for entry in found:
        sheet.add(entry, _matter(entry, known))


def _matter(entry: Entry, known: Mapping[str, ReceiptItem]) -> Matter:
    if not _is_of_receipt(entry):
        value = _value(version(entry.program, entry.program_version))
        giver = _promiser(entry) if entry.contra == "purchase" else CLUB
        return Matter(giver=giver, value=value)
    item = known.get(entry.cause.ref)
    if item is None:
        raise JobFailed("receipt_gone")
    program = document(item)
    return Matter(
        partner=item.partner,
        giver=item.partner if program.purchases.partners_settle else CLUB,
        value=_value(program),
        spent=-sum(part.points for part in entry.parts if part.reason.code == PAID),
        exchanged=_exchanged(entry, item),
    )


def _exchanged(entry: Entry, item: ReceiptItem) -> tuple[tuple[str, int], ...]:
    """Of what comes back by a return, by issuer: points that had become credits."""
    whole = sum(part.points for part in entry.parts if part.reason.code == BACK)
    paid = sum(one.back for one in item.returns if one.entry == entry.seq)
    if whole == paid or item.given is None:
        return ()
    found: Counter[str] = Counter()
    for lot in lots_back(item.given.swapped, 0, whole - paid):
        found[lot.issuer] += lot.points
    return tuple(sorted(found.items()))


def _is_of_receipt(entry: Entry) -> bool:
    """Whether its cause names a receipt: an announced award that is confirmed names itself."""
    return entry.contra == "purchase" and not entry.kind.startswith("award.")


def _promiser(entry: Entry) -> str:
    """Who announced the points that an entry credits."""
    pk = keys.member(entry.program, entry.member)
    item = ledger.PendingItem.find(pk, pending_key(entry.cause.ref), strong=True)
    return (item.issuer if item else None) or CLUB


def _value(program: Program) -> int:
    spending = program.purchases.spending
    return spending.point_value if spending else 0


JOB_HANDLERS = {ADD_UP: add_up}
"""What the jobs queue calls for this room's jobs."""
