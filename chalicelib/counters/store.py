"""How the months of a member are stored and read. Receipts, returns and awards write them."""

from collections.abc import Iterable

from chalicelib.counters.model import Month
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import CompressedAttribute, IntAttribute, Item
from chalicelib.kernel.table.writes import Writes


class MonthItem(Item):
    """What one member bought and earned in one month."""

    version = IntAttribute()
    month: CompressedAttribute[Month] = CompressedAttribute(Month)


def newest(program: str, member: str, after: str | None, limit: int) -> Iterable[MonthItem]:
    """A member's months, newest first."""
    pk = keys.member(program, member)
    return MonthItem.below(pk, "MONTH#", newest_first=True, after=after, limit=limit)


def several(program: str, member: str, months: Iterable[str]) -> dict[str, Month]:
    """Those of the months (``2026-05``) that there are; strong reads, a unit each."""
    pk = keys.member(program, member)
    found = MonthItem.several((pk, month_key(month)) for month in months)
    return {_name(item): item.month for item in found}


def since(program: str, member: str, first: str) -> dict[str, Month]:
    """A member's months from one on; a strong read, a unit for each 4 KB of them together."""
    found = MonthItem.query(
        keys.member(program, member),
        MonthItem.sk.between(month_key(first), "MONTH#~"),
        consistent_read=True,
    )
    return {_name(item): item.month for item in found}


def one(program: str, member: str, month: str) -> tuple[Month, int]:
    """A month with its version, 0 where it is not there yet; a strong read."""
    found = MonthItem.find(keys.member(program, member), month_key(month), strong=True)
    return (found.month, found.version) if found else (Month(), 0)


def put(program: str, member: str, name: str, month: Month, version: int) -> Writes:
    """The month ``name`` as it is now, if it is still of the version that was read."""
    pk = keys.member(program, member)
    item = MonthItem(pk, month_key(name), version=version + 1, month=month)
    same = MonthItem.version == version if version else MonthItem.pk.does_not_exist()
    return Writes().put(item, same)


def month_key(month: str) -> str:
    """Sort key of a member's month."""
    return f"MONTH#{month}"


def _name(item: MonthItem) -> str:
    return str(item.sk).removeprefix("MONTH#")
