"""Receipts as values: what a till says, what was made of it, and what came back.

Money is in minor units of the program's currency and whole; points are whole; instants are RFC 3339
texts in UTC. Places of lines count from 0.
"""

from typing import Annotated, Literal

import msgspec

from chalicelib.earning.model import MAX_LINES, Few, Judgement, MemberFacts, Today, Used
from chalicelib.kernel.http.shapes import Moment
from chalicelib.kernel.texts import Language
from chalicelib.programs.rules_model import Trigger
from chalicelib.programs.values import Means, Money, Ratio, Sku, Slug

State = Literal["unclaimed", "posted", "partly_returned", "returned"]
NUMBER_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$(?!\n)"
Number = Annotated[str, msgspec.Meta(pattern=NUMBER_PATTERN)]
"""A receipt's or a return's number, as the till counts them."""
Place = Annotated[int, msgspec.Meta(ge=0, lt=MAX_LINES)]
Pieces = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Coupon = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
SALE = "receipt_paid"
"""The trigger of a paid receipt."""
LEVEL = "level_reached"
"""The trigger of a level that purchases lift to for the first time."""
CHECK = "monthly_check"
"""The trigger of a month that is over, for members who bought within a year."""
COMPLETED = "profile_completed"
"""The trigger of a profile that is complete, which staff tell where the program names no fields."""


class _Told(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    pass


class Buyer(_Told, frozen=True, kw_only=True):
    """How the till knows the buyer: by one of these."""

    card: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    """Number of the member's card."""
    app_code: Annotated[str, msgspec.Meta(min_length=1, max_length=60)] | None = None
    """The code that the member's app shows."""
    phone: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    """Phone number in international form."""
    member: Annotated[str, msgspec.Meta(min_length=1, max_length=40)] | None = None
    """Id of the member, for a webshop that knows it."""

    @property
    def told(self) -> tuple[str, ...]:
        """The fields that say something."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)


class SoldLine(_Told, frozen=True, kw_only=True):
    """One position of a receipt."""

    sku: Sku
    """Article number."""
    category: Slug = ""
    """Category; missing: unknown."""
    brand: Slug = ""
    """Brand; missing: unknown."""
    tags: Few = ()
    """Marks of the goods, as rules ask for them."""
    quantity: Pieces = 1
    """Pieces; weighed goods are one."""
    price: Money
    """Price of the whole line in minor units, after the till's discounts, before coupons and
    points."""
    on_sale: bool = False
    """Whether it is sold at a reduced price."""
    cost: Money | None = None
    """What the whole line cost the shop, in minor units; missing: not told."""
    discount: Money = 0
    """What came off the line before, in minor units: the `discount` of its quote, and the till's
    own. It is only printed and kept; the price is already without it."""


class Payment(_Told, frozen=True, kw_only=True):
    """Money paid by one means."""

    means: Slug
    """Means of payment, e.g. `cash`, `bank-card`, `house-card`, `gift-card`."""
    amount: Money
    """How much, in minor units."""


class Basket(_Told, frozen=True, kw_only=True):
    """What is bought, by whom and how: what a quote and a receipt have in common."""

    outlet: Slug
    """Id of the outlet, as staff gave it."""
    buyer: Buyer | None = None
    """Who buys; missing: the till does not know."""
    lines: Annotated[tuple[SoldLine, ...], msgspec.Meta(min_length=1, max_length=MAX_LINES)]
    """The positions."""
    points: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0
    """Points to pay with."""
    coupons: Annotated[tuple[Coupon, ...], msgspec.Meta(max_length=10)] = ()
    """Codes of the member's coupons."""
    channel: Slug = ""
    """Over which channel, e.g. `shop`, `web`, `auto-payment`; missing: unknown."""
    language: Language | None = None
    """Language of the texts for the printed receipt; missing: the member's, else the program's."""


class Receipt(Basket, frozen=True, kw_only=True):
    """A paid purchase as the till tells it."""

    number: Number
    """Number of the receipt; unique for outlet, till and business day."""
    till: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[A-Za-z0-9._/-]*$(?!\n)")] = ""
    """Name of the till; missing: the outlet has one."""
    at: Moment
    """When it was paid."""
    payments: Annotated[tuple[Payment, ...], msgspec.Meta(max_length=20)] = ()
    """How the rest was paid; missing: not told. If told, the amounts with points and coupons add up
    to the lines."""
    quote: Annotated[str, msgspec.Meta(max_length=40, pattern=r"^[0-9a-z]*$(?!\n)")] = ""
    """Id of the held quote whose points are spent; missing: none."""


class ReturnedLine(_Told, frozen=True, kw_only=True):
    """Pieces of one line that come back."""

    line: Place
    """Place of the line in the receipt, from 0."""
    quantity: Pieces
    """How many pieces."""


class Return(_Told, frozen=True, kw_only=True):
    """Goods that come back, as the till tells it."""

    number: Number
    """Number of the return; unique for the receipt."""
    at: Moment
    """When the goods came back."""
    lines: Annotated[tuple[ReturnedLine, ...], msgspec.Meta(min_length=1, max_length=MAX_LINES)]
    """What comes back; each line once."""
    language: Language | None = None
    """Language of the texts; missing: the member's, else the program's."""


class PastReceipt(Receipt, frozen=True, kw_only=True):
    """A receipt of the club's past: it is counted, brings nothing and takes nothing."""

    paid: Annotated[tuple[Money, ...], msgspec.Meta(max_length=MAX_LINES)] = ()
    """Money paid for each line, in minor units; missing: what the payments add up to, spread over
    the lines, or the prices."""
    returns: Annotated[tuple[Return, ...], msgspec.Meta(max_length=50)] = ()
    """What came back."""


class Happening(_Told, frozen=True, kw_only=True):
    """Something that is no purchase and may earn points."""

    trigger: Trigger
    """What happened."""
    number: Number
    """Number of this event; unique for the member and the trigger."""
    at: Moment
    """When."""
    count: Annotated[int, msgspec.Meta(ge=0, le=10**9)] = 0
    """What is counted, e.g. miles flown or containers returned."""
    subject: Slug = ""
    """Which activity, level or review; missing: nothing of the kind."""


class Shares(msgspec.Struct, frozen=True, array_like=True):
    """How the price of one line was settled, in minor units; the parts add up to its price."""

    coupon: int
    """Taken off by coupons."""
    points_money: int
    """Paid with points."""
    points: int
    """The points that paid it."""
    idle: int
    """Paid by means that earn nothing."""
    earning: int
    """Paid by means that earn."""

    @property
    def money(self) -> int:
        """Paid with money of any means."""
        return self.idle + self.earning


class Frozen(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the rules knew when the receipt was judged; it is never judged by anything else."""

    version: int
    """Version of the program."""
    member: MemberFacts
    counters: dict[str, int] = {}
    months: tuple[str, ...] = ()
    stamps: dict[str, int] = {}
    first: bool = False
    today: Today = Today()
    used: dict[str, Used] = {}
    """What rules with caps had given before."""
    identified: Means | Literal[""] = ""
    partner_rate: Ratio | None = None
    pilot: str = ""
    """The pilot whose document judged instead of the version; empty: none."""


class Spent(msgspec.Struct, frozen=True, array_like=True):
    """One lot that paid for the receipt."""

    burns: str
    issuer: str
    use: str
    points: int


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a receipt brought to its member, as it was judged."""

    frozen: Frozen
    judgement: Judgement
    entry: int
    """Number of the ledger's entry."""
    spent: tuple[Spent, ...] = ()
    """The lots that its points came from, the soonest-burning first."""
    before: tuple[int, ...] = ()
    """Pieces of each line that had come back before it was judged; empty: none."""
    coupons: tuple[str, ...] = ()
    """Ids of the coupons that it used."""
    vouchers: tuple[str, ...] = ()
    """Ids of the coupons that it brought for points."""
    swapped: tuple[Spent, ...] = ()
    """The lots that paid for those."""
    promised: tuple[str, ...] = ()
    """Ids of the announced awards, each for one award that can be used later."""
    first: bool = False
    """Whether it set the mark of the member's first receipt."""
    budgets: dict[str, int] = {}
    """Shard of the budget of each rule that has one."""


class Returned(msgspec.Struct, frozen=True, omit_defaults=True):
    """One return as it was carried out."""

    number: str
    at: str
    content: str
    """Hash of the request."""
    lines: tuple[tuple[int, int], ...]
    """Line and pieces."""
    entry: int = 0
    """Number of the ledger's entry; 0: the receipt was nobody's."""
    back: int = 0
    """Spent points that came back."""
    taken: int = 0
    """Points of the award that were taken back, pending ones included."""
    unannounced: int = 0
    """Of these, points that were still announced; below zero: announced again."""
    lapsed: int = 0
    """Of these, announced points that staff had cancelled before."""
    excused: int = 0
    """Of these, points that had burnt unspent, so that nothing was owed for them."""
    forgiven: int = 0
    """Of these, points that could not be taken back and are not owed; below zero: what came back
    with this return made up for some of an earlier one."""
    money: int = 0
    """Money to give back, in minor units."""


def pieces_back(count: int, returns: tuple[Returned, ...]) -> list[int]:
    """Pieces of each of ``count`` lines that came back."""
    back = [0] * count
    for one in returns:
        for line, pieces in one.lines:
            back[line] += pieces
    return back


def state_of(lines: tuple[SoldLine, ...], returns: tuple[Returned, ...], *, owned: bool) -> State:
    """The receipt's state."""
    back = pieces_back(len(lines), returns)
    if all(line.quantity == gone for line, gone in zip(lines, back, strict=True)):
        return "returned"
    if not owned:
        return "unclaimed"
    return "partly_returned" if any(back) else "posted"
