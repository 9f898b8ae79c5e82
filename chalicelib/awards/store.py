"""How lists of awards, their rows and what became of them are stored and read."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.awards import model
from chalicelib.awards.model import AwardList, Outcome, Row
from chalicelib.awards.upload import Typed
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes

KEYS_LIVE = timedelta(days=2)
"""How long what was typed waits for a check that never comes."""


class ListItem(Item):
    """A list without its rows. ``revision`` counts its changes, so that each rests on the last."""

    revision = IntAttribute()
    award_list: PackedAttribute[AwardList] = PackedAttribute(AwardList)


class RowsItem(Item):
    """The rows of one part, at most 250 KB; by member ids once ``checked``."""

    rows: PackedAttribute[tuple[Row, ...]] = PackedAttribute(tuple[Row, ...])
    checked = BooleanAttribute(default=False)


class KeysItem(Item):
    """Whom the rows of one part are for, as typed; deleted when they are checked."""

    typed: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...])
    ttl = IntAttribute()


class RowItem(Item):
    """What became of one row that was to be run; put once, with its entry."""

    outcome = UnicodeAttribute()
    entry = IntAttribute(null=True)


class Listed(Item):
    """One row of the report, for paging; never stored."""

    row: Row
    entry: int | None


def read(program: str, list_id: str, *, strong: bool = True) -> ListItem | None:
    """A list, or nothing."""
    return ListItem.find(keys.award_lists(program), _list_key(list_id), strong=strong)


def newest(program: str, after: str | None, limit: int) -> Iterator[ListItem]:
    """A program's lists, newest first."""
    pk = keys.award_lists(program)
    return ListItem.below(pk, "LIST#", newest_first=True, after=after, limit=limit)


def create(new: AwardList, typed: Sequence[Typed], at: datetime) -> Writes:
    """A new list with all its rows: two items for each part, so 80 of 5 000 rows.

    They fit into one transaction: 800 KB of text at most double by their quotation marks, and each
    row has some 120 bytes of its own.
    """
    pk = keys.award_list(new.program, new.list)
    head = ListItem(keys.award_lists(new.program), _list_key(new.list), revision=1, award_list=new)
    writes = Writes().put_new(head)
    ttl = int((at + KEYS_LIVE).timestamp())
    for part in range(1, new.parts + 1):
        mine = typed[(part - 1) * model.PART : part * model.PART]
        rows, wanted = tuple(one.row for one in mine), tuple(one.key for one in mine)
        writes.put_new(RowsItem(pk, _rows_key(part), rows=rows))
        writes.put_new(KeysItem(pk, _keys_key(part), typed=wanted, ttl=ttl))
    return writes


def change(before: ListItem, after: AwardList) -> Writes:
    """The list as it is now, unless somebody else changed it."""
    return Writes().update(
        before,
        [ListItem.revision.set(before.revision + 1), ListItem.award_list.set(after)],
        ListItem.revision == before.revision,
    )


def rows(program: str, list_id: str, part: int) -> RowsItem | None:
    """The rows of one part. A strong read."""
    return RowsItem.find(keys.award_list(program, list_id), _rows_key(part), strong=True)


def every_rows(program: str, list_id: str) -> list[RowsItem]:
    """The rows of all parts, in order. Strong reads."""
    return list(RowsItem.below(keys.award_list(program, list_id), "ROWS#", strong=True))


def typed_keys(program: str, list_id: str, part: int) -> tuple[str, ...] | None:
    """Whom the rows of one part are for, as typed; nothing once they were checked."""
    found = KeysItem.find(keys.award_list(program, list_id), _keys_key(part), strong=True)
    return None if found is None else found.typed


def checked(before: RowsItem, after: Sequence[Row]) -> Writes:
    """The rows of a part as the check found them."""
    return Writes().update(
        before,
        [RowsItem.rows.set(tuple(after)), RowsItem.checked.set(True)],
        RowsItem.rows.exists(),
    )


def keys_gone(program: str, list_id: str, part: int) -> Writes:
    """What was typed for one part is deleted."""
    return Writes().delete(KeysItem(keys.award_list(program, list_id), _keys_key(part)))


def became(program: str, list_id: str, number: int) -> RowItem | None:
    """What became of one row, if it was run. A strong read."""
    return RowItem.find(keys.award_list(program, list_id), _row_key(number), strong=True)


def settled(program: str, list_id: str, number: int, outcome: Outcome, entry: int | None) -> Writes:
    """What becomes of one row, once for ever."""
    pk = keys.award_list(program, list_id)
    return Writes().put_new(RowItem(pk, _row_key(number), outcome=outcome, entry=entry))


def begun(program: str, list_id: str, part: int) -> Iterator[Row]:
    """The rows of a part that came to an end, with what became of them."""
    item = rows(program, list_id, part)
    if item is None:
        return
    pk, first = item.pk, _row_key(item.rows[0].number - 1)
    ran = RowItem.below(pk, "ROW#", after=first, limit=len(item.rows), strong=True)
    ended = {one.sk: one for one in ran}
    for row in item.rows:
        if found := ended.get(_row_key(row.number)):
            yield _listed(pk, row, found).row


def report(program: str, list_id: str, after: str | None) -> Iterator[Listed]:
    """The rows beyond the sort key ``after`` with what became of them, part by part."""
    pk = keys.award_list(program, list_id)
    last = int(after.rpartition("#")[2]) if after else 0
    before = _rows_key(model.part_of(last) - 1) if last else None
    for item in RowsItem.below(pk, "ROWS#", after=before, at_once=1):
        first = _row_key(item.rows[0].number - 1)
        ran = {one.sk: one for one in RowItem.below(pk, "ROW#", after=first, limit=len(item.rows))}
        for row in item.rows:
            if row.number > last:
                yield _listed(pk, row, ran.get(_row_key(row.number)))


def _listed(pk: str, row: Row, found: RowItem | None) -> Listed:
    listed = Listed(pk, _row_key(row.number))
    listed.row, listed.entry = row, None
    if found is not None:
        outcome = msgspec.convert(found.outcome, Outcome)
        listed.row = msgspec.structs.replace(row, outcome=outcome)
        listed.entry = found.entry
    return listed


def _list_key(list_id: str) -> str:
    return f"LIST#{list_id}"


def _rows_key(part: int) -> str:
    return keys.numbered("ROWS", part)


def _keys_key(part: int) -> str:
    return keys.numbered("KEYS", part)


def _row_key(number: int) -> str:
    return keys.numbered("ROW", number)
