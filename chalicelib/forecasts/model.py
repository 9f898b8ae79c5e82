"""Forecasts as values: past receipts, what is assumed, and a forecast itself. Pure.

Money is in minor units of the program's currency, points are whole, shares are in basis points
(1 % = 100), days are local days of the program's zone.
"""

from typing import Annotated, Literal

import msgspec

from chalicelib.earning.model import MAX_LINES
from chalicelib.kernel.http.shapes import CalendarDay
from chalicelib.programs.model import Program
from chalicelib.programs.values import Ratio
from chalicelib.receipts.model import Payment
from chalicelib.receipts.store import Sold

WHOLE = 10_000
"""All of something, in basis points."""
MOST_DOCUMENTS = 6
"""Documents that one forecast compares with the version in force."""
MOST_DAYS = 1_100
BUCKETS = 16
"""Into which the members are divided; a part of the work takes some of them."""
RECEIPTS_PER_PART = 40_000
"""Receipts times documents that one part plays through in good time."""
IN_FORCE = "in_force"
Share = Annotated[int, msgspec.Meta(ge=0, le=WHOLE)]
State = Literal["gathering", "running", "done", "failed", "cancelled"]
Source = Literal["stored", "file"]
Paying = Literal["share", "as_told"]
Prices = Literal["paid", "shelf"]


class _Value(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    pass


class Assumptions(_Value, frozen=True, kw_only=True):
    """What cannot be known of the past, and is assumed alike for every document."""

    paying: Paying = "share"
    """How members pay with points: `share`, whenever they can, `spend_share` of what they can;
    `as_told`, as many as they did then, as far as the document lets them."""
    spend_share: Share = WHOLE
    """For `share`: basis points of the most points that a member could pay with."""
    prices: Prices = "paid"
    """What the prices of the receipts are: `paid`, after the discounts of rules, so that no
    discount is given again; `shelf`, before them, so that each document takes off its own."""
    margin: Share = 0
    """Basis points of the price that are margin, for lines whose cost nobody told."""
    point_value: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] = 100
    """Minor units that a point costs the club, where the document does not let points pay."""
    counted_from: CalendarDay | None = None
    """First day that is counted: what was before is played through, so that members come with
    points, counters and tiers; missing: everything is counted."""
    shift_days: Annotated[int, msgspec.Meta(ge=0, le=3_660)] = 0
    """Play the receipts through as if they came so many days later, for rules with dates; whole
    weeks keep the weekdays."""


class PastReturn(msgspec.Struct, frozen=True, array_like=True):
    """Goods of a past receipt that came back."""

    at: str
    lines: tuple[tuple[int, int], ...]
    """Line and pieces."""


class Past(msgspec.Struct, frozen=True, omit_defaults=True):
    """A past receipt, or another event, of one member."""

    member: str
    receipt: str
    """Its id."""
    partner: str
    outlet: str
    sold: Sold
    coupons: tuple[int, ...] = ()
    """What coupons took off each line; empty: nothing."""
    payments: tuple[Payment, ...] = ()
    points: int = 0
    """Points that it was paid with then."""
    rate: Ratio | None = None
    """The partner's own rate on that day."""
    before: tuple[int, ...] = ()
    """Pieces of each line that had come back before it was judged."""
    returns: Annotated[tuple[PastReturn, ...], msgspec.Meta(max_length=MAX_LINES)] = ()


class Faulty(msgspec.Struct, frozen=True, array_like=True):
    """A row of a file that is no receipt."""

    line: int
    code: str
    pointer: str


class Named(msgspec.Struct, frozen=True):
    """A document of a forecast: what it is called, and where it came from."""

    name: str
    kind: Literal["in_force", "draft", "version", "variant"]
    version: int
    """Its number, where it is a published one; else 0."""
    point_value: int
    discounts: bool
    """Whether its rules give discounts."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast as of its last change, without documents and result."""

    program: str
    forecast: str
    name: str
    source: Source
    file: str = ""
    first: str
    """First local day."""
    last: str
    """Last local day."""
    documents: tuple[Named, ...]
    """The version in force first."""
    assumptions: Assumptions
    state: State = "gathering"
    job: str
    """The job that gathers the receipts, then the one that plays them through."""
    parts: int
    """Parts of that job."""
    ran: tuple[int, ...] = ()
    """Its parts that are done."""
    receipts: int = 0
    """Receipts and events that were gathered."""
    faulty: int = 0
    """Rows of the file that are no receipts."""
    faults: tuple[Faulty, ...] = ()
    """The first of them."""
    created_at: str
    created_by: str


def parts_for(receipts: int, documents: int) -> int:
    """In how many parts so much is played through."""
    return max(1, min(BUCKETS, -(-receipts * documents // RECEIPTS_PER_PART)))


def value_of(program: Program, assumed: Assumptions) -> int:
    """Minor units that one point costs the club."""
    spending = program.purchases.spending
    return spending.point_value if spending else assumed.point_value
