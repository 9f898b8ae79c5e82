"""What the room's routes take and answer; the API document is made from these."""

from typing import Annotated

import msgspec

from chalicelib.earning.views import WhyNotView
from chalicelib.kernel.http.problems import Problem
from chalicelib.kernel.http.shapes import Day, Instant
from chalicelib.ledger.views import AccountView
from chalicelib.programs.values import Slug
from chalicelib.receipts.model import Buyer, Happening, Receipt, State


class ReceiptBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Receipts of a till that was without connection, in any order."""

    receipts: Annotated[tuple[Receipt, ...], msgspec.Meta(min_length=1, max_length=100)]
    """The receipts."""


class PartnerEvent(Happening, frozen=True, kw_only=True):
    """An event that a partner's system tells."""

    buyer: Buyer
    """Whose it is."""
    outlet: Slug = ""
    """Id of the outlet; missing: none."""


class StaffEvent(Happening, frozen=True, kw_only=True):
    """An event that staff tell."""

    reason: Annotated[
        str, msgspec.Meta(min_length=3, max_length=500, description="Why; kept for ever.")
    ]


class ClaimBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code of a receipt."""

    receipt_code: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=60,
            description="As printed; case, spaces and dashes do not matter.",
        ),
    ]


class ReceiptAward(msgspec.Struct, frozen=True):
    """Points of one rule."""

    rule: str
    """Id of the rule."""
    name: str
    """Its name in the reader's language."""
    points: int
    """The points."""
    available_from: Day | None
    """Local day from which they can be used; null: at once."""


class ReceiptLine(msgspec.Struct, frozen=True):
    """One position, and how it was settled."""

    line: int
    """Place in the receipt, from 0."""
    sku: str
    """Article number."""
    category: str
    """Category; empty: unknown."""
    quantity: int
    """Pieces."""
    returned: int
    """Pieces that came back."""
    price: int
    """Price of the whole line, in minor units."""
    discount: int
    """What had come off before, as the till told it; the price is already without it."""
    coupon: int
    """Of it, taken off by coupons."""
    points: int
    """Points that paid for it."""
    points_money: int
    """What these points were worth, in minor units."""
    money: int
    """Of it, paid with money."""
    earned: int
    """The line's share of the points that the receipt brought."""


class ReceiptStamps(msgspec.Struct, frozen=True):
    """What happened to a stamp card."""

    card: str
    """Name of the card."""
    given: int
    """New stamps."""
    free: int
    """Pieces that were free."""
    after: int
    """Stamps on the card afterwards."""


class ReceiptGift(msgspec.Struct, frozen=True):
    """A free article to hand over."""

    rule: str
    """Id of the rule."""
    name: str
    """Its name in the reader's language."""
    sku: str
    """Article number."""
    quantity: int
    """Pieces."""


class ReceiptVoucher(msgspec.Struct, frozen=True):
    """Points that became a credit."""

    rule: str
    """Id of the rule."""
    coupon: str
    """Id of the member's coupon."""
    code: str
    """The code that a till takes."""
    count: int
    """Full vouchers in it."""
    points: int
    """Points that it took."""
    amount: int
    """What it is worth, in minor units."""


class ReceiptDonation(msgspec.Struct, frozen=True):
    """Money that the club gives away."""

    rule: str
    """Id of the rule."""
    to: str
    """Who gets it."""
    amount: int
    """How much, in minor units."""


class ReceiptPoints(msgspec.Struct, frozen=True):
    """The points of a receipt, and those of its member as they are now."""

    earned: int
    """Brought by it, usable at once."""
    pending: int
    """Brought by it, usable later."""
    spent: int
    """Paid for it."""
    balance: int
    """The member's balance."""
    available: int
    """Of it, can be spent today."""
    debt: int
    """Owed after something was taken back."""


class ReceiptReturn(msgspec.Struct, frozen=True):
    """One return."""

    number: str
    """Its number."""
    at: Instant
    """When it was carried out."""
    money: int
    """Money given back, in minor units."""
    points_back: int
    """Spent points that came back."""
    points_taken: int
    """Points of the award that were taken back."""


class ReceiptRow(msgspec.Struct, frozen=True):
    """One row of a list of receipts."""

    receipt: str
    """Id of the receipt."""
    number: str
    """Number that the till gave it."""
    at: Instant
    """When it was paid."""
    partner: str
    """Id of the partner."""
    outlet: str
    """Id of the outlet."""
    state: State
    """How it stands."""
    total: int
    """Price of all lines, in minor units."""
    money: int
    """Of it, paid with money."""
    earned: int
    """Points that it brought, later ones included."""
    spent: int
    """Points that paid for it."""
    historical: bool
    """Whether it is of the club's past: it was imported to be counted, and brought nothing."""


class ReceiptView(ReceiptRow, frozen=True):
    """A receipt and what it brought."""

    till: str
    """Name of the till; empty: not told."""
    channel: str
    """Over which channel; empty: unknown."""
    program_version: int
    """Version of the program by which it was judged; above 1 000 000, a pilot and its number; 0: it
    is nobody's yet."""
    lines: list[ReceiptLine]
    """The positions."""
    awards: list[ReceiptAward]
    """Points by rule."""
    stamps: list[ReceiptStamps]
    """Stamp cards that it moved on."""
    gifts: list[ReceiptGift]
    """Free articles to hand over."""
    vouchers: list[ReceiptVoucher]
    """Points that became credits."""
    donations: list[ReceiptDonation]
    """Money that the club gives away."""
    tier: str
    """The tier that the member came to; empty: none."""
    returns: list[ReceiptReturn]
    """What came back."""


class PostedView(ReceiptView, frozen=True):
    """A posted receipt for the till."""

    points: ReceiptPoints | None
    """Points; null: the receipt is nobody's, or whose it is did not show at this sale."""
    receipt_code: str
    """By which the buyer can claim it; empty: it cannot be claimed."""
    text: list[str]
    """Lines for the printed receipt, in the buyer's language."""


class ReturnedView(msgspec.Struct, frozen=True):
    """A return that was carried out."""

    receipt: str
    """Id of the receipt."""
    state: State
    """How the receipt stands now."""
    number: str
    """Number of the return."""
    money: int
    """Money to give back for it, in minor units."""
    points_back: int
    """Spent points that came back to the member."""
    points_taken: int
    """Points of the award that were taken back."""
    points: ReceiptPoints | None
    """Points of the receipt and its member now; null: the receipt is nobody's, or whose it is did
    not show at this sale."""
    text: list[str]
    """Lines for the printed receipt, in the buyer's language."""


class ReceiptOutcome(msgspec.Struct, frozen=True):
    """What became of one receipt of a batch."""

    number: str
    """Number of the receipt."""
    status: int
    """As if it had been sent alone: 201, or that of the problem."""
    receipt: PostedView | None
    """The receipt; null: it was refused."""
    problem: Problem | None
    """Why it was refused; null: it was not."""


class ReceiptBatchView(msgspec.Struct, frozen=True):
    """What became of a batch, in its order."""

    posted: int
    """How many are posted, now or before."""
    refused: int
    """How many were refused."""
    receipts: list[ReceiptOutcome]
    """Each by itself."""


class PurchaseMonth(msgspec.Struct, frozen=True):
    """What a member bought in one month."""

    month: str
    """The month, as `2026-05`."""
    amount: int
    """Paid with money, net of returns, in minor units."""
    receipts: int
    """Receipts, without those returned as a whole."""
    categories: dict[str, int]
    """Money by category, in minor units; the empty one: unknown, or beyond the first sixty."""
    partners: dict[str, int]
    """Money by partner, in minor units."""


class PurchasesView(msgspec.Struct, frozen=True):
    """What a member bought, month by month, newest first."""

    months: list[PurchaseMonth]
    """At most the last 24 months with purchases."""
    stamps: dict[str, int]
    """Stamps on cards."""
    tier: str
    """The tier; empty: none."""
    account: AccountView
    """The points."""


class StaffReceiptView(ReceiptView, frozen=True):
    """A receipt for staff, with the judgement explained."""

    member: str | None
    """Whose it is; null: nobody's yet."""
    posted_at: Instant
    """When it was posted or told."""
    entry: int
    """Number of the ledger's entry; 0: none."""
    identified: str
    """How the till knew the buyer; empty: not."""
    why_not: list[WhyNotView]
    """What was in the way of the other rules."""
