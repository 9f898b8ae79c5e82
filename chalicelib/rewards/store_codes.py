"""How a code that was made for an order leads back to it, and whether it was redeemed.

Its key is a keyed hash of the code: keys stand in logs, codes do not.
"""

from collections.abc import Iterable

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes

CODE = "CODE"


class GiftCodeItem(Item):
    """The order that gave a code."""

    number = UnicodeAttribute()
    piece = IntAttribute()
    """Which piece of the order it stands for, from 1."""
    redeemed_at = UnicodeAttribute(default="")
    redeemed_by = UnicodeAttribute(default="")


def by_code(program: str, symbols: str) -> GiftCodeItem | None:
    """What is known of a code, by its symbols alone, or nothing. A strong read."""
    return GiftCodeItem.find(_pk(program, symbols), CODE, strong=True)


def made(program: str, codes: Iterable[str], number: str) -> Writes:
    """New codes, by their symbols alone, one for each piece of the order of this number."""
    writes = Writes()
    for piece, symbols in enumerate(codes, start=1):
        writes.put_new(GiftCodeItem(_pk(program, symbols), CODE, number=number, piece=piece))
    return writes


def redeemed(found: GiftCodeItem, actor: str, at: str) -> Writes:
    """A code is redeemed, if nobody has done so."""
    field = GiftCodeItem
    actions = [field.redeemed_at.set(at), field.redeemed_by.set(actor)]
    return Writes().update(found, actions, field.redeemed_at == "")


def _pk(program: str, symbols: str) -> str:
    return keys.gift_code(program, keyed_hash(settings(), "gift code", program, symbols))
