"""A member's whole partition, whatever room an item is from: for export and erasure."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from chalicelib.kernel.facts import Image, image
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, client
from chalicelib.kernel.table.writes import Writes, commit
from chalicelib.members.store import JournalItem

I = TypeVar("I", bound=Item)  # noqa: E741

AT_ONCE = 100


class Stored(Item):
    """Any item of a member's partition, as plain values."""

    image: Image


def stored(program: str, member: str, after: str | None, limit: int) -> Iterator[Stored]:
    """Items of a member's partition in the order of their keys, whatever their room."""
    pk = keys.member(program, member)
    asked: dict[str, Any] = {
        "TableName": settings().table,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}},
        "Limit": limit,
    }
    if after:
        asked["ExclusiveStartKey"] = {"pk": {"S": pk}, "sk": {"S": after}}
    while True:
        found = client().query(**asked)
        for low_level in found["Items"]:
            item = Stored(low_level["pk"]["S"], low_level["sk"]["S"])
            item.image = image(low_level)
            yield item
        if "LastEvaluatedKey" not in found:
            return
        asked["ExclusiveStartKey"] = found["LastEvaluatedKey"]


def tidy_erased(program: str, member: str, prefixes: Iterable[str]) -> int:
    """Delete the items with these prefixes, scrub staff's notes; the number of items changed."""
    pk = keys.member(program, member)
    done = 0
    for prefix in prefixes:
        done += _in_parts(Item.below(pk, prefix, strong=True), lambda w, i: w.delete(i))
    noted = (one for one in JournalItem.below(pk, "J#", strong=True) if one.note is not None)
    remove = JournalItem.note.remove()
    exists = JournalItem.pk.exists()
    return done + _in_parts(noted, lambda w, i: w.update(i, [remove], exists))


def _in_parts(items: Iterable[I], change: Callable[[Writes, I], Writes]) -> int:
    done = 0
    rest = iter(items)
    while part := list(islice(rest, AT_ONCE)):
        writes = Writes()
        for item in part:
            change(writes, item)
        commit(writes)
        done += len(part)
    return done
