"""Cursor paging. A cursor is a signed sort key: opaque, and of no use on another list."""

import base64
import binascii
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, Generic, TypeVar

import msgspec

from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.secrets import keyed_hash, same
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import Item

I = TypeVar("I", bound=Item)  # noqa: E741
V = TypeVar("V")


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of a list, and from where."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100, description="Maximum number of rows.")] = 25
    cursor: Annotated[
        str,
        msgspec.Meta(max_length=400, description="`next` of the page before; empty: first page."),
    ] = ""


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


def sifted(
    query: PageQuery,
    list_name: str,
    read: Callable[[str | None, int], Iterable[I]],
    keep: Callable[[I], bool],
    show: Callable[[I], V],
    most: int,
) -> Page[V]:
    """One page of the items that pass ``keep``, for which at most ``most`` items are read.

    Where few pass, a page is short or even empty although ``next`` leads on.
    """
    after = _open(list_name, query.cursor) if query.cursor else None
    rows: list[V] = []
    last, seen = "", 0
    for item in islice(read(after, most + 1), most + 1):
        if seen == most or len(rows) == query.limit:
            return Page(rows, _seal(list_name, last))
        last, seen = item.sk, seen + 1
        if keep(item):
            rows.append(show(item))
    return Page(rows, "")


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
