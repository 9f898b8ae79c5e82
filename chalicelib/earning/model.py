"""What is judged and what comes of it, as frozen values.

Money is in minor units of the program's currency, points are whole, days are local.
"""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec

from chalicelib.earning.spread import spread
from chalicelib.programs.rules_model import Trigger
from chalicelib.programs.values import Kind, Means, Money, Points, Ratio, Sku, Slug

MAX_LINES = 500
MOST_POINTS = 10**12
"""The most points of a member that rules see."""
Few = Annotated[tuple[Slug, ...], msgspec.Meta(max_length=100)]
Nth = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
Month = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")]


class _Value(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    pass


class Line(_Value, frozen=True, kw_only=True):
    """One position of a receipt, or the item of a registration."""

    sku: Sku
    """Article number."""
    category: Slug = ""
    """Category; empty: unknown."""
    brand: Slug = ""
    """Brand; empty: unknown."""
    tags: Few = ()
    """Marks of the goods."""
    quantity: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1
    """Pieces; weighed goods are one."""
    paid: Money = 0
    """Money for the whole line, without what points and vouchers paid; before rules' discounts."""
    on_sale: bool = False
    """Whether it is sold at a reduced price."""


class MemberFacts(_Value, frozen=True, kw_only=True):
    """What rules may ask of the member, as of the event."""

    kind: Kind = "buyer"
    """Kind of member."""
    joined_on: date | None = None
    """Local day of joining; null: unknown."""
    birthday: date | None = None
    """Date of birth; null: not told."""
    gender: Literal["female", "male", "other"] | None = None
    """As told; null: not told."""
    tier: Slug = ""
    """Name of the tier; empty: none."""
    segments: Few = ()
    """Segments that the member is in."""
    groups: Few = ()
    """Verified groups that the member is in."""
    points: Annotated[int, msgspec.Meta(ge=-MOST_POINTS, le=MOST_POINTS)] = 0
    """Points that are available before this event's; below zero: owed."""


class Today(_Value, frozen=True, kw_only=True):
    """Which payment of the member's local day this is."""

    outlet: Nth = 1
    """In this outlet."""
    channel: Nth = 1
    """Over this channel."""
    program: Nth = 1
    """In the whole program."""


class History(_Value, frozen=True, kw_only=True):
    """What is known of the member's purchases before this event, net of returns."""

    counters: Annotated[
        dict[Slug, Annotated[int, msgspec.Meta(ge=0, le=10**15)]], msgspec.Meta(max_length=50)
    ] = {}
    """The program's counters by name; a missing one is 0."""
    months: Annotated[tuple[Month, ...], msgspec.Meta(max_length=60)] = ()
    """Calendar months with a purchase, as `2026-05`."""
    stamps: Annotated[
        dict[Slug, Annotated[int, msgspec.Meta(ge=0, le=100)]], msgspec.Meta(max_length=50)
    ] = {}
    """Stamps on the member's cards by name; a missing card is empty."""
    first: bool = False
    """Whether it is the member's first event of this trigger."""
    today: Today = Today()
    """Which payment of the day it is."""


class Event(_Value, frozen=True, kw_only=True):
    """Something that happened, or a basket that is about to be paid."""

    trigger: Trigger
    """What happened."""
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    """When."""
    quote: bool = False
    """Whether it is still to be paid: only then discounts are given, points are what would come."""
    lines: Annotated[tuple[Line, ...], msgspec.Meta(max_length=MAX_LINES)] = ()
    """The positions."""
    partner: Slug = ""
    """At which partner; empty: none."""
    outlet: Slug = ""
    """In which outlet of the partner; empty: none."""
    channel: Slug = ""
    """Over which channel; empty: unknown."""
    identified: Means | Literal[""] = ""
    """How the till knew the member; empty: it did not ask."""
    partner_rate: Ratio | None = None
    """The share that the partner gives of a purchase on that day; null: none."""
    payment: Few = ()
    """Means of payment that were used."""
    subject: Slug = ""
    """Which activity was done or level reached; empty: nothing of the kind."""
    count: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0
    """What is counted instead of money, such as miles flown."""
    given: Points = 0
    """Points that the event brings without rules, for multipliers."""
    member: MemberFacts = MemberFacts()
    """The member."""
    history: History = History()
    """What went before."""


class Used(_Value, frozen=True, kw_only=True):
    """Points that one rule gave before, against its caps."""

    day: Money = 0
    """To the member on the event's local day."""
    month: Money = 0
    """To the member in its calendar month."""
    period: Money = 0
    """To the member in the days of its period."""
    ever: Money = 0
    """To the member for ever."""
    program: Money = 0
    """To all members together."""


class Award(msgspec.Struct, frozen=True, gc=False):
    """Points of one rule."""

    rule: str
    points: int
    pending_days: int
    """Usable so many days after the event; 0: at once."""
    lines: tuple[int, ...]
    """Places of the lines that earned it; empty: the event has none."""
    weights: tuple[int, ...]
    """What was to be paid for each of them."""
    capped: bool
    """Whether a cap or the ceiling made it smaller."""

    @property
    def shares(self) -> tuple[tuple[int, int], ...]:
        """Line and points, for each line; the points always add up to the award's."""
        return tuple(zip(self.lines, spread(self.points, self.weights), strict=True))


class Discount(msgspec.Struct, frozen=True, gc=False):
    """Money off by one rule."""

    rule: str
    amount: int
    shares: tuple[tuple[int, int], ...]
    """Line and amount, where something comes off; they add up to the whole."""


class Stamped(msgspec.Struct, frozen=True, gc=False, tag=True):
    """What an event does to a stamp card."""

    rule: str
    card: str
    given: int
    free: int
    """Pieces that are free because a card was full."""
    after: int
    """Stamps on the card afterwards."""


class Gift(msgspec.Struct, frozen=True, gc=False, tag=True):
    """A free article."""

    rule: str
    sku: str
    quantity: int


class Voucher(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Points that become vouchers."""

    rule: str
    count: int
    points: int
    """Points that they take, all together."""
    amount: int
    """What they are worth, all together."""


class TierChange(msgspec.Struct, frozen=True, gc=False, tag=True):
    """A tier that the member comes to."""

    rule: str
    tier: str


class Donation(msgspec.Struct, frozen=True, gc=False, tag=True):
    """Money that the club gives away."""

    rule: str
    to: str
    amount: int


Other = Stamped | Gift | Voucher | TierChange | Donation


class Judgement(msgspec.Struct, frozen=True):
    """All that comes of an event, in the order in which the rules are judged."""

    awards: tuple[Award, ...] = ()
    discounts: tuple[Discount, ...] = ()
    others: tuple[Other, ...] = ()

    @property
    def points(self) -> int:
        """All points together, pending ones included."""
        return sum(award.points for award in self.awards)


NOTHING = Judgement()
