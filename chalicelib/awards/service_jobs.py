"""The jobs of a list: checking its rows, and posting the good ones, each exactly once.

Either may be delivered twice, at once or late: what a part brought about is written in one
transaction with the list, and every row leaves a guard together with its entry.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache, partial

import msgspec

from chalicelib.awards import model, store, upload
from chalicelib.awards.model import AwardList, Outcome, Row
from chalicelib.awards.store import ListItem, RowsItem
from chalicelib.jobs.model import JobFailed, Work
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import posting
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Award, Cause, Reason
from chalicelib.ledger.posting import AccountClosed, Posting
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members import lookup
from chalicelib.members import store as members
from chalicelib.members.model import Member
from chalicelib.programs.service import in_force

Owner = Callable[[str], Member | None]
_MEMBER = re.compile(r"[0-9a-hjkmnp-tv-z]{20}")


def check_part(work: Work) -> int:
    """Find whom the rows of one part are for and whether they can be posted; changes no points."""
    head, part = _list(work), _rows(work, work.part)
    if head.award_list.state != "checking" or part.checked:
        return len(part.rows)
    typed = store.typed_keys(work.job.program, work.job.ref, work.part)
    if typed is None and _is_waiting(work):
        raise JobFailed("upload_gone")
    owner = cache(partial(_owner, head.award_list))
    pairs = zip(part.rows, typed or (), strict=False)
    found = [_resolved(work, row, key, owner) for row, key in pairs]

    def decide(_: bool) -> tuple[Writes, None]:
        if not _is_waiting(work):
            return Writes(), None
        return _checked(work, found), None

    transact(decide)
    return len(part.rows)


def run_part(work: Work) -> int:
    """Post the good rows of one part; those that were posted before stay as they are."""
    part = _rows(work, work.part)
    head = _list(work).award_list
    if head.state != "running" or work.part in head.ran:
        return len(part.rows)
    tried = [_post(work, head, row) for row in part.rows if row.outcome == "ok"]

    def decide(_: bool) -> tuple[Writes, None]:
        item = _list(work)
        if work.part in item.award_list.ran:
            return Writes(), None
        return store.change(item, model.ran(item.award_list, work.part, tried)), None

    transact(decide)
    return len(part.rows)


def _checked(work: Work, found: Sequence[Row]) -> Writes:
    """What the check of one part writes; the last part judges the whole list."""
    program, list_id = work.job.program, work.job.ref
    item = _list(work)
    head = item.award_list
    if head.left > 1:
        after = msgspec.structs.replace(head, left=head.left - 1)
        writes = store.checked(_rows(work, work.part), found)
    else:
        after, writes = _judged(work, head, found)
    writes += store.change(item, after)
    writes += store.keys_gone(program, list_id, work.part)
    return writes


def _judged(work: Work, head: AwardList, found: Sequence[Row]) -> tuple[AwardList, Writes]:
    parts = store.every_rows(head.program, head.list)
    rows: list[Row] = []
    for number, part in enumerate(parts, start=1):
        rows += found if number == work.part else part.rows
    judged = model.judged(head, rows)
    writes = Writes()
    for number, part in enumerate(parts):
        writes += store.checked(part, judged[number * model.PART : (number + 1) * model.PART])
    return model.checked(head, judged), writes


def _is_waiting(work: Work) -> bool:
    """Whether this part is still to be checked."""
    return _list(work).award_list.state == "checking" and not _rows(work, work.part).checked


def _resolved(work: Work, row: Row, key: str, owner: Owner) -> Row:
    if row.outcome != "ok":
        return row
    try:
        found = owner(key)
    except InvalidFields:
        return upload.malformed(row, "member")
    if found is None or found.status == "erased":
        return msgspec.structs.replace(row, outcome="unknown_member")
    row = msgspec.structs.replace(row, member=found.member)
    if found.status != "active":
        return msgspec.structs.replace(row, outcome="not_active")
    if row.points > 0:
        return row
    try:
        account = ledger.account(found.program, found.member, strong=True)
    except AccountUnknown:
        return msgspec.structs.replace(row, outcome="unknown_member")
    today = local_date(work.at, in_force(found.program, work.at).zone)
    available = 0 if account.debt else account.available(today)
    return msgspec.structs.replace(row, available=available)


def _owner(award_list: AwardList, key: str) -> Member | None:
    """The member whom a cell names, if who uploaded the list may find them by that; raises
    InvalidFields when it can name nobody.
    """
    program, by = award_list.program, _named_by(key)
    if by in ("email", "phone") and not award_list.may_search:
        return None
    member = key if by is None else lookup.owner(program, by, key, upload.POINTER)
    return members.read(program, member, strong=True) if member else None


def _named_by(key: str) -> lookup.Key | None:
    """What a cell names a member by; None: by the id."""
    if _MEMBER.fullmatch(key):
        return None
    if "@" in key:
        return "email"
    return "phone" if key.startswith(("+", "＋")) else "card_number"


def _post(work: Work, head: AwardList, row: Row) -> Row:
    """One row posted or found impossible, with its guard in the same transaction."""
    program = work.job.program

    def decide(_: bool) -> tuple[Writes, Outcome]:
        before = store.became(program, head.list, row.number)
        if before is not None:
            return Writes(), msgspec.convert(before.outcome, Outcome)
        posted = _posting(work, head, row)
        if isinstance(posted, Posting):
            writes, entry = posted.writes, posted.entry.seq
            writes += store.settled(program, head.list, row.number, "posted", entry)
            return writes, "posted"
        return store.settled(program, head.list, row.number, posted, None), posted

    return msgspec.structs.replace(row, outcome=transact(decide))


def _posting(work: Work, head: AwardList, row: Row) -> Posting | Outcome:
    """The entry of one row, or why there can be none. Strong reads: a refusal is for ever."""
    program = in_force(work.job.program, work.at)
    member = members.read(program.id, row.member, strong=True)
    if member is None or member.status != "active":
        return "not_active"
    said = {"reason": model.reason_of(row, head)}
    try:
        account = ledger.account(program.id, row.member, strong=True)
        if row.points > 0:
            cause = Cause("points.awarded", head.list, head.run_by, head.reason)
            awards = [Award(row.points, Reason("awarded", said))]
            return posting.award(account, awards, cause, program, work.at)
        cause = Cause("points.withdrawn", head.list, head.run_by, head.reason)
        reason = Reason("withdrawn", said)
        return posting.adjust(account, row.points, cause, program, work.at, reason=reason)
    except AccountUnknown:
        return "unknown_member"
    except AccountClosed:
        return "not_active"
    except NotEnoughPoints:
        return "not_enough_points"


def _list(work: Work) -> ListItem:
    found = store.read(work.job.program, work.job.ref)
    if found is None:
        raise JobFailed("list_gone")
    return found


def _rows(work: Work, part: int) -> RowsItem:
    found = store.rows(work.job.program, work.job.ref, part)
    if found is None:
        raise JobFailed("rows_gone")
    return found
