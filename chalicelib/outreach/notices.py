"""Facts that the staff of a program are told, and how the notices are stored: codes and figures;
the sentence is made when it is read.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.facts import Fact
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes


class Told(NamedTuple):
    """What a notice takes from its fact."""

    subject: str
    """The field that names what it is about."""
    counted: str
    """The figure that the sentence's form depends on."""
    figures: tuple[str, ...]
    """All figures."""


NOTICES = {"stock.low": Told("reward", "left", ("left", "low_stock"))}
"""By the name of the fact."""


class NoticeItem(Item):
    """One notice for the staff of a program; put once per fact."""

    at = UnicodeAttribute()
    code = UnicodeAttribute()
    subject = UnicodeAttribute()
    figures: PackedAttribute[dict[str, int]] = PackedAttribute(dict[str, int])


def told(fact: Fact) -> bool:
    """Whether the fact's notice is there."""
    return NoticeItem.find(keys.notices(fact.program), _sort_key(fact)) is not None


def tell(fact: Fact) -> Writes:
    """The notice of a fact that :data:`NOTICES` names."""
    shape = NOTICES[fact.name]
    return Writes().put_new(
        NoticeItem(
            keys.notices(fact.program),
            _sort_key(fact),
            at=fact.at,
            code=fact.name,
            subject=fact.data[shape.subject],
            figures={name: fact.data[name] for name in shape.figures},
        )
    )


def newest(program: str, after: str | None, limit: int) -> Iterator[NoticeItem]:
    """A program's notices, newest first, beyond the sort key ``after``."""
    pk = keys.notices(program)
    return NoticeItem.below(pk, "N#", newest_first=True, after=after, limit=limit)


def _sort_key(fact: Fact) -> str:
    return f"N#{fact.at}#{fact.id}"
