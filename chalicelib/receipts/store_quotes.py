"""How quotes that hold points are stored, and where those that are over are found."""

import zlib
from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes

QUOTE = "QUOTE"
OPEN = "open"
SHARDS = 16
"""Of the list of quotes to end: no partition is everybody's."""


class QuoteItem(Item):
    """A held quote. ``state`` leaves ``open`` once."""

    partner = UnicodeAttribute()
    member = UnicodeAttribute()
    content = UnicodeAttribute()
    points = IntAttribute()
    until = UnicodeAttribute()
    state = UnicodeAttribute()

    @property
    def quote(self) -> str:
        """Its id."""
        return str(self.pk).rpartition("#")[2]

    @property
    def program(self) -> str:
        """Its program."""
        return str(self.pk).partition("#")[0]


class EndItem(Item):
    """A quote that ends at a time, unless it ended before."""

    program = UnicodeAttribute()
    quote = UnicodeAttribute()


def find(program: str, quote: str) -> QuoteItem | None:
    """A held quote, or nothing. A strong read."""
    return QuoteItem.find(keys.quote(program, quote), QUOTE, strong=True)


def new(
    program: str, quote: str, *, partner: str, member: str, content: str, points: int, until: str
) -> QuoteItem:
    """A quote that holds points until an instant."""
    return QuoteItem(
        keys.quote(program, quote),
        QUOTE,
        partner=partner,
        member=member,
        content=content,
        points=points,
        until=until,
        state=OPEN,
    )


def held(item: QuoteItem) -> Writes:
    """A new quote, and where its end is found."""
    return Writes().put_new(item).put_new(_end(item.program, item.quote, item.until))


def ended(item: QuoteItem, state: str) -> Writes:
    """The quote is over, ``spent`` or ``released``, if nobody else ended it."""
    writes = Writes().update(item, [QuoteItem.state.set(state)], QuoteItem.state == OPEN)
    return writes.delete(_end(item.program, item.quote, item.until))


def due(until: str) -> Iterator[EndItem]:
    """The quotes that are to end by an instant."""
    for shard in range(SHARDS):
        for item in EndItem.below(keys.quotes_to_end(shard), "Q#", strong=True):
            if item.sk[2:] > until:
                break
            yield item


def _end(program: str, quote: str, until: str) -> EndItem:
    shard = zlib.crc32(quote.encode()) % SHARDS
    sort_key = f"Q#{until}#{program}#{quote}"
    return EndItem(keys.quotes_to_end(shard), sort_key, program=program, quote=quote)
