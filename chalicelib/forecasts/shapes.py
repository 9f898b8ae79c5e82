"""What the routes of forecasts take and give. Money is in minor units, shares are basis points."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.forecasts.model import MOST_DOCUMENTS, Assumptions, Source, State
from chalicelib.forecasts.variants import Variant
from chalicelib.jobs.views import JobView
from chalicelib.kernel.http.shapes import CalendarDay, Day, Instant

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Number = Annotated[int, Meta(ge=1, le=999_999)]
DocumentKind = Literal["in_force", "draft", "version", "variant"]


class NewForecast(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to compare, on which receipts."""

    name: Name
    """What the forecast is called."""
    documents: Annotated[
        tuple[Literal["draft", "in_force"] | Number, ...],
        Meta(
            max_length=MOST_DOCUMENTS,
            description="What to compare with the version in force: the draft, and published "
            "versions by their numbers.",
        ),
    ] = ("draft",)
    variants: Annotated[tuple[Variant, ...], Meta(max_length=4)] = ()
    """The draft with changes."""
    source: Source = "stored"
    """The members' real receipts, or those of a file."""
    file: Annotated[str, Meta(max_length=64)] = ""
    """For `file`: id of a ready file whose purpose is `receipts`."""
    begins: Annotated[
        CalendarDay | None,
        Meta(description="First local day of the receipts; missing: 91 days before the last."),
    ] = msgspec.field(default=None, name="from")
    ends: Annotated[CalendarDay | None, Meta(description="Last local day; missing: today.")] = (
        msgspec.field(default=None, name="to")
    )
    assumptions: Assumptions = Assumptions()
    """What cannot be known."""


class ForecastRow(msgspec.Struct, frozen=True, kw_only=True):
    """A forecast in a list."""

    forecast: str
    """Id of the forecast."""
    name: str
    """What it is called."""
    state: State
    """`gathering` receipts, `running`, `done`, or stopped: `failed`, `cancelled`."""
    source: Source
    """Where the receipts came from."""
    begins: Day = msgspec.field(name="from")
    """First local day."""
    ends: Day = msgspec.field(name="to")
    """Last local day."""
    receipts: int
    """Receipts and other events that were found so far."""
    documents: list[str]
    """What is compared; the version in force first."""
    created_at: Instant
    """When it was ordered."""
    created_by: str
    """By whom."""


class FaultyRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the file that is no receipt."""

    line: int
    """Where it begins in the file, from 1."""
    code: str
    """Stable name of what is wrong."""
    pointer: str
    """Where in the row; empty: nowhere in particular."""
    detail: str
    """A sentence for people."""


class RuleResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule gave."""

    rule: str
    """Its id in the document."""
    name: str
    """What members read."""
    times: int
    """How often it gave something."""
    points: int
    """Points, less what came back."""
    money: int
    """Discounts, vouchers and donations."""


class SpanResult(msgspec.Struct, frozen=True, kw_only=True):
    """The points of one day, or of one month."""

    span: str
    """`2026-11-23`, or `2026-11`."""
    receipts: int
    """Receipts."""
    turnover: int
    """Prices."""
    given: int
    """Points given."""
    spent: int
    """Points spent."""
    burnt: int
    """Points burnt."""
    discounts: int
    """What the document's own rules took off, less that of what came back."""


class MemberChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a document is worth to one member."""

    member: str
    """A pseudonym, the same in all forecasts of the program."""
    in_force: int
    """Points and discounts by the version in force, in money."""
    here: int
    """The same by this document."""
    change: int
    """The difference."""


class PointsResult(msgspec.Struct, frozen=True, kw_only=True):
    """Where the points came from and went; opening + given + excused = spent + exchanged + burnt +
    open + pending - owed."""

    opening: int
    """What members had when counting began."""
    given: int
    """What rules gave, less what returns took back."""
    excused: int
    """Points of returned goods that members keep: burnt already, or forgiven."""
    spent: int
    """What paid for receipts."""
    exchanged: int
    """What became vouchers."""
    burnt: int
    """What burnt unused."""
    open: int
    """What can be used at the end."""
    pending: int
    """What is announced at the end."""
    owed: int
    """What members owe at the end."""


class MoneyResult(msgspec.Struct, frozen=True, kw_only=True):
    """What it costs and leaves."""

    turnover: int
    """Prices before coupons, points and the document's own discounts."""
    margin: int
    """Prices less costs."""
    cost_known: int
    """Basis points of the turnover whose cost was told."""
    point_value: int
    """What one point costs the club."""
    points_cost: int
    """What points paid for."""
    discounts: int
    """Taken off by the document's rules."""
    coupons: int
    """Taken off by coupons, as it was then."""
    discount_cost: int
    """Points, discounts and coupons together."""
    discount_share: int
    """That, in basis points of the turnover."""
    vouchers: int
    """Worth of the vouchers that points became."""
    donations: int
    """Given away."""
    liability: int
    """What open and announced points are worth at the end."""
    expected: int
    """How much of that will be used, if as many burn as did here."""
    near: int
    """Near profit: margin less discount cost, vouchers and donations."""
    far: int
    """Far profit: near profit less what is expected to be used."""


class ChangeResult(msgspec.Struct, frozen=True, kw_only=True):
    """The same beside the version in force."""

    near: int
    """Near profit more, or less."""
    far: int
    """Far profit more, or less."""
    given: int
    """Points given more, or fewer."""
    winners: int
    """Members who would get more."""
    losers: int
    """Members who would get less."""
    unchanged: int
    """Members who would get as much."""
    deciles: list[int]
    """Nine changes in money that part the members into ten equal groups; empty: there are none."""
    most: list[MemberChange]
    """Who gains most."""
    least: list[MemberChange]
    """Who loses most."""


class DocumentResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one document came to."""

    name: str
    """What it is called here."""
    kind: DocumentKind
    """What it is."""
    version: int | None
    """Its number, if it is published."""
    receipts: int
    """Receipts played through."""
    events: int
    """Other events."""
    refused: int
    """What the document could not take."""
    members: int
    """Members."""
    points: PointsResult
    """Points."""
    breakage: int
    """Burnt, in basis points of those given."""
    money: MoneyResult
    """Money."""
    vouchers: int
    """Vouchers that points became."""
    gifts: int
    """Free articles; what they cost is not known."""
    beside: ChangeResult
    """The change from the version in force."""
    rules: list[RuleResult]
    """By rule."""
    months: list[SpanResult]
    """By month."""
    days: list[SpanResult]
    """By day."""
    sentences: list[str]
    """What is worth knowing, in words."""


class ForecastView(ForecastRow, frozen=True, kw_only=True):
    """A forecast, its progress and, when it is done, what it found."""

    file: str | None
    """The file, if the receipts are one's."""
    faulty: int
    """Rows of the file that are no receipts; they were passed."""
    faults: list[FaultyRow]
    """The first of them."""
    assumptions: Assumptions
    """What was assumed."""
    job: JobView
    """The work under way, or the last."""
    result: list[DocumentResult] | None
    """By document, the version in force first; null: not done."""


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which table."""

    table: Annotated[
        Literal["comparison", "rules", "days", "members"], Meta(description="Which table.")
    ] = "comparison"
