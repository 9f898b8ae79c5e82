"""How members are found by the words of their names."""

from collections.abc import Iterator, Sequence

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.members import names

AT_ONCE = 50


class NameItem(Item):
    """One word of a member's name, with the others, so that a hit needs no further read."""

    member = UnicodeAttribute()
    tokens: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...])

    @property
    def token(self) -> str:
        """The word."""
        return self.sk.partition("#")[0]


def renamed(program: str, member: str, before: Sequence[str], after: Sequence[str]) -> Writes:
    """Let a member be found by the words ``after``, no longer by ``before``."""
    writes = Writes()
    if tuple(before) == tuple(after):
        return writes
    for token in before:
        if token not in after:
            writes.delete(_item(program, member, token))
    for token in after:
        item = _item(program, member, token)
        item.member, item.tokens = member, tuple(after)
        writes.put(item, None)
    return writes


def beginning(program: str, start: str, after: str | None) -> Iterator[NameItem]:
    """The words that begin with ``start``; strong, so that nobody erased is found."""
    pk = keys.names(program, start[: names.SHORTEST])
    return NameItem.below(pk, start, after=after, strong=True, at_once=AT_ONCE)


def _item(program: str, member: str, token: str) -> NameItem:
    return NameItem(keys.names(program, token[: names.SHORTEST]), f"{token}#{member}")
