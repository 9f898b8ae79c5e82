"""What a coupon is worth, and to which lines of a receipt it comes.

A coupon belongs to one member and works once. Money is in minor units, days are local, instants
are RFC 3339 texts in UTC.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import msgspec

from chalicelib.earning.model import Line
from chalicelib.earning.selectors import places
from chalicelib.earning.spread import divide, spread
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.http.shapes import CalendarDay
from chalicelib.kernel.ids import symbols
from chalicelib.programs.rules_conditions import Goods
from chalicelib.programs.values import MAX_MONEY, Money, Ratio, Texts

Sort = Literal["coupon", "credit"]
"""Given by the club, also as a reward that was ordered; or by a rule for points."""
State = Literal["open", "used", "withdrawn"]
"""As stored; ``used`` turns back to ``open`` when its receipt is returned as a whole."""
Standing = Literal["open", "used", "withdrawn", "expired"]
"""As shown: an open coupon whose last day is over has expired."""
Hindrance = Literal["used", "withdrawn", "expired", "too_early"]
"""Why a coupon cannot be used on a day."""
MOST_TERMS = 2_000
"""Bytes of the terms, so that a coupon stays a small item."""
MOST_PIECES = 100_000
ID_SYMBOLS = 20
_BACKWARDS = str.maketrans("0123456789", "9876543210")
"""Turns the order of instants round."""


class Terms(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a coupon is worth, for what and until when."""

    amount: Annotated[int, msgspec.Meta(ge=1, le=MAX_MONEY)] | None = None
    """Money off, in minor units; null: `share` is given."""
    share: Ratio | None = None
    """The share off, at most all of it; null: `amount` is given."""
    goods: Goods = Goods()
    """Which lines it takes something off; all, unless anything is said here."""
    pieces: Annotated[int, msgspec.Meta(ge=1, le=MOST_PIECES)] | None = None
    """Most pieces of these lines that it takes something off, the dearest first; null: all."""
    since: CalendarDay | None = None
    """First local day on which it works; null: at once."""
    until: CalendarDay | None = None
    """Last local day on which it works; null: for ever."""
    at_least: Money = 0
    """What the whole receipt has to come to, in minor units, before the coupon."""
    combinable: bool = False
    """Whether it works beside other combinable coupons on one receipt."""


class Coupon(msgspec.Struct, frozen=True, kw_only=True):
    """One coupon as of its last change."""

    program: str
    member: str
    coupon: str
    """Its id."""
    sort: Sort
    name: Texts
    """What it is called, for its member."""
    terms: Terms
    state: State = "open"
    version: int = 1
    """Number of its last line of history."""
    issued_at: str
    changed_at: str
    receipt: str = ""
    """The receipt that used it; empty unless it is used."""
    source: str
    """What gave it: ``issue:<id>`` or what the room that gave it says."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of a coupon's history."""

    fact: str
    """``coupon.issued``, ``coupon.used``, ``coupon.reopened`` or ``coupon.withdrawn``."""
    at: str
    actor: str
    coupon: str
    name: Texts
    receipt: str = ""
    """The receipt that used it, or was returned."""


def coupon_id(*parts: str) -> str:
    """The id that belongs to these parts: whoever makes a coupon again makes the same one."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return symbols(digest[:ID_SYMBOLS]).lower()


def term_faults(terms: Terms, today: date) -> Iterable[FieldError]:
    """Everything wrong with the terms of a new coupon beyond their types."""
    if (terms.amount is None) == (terms.share is None):
        yield FieldError("/terms", "amount_or_share")
    if terms.share is not None and not 0 < terms.share.num <= terms.share.den:
        yield FieldError("/terms/share", "share_out_of_range")
    if terms.until and terms.until < today.isoformat():
        yield FieldError("/terms/until", "day_past")
    if terms.since and terms.until and terms.until < terms.since:
        yield FieldError("/terms/until", "before_since")
    if len(msgspec.json.encode(terms)) > MOST_TERMS:
        yield FieldError("/terms", "terms_too_long")


def standing(coupon: Coupon, day: date) -> Standing:
    """Where a coupon stands on a local day."""
    until = coupon.terms.until
    if coupon.state == "open" and until is not None and until < day.isoformat():
        return "expired"
    return coupon.state


def hindrance(coupon: Coupon, day: date) -> Hindrance | None:
    """Why a coupon cannot be used on a local day; nothing when it can."""
    found = standing(coupon, day)
    if found != "open":
        return found
    since = coupon.terms.since
    return "too_early" if since is not None and day.isoformat() < since else None


def together(coupons: Sequence[Coupon]) -> bool:
    """Whether these coupons may be used on one receipt."""
    return len(coupons) < 2 or all(one.terms.combinable for one in coupons)


def discount(coupon: Coupon, lines: Sequence[Line], day: date) -> list[tuple[int, int]]:
    """What a coupon takes off which lines (places from 0), in the order of the lines.

    ``paid`` of a line is what is to be paid for it without this coupon. The parts add up to the
    whole, which is never more than is to be paid for the chosen lines or pieces; a share is
    rounded down once. Nothing comes off where the coupon cannot be used, the receipt is too small,
    or no line is meant.
    """
    if hindrance(coupon, day) or sum(line.paid for line in lines) < coupon.terms.at_least:
        return []
    chosen = places(coupon.terms.goods, lines)
    due = _within(coupon.terms.pieces, [lines[place] for place in chosen])
    shares = zip(chosen, spread(_whole(coupon.terms, sum(due)), due), strict=True)
    return [(place, amount) for place, amount in shares if amount]


def _within(most: int | None, lines: Sequence[Line]) -> list[int]:
    """What of each line's price a coupon for so many pieces reaches: the dearest ones, and of
    equally dear ones the first.
    """
    if most is None:
        return [line.paid for line in lines]
    reached, left = [0] * len(lines), most
    dearest = sorted(enumerate(lines), key=lambda one: -Fraction(one[1].paid, one[1].quantity))
    for place, line in dearest:
        taken = min(left, line.quantity)
        reached[place] = divide(line.paid * taken, line.quantity, "down")
        left -= taken
    return reached


def _whole(terms: Terms, due: int) -> int:
    if terms.share is not None:
        return divide(due * terms.share.num, terms.share.den, "down")
    return min(terms.amount or 0, due)


def list_key(coupon: Coupon, day: date) -> str:
    """The place in lists: those that can still be used first, the soonest to end first; then the
    others by when they were given, the newest first.
    """
    if standing(coupon, day) == "open":
        return f"0#{coupon.terms.until or '~'}#{coupon.issued_at}#{coupon.coupon}"
    return f"1#{coupon.issued_at.translate(_BACKWARDS)}#{coupon.coupon}"
