"""How the months of a member are stored and read. Receipts and returns write them."""

from collections.abc import Iterable

from chalicelib.counters.model import Month
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import CompressedAttribute, IntAttribute, Item


class MonthItem(Item):
    """What one member bought in one month."""

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


def month_key(month: str) -> str:
    """Sort key of a member's month."""
    return f"MONTH#{month}"


def _name(item: MonthItem) -> str:
    return str(item.sk).removeprefix("MONTH#")
