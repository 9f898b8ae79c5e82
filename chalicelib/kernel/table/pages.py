"""Cursor paging. A cursor is a signed sort key: opaque, and of no use on another list."""

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, Generic, TypeVar

import msgspec

from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.secrets import keyed_hash, same
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import Item

I = TypeVar("I", bound=Item)  # noqa: E741
R = TypeVar("R")
V = TypeVar("V")


Limit = Annotated[int, msgspec.Meta(ge=1, le=100, description="Maximum number of rows.")]
Cursor = Annotated[
    str, msgspec.Meta(max_length=400, description="`next` of the page before; empty: first page.")
]


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a list, and from where."""

    limit: Limit = 25
    cursor: Cursor = ""


class Page(msgspec.Struct, Generic[V], frozen=True):
    """Some rows of a list; ``next`` is empty on the last page."""

    rows: list[V]
    """The rows of this page."""
    next: str
    """Goes into `cursor` for the next page; empty: this is the last one."""


def page(
    query: PageQuery,
    list_name: str,
    read: Callable[[str | None, int], Iterable[I]],
    show: Callable[[I], V],
) -> Page[V]:
    """One page: ``read(after, limit)`` yields the list's items beyond the sort key ``after``.

    ``list_name`` names partition and list: a cursor is of no use on another one.
    """
    after = _open(list_name, query.cursor) if query.cursor else None
    items = list(islice(read(after, query.limit + 1), query.limit + 1))
    more = len(items) > query.limit
    rows = items[: query.limit]
    return Page([show(item) for item in rows], _seal(list_name, rows[-1].sk) if more else "")


@dataclass(frozen=True, slots=True)
class Sieve(Generic[I, V]):
    """Which items of a list are wanted, where the table cannot tell them apart, and how many."""

    keep: Callable[[I], bool]
    show: Callable[[I], V]
    room: int
    """How much fits on a page."""
    most: int
    """How many items are looked at for one page."""
    size: Callable[[V], int] = lambda _: 1
    """How much of the room a row takes."""


def sifted(
    cursor: str, list_name: str, read: Callable[[str | None], Iterable[I]], sieve: Sieve[I, V]
) -> Page[V]:
    """One page of the wanted items; ``read(after)`` yields the list beyond the sort key ``after``.

    What is rare is found by many short calls, not by a long one: a page may hold fewer rows than
    there is room for, even none, and still have a ``next``.
    """
    after = _open(list_name, cursor) if cursor else None
    rows: list[V] = []
    filled, last = 0, ""
    for looked, item in enumerate(read(after)):
        if filled >= sieve.room or looked == sieve.most:
            return Page(rows, _seal(list_name, last))
        last = item.sk
        if sieve.keep(item):
            rows.append(sieve.show(item))
            filled += sieve.size(rows[-1])
    return Page(rows, "")


def slice_of(
    query: PageQuery,
    list_name: str,
    rows: Iterable[R],
    key: Callable[[R], str],
    show: Callable[[R], V],
) -> Page[V]:
    """One page of a short list that had to be read whole, in the order of ``key``.

    A cursor stands for a place in that order, so it holds also when rows come, go or move.
    """
    after = _open(list_name, query.cursor) if query.cursor else ""
    beyond = sorted((row for row in rows if key(row) > after), key=key)
    chosen = beyond[: query.limit]
    more = len(beyond) > len(chosen)
    return Page([show(row) for row in chosen], _seal(list_name, key(chosen[-1])) if more else "")


def _seal(list_name: str, sort_key: str) -> str:
    mac = keyed_hash(settings(), "cursor", list_name, sort_key)[:16]
    return base64.urlsafe_b64encode(f"{mac}{sort_key}".encode()).decode().rstrip("=")


def _open(list_name: str, cursor: str) -> str:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError) as error:
        raise InvalidCursor from error
    mac, sort_key = text[:16], text[16:]
    if not same(mac, keyed_hash(settings(), "cursor", list_name, sort_key)[:16]):
        raise InvalidCursor
    return sort_key
