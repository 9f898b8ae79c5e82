"""What the trial of rules takes and gives."""

from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

import msgspec

from chalicelib.earning.explain import WhyNot
from chalicelib.earning.model import (
    Donation,
    Event,
    Gift,
    Judgement,
    Other,
    Stamped,
    TierChange,
    Used,
    Voucher,
)
from chalicelib.earning.service import Tried
from chalicelib.kernel.texts import say
from chalicelib.programs.values import Slug

T = TypeVar("T")


class Trial(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An event to judge, and by which document."""

    document: Annotated[
        Literal["draft", "in_force"] | Annotated[int, msgspec.Meta(ge=1, le=999_999)],
        msgspec.Meta(
            description="The draft, the version in force at the event's time, or the number of one."
        ),
    ] = "in_force"
    event: Event
    """What happened, or might."""
    used: Annotated[dict[Slug, Used], msgspec.Meta(max_length=1000)] = {}
    """Points that rules gave before, by rule; for caps."""
    explain: bool = False
    """Whether to tell why the other rules of the trigger gave nothing."""


class LinePoints(msgspec.Struct, frozen=True):
    """One line's share of an award."""

    line: int
    """Place of the line, from 0."""
    points: int
    """Its points."""


class LineMoney(msgspec.Struct, frozen=True):
    """One line's share of a discount."""

    line: int
    """Place of the line, from 0."""
    amount: int
    """What comes off, in minor units."""


class _OfRule(msgspec.Struct, frozen=True, kw_only=True):
    rule: str
    """Id of the rule."""
    name: str
    """Its name in the reader's language."""


class TrialAward(_OfRule, frozen=True, kw_only=True):
    """Points of one rule."""

    points: int
    """The points."""
    pending_days: int
    """Usable so many days after the event; 0: at once."""
    capped: bool
    """Whether a cap or the ceiling made it smaller."""
    lines: list[LinePoints]
    """The shares of the lines that earned it; they add up to `points`."""


class TrialDiscount(_OfRule, frozen=True, kw_only=True):
    """Money off by one rule."""

    amount: int
    """What comes off, in minor units."""
    lines: list[LineMoney]
    """The shares of the lines; they add up to `amount`."""


class TrialStamps(_OfRule, frozen=True, kw_only=True):
    """What happens to a stamp card."""

    card: str
    """Name of the card."""
    given: int
    """New stamps."""
    free: int
    """Pieces that are free because a card was full."""
    after: int
    """Stamps on the card afterwards."""


class TrialGift(_OfRule, frozen=True, kw_only=True):
    """A free article."""

    sku: str
    """Its article number."""
    quantity: int
    """Pieces."""


class TrialVoucher(_OfRule, frozen=True, kw_only=True):
    """Points that become vouchers."""

    count: int
    """Vouchers."""
    points: int
    """Points that they take, all together."""
    amount: int
    """What they are worth, all together, in minor units."""


class TrialTier(_OfRule, frozen=True, kw_only=True):
    """A tier that the member comes to."""

    tier: str
    """Its name."""


class TrialDonation(_OfRule, frozen=True, kw_only=True):
    """Money that the club gives away."""

    to: str
    """Who gets it."""
    amount: int
    """How much, in minor units."""


class WhyNotView(_OfRule, frozen=True, kw_only=True):
    """One thing that kept a rule from giving something."""

    code: str
    """Stable name of the reason; programs may decide by it."""
    path: str
    """JSON pointer into the rule; empty: it lies in no one place of it."""
    sentence: str
    """The reason in the reader's language."""
    inputs: dict[str, str]
    """The figures and names of the sentence."""


class TrialView(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of the event."""

    version: int
    """Number of the version that judged; 0: the draft."""
    points: int
    """All points together, pending ones included."""
    awards: list[TrialAward]
    """Points, by rule."""
    discounts: list[TrialDiscount]
    """Money off, by rule; only for a basket that is still to be paid."""
    stamps: list[TrialStamps]
    """Stamp cards."""
    gifts: list[TrialGift]
    """Free articles."""
    vouchers: list[TrialVoucher]
    """Points that become vouchers."""
    tiers: list[TrialTier]
    """Tiers that the member comes to."""
    donations: list[TrialDonation]
    """Money that the club gives away."""
    why_not: list[WhyNotView]
    """Why the other rules of the trigger gave nothing; empty unless asked for."""


def trial_view(tried: Tried, language: str) -> TrialView:
    """A trial in one language."""
    names = {rule.id: rule.name.get(language) for rule in tried.document.earning.rules}
    given = tried.judgement
    return TrialView(
        version=tried.document.version,
        points=given.points,
        awards=[
            TrialAward(
                rule=one.rule,
                name=names[one.rule],
                points=one.points,
                pending_days=one.pending_days,
                capped=one.capped,
                lines=[LinePoints(*share) for share in one.shares],
            )
            for one in given.awards
        ],
        discounts=[
            TrialDiscount(
                rule=one.rule,
                name=names[one.rule],
                amount=one.amount,
                lines=[LineMoney(*share) for share in one.shares],
            )
            for one in given.discounts
        ],
        stamps=_others(given, Stamped, TrialStamps, names),
        gifts=_others(given, Gift, TrialGift, names),
        vouchers=_others(given, Voucher, TrialVoucher, names),
        tiers=_others(given, TierChange, TrialTier, names),
        donations=_others(given, Donation, TrialDonation, names),
        why_not=[why_not_view(one, names[one.rule], language) for one in tried.why_not],
    )


def _others(
    given: Judgement, kind: type[Other], view: Callable[..., T], names: dict[str, str]
) -> list[T]:
    return [
        view(name=names[one.rule], **msgspec.structs.asdict(one))
        for one in given.others
        if isinstance(one, kind)
    ]


def why_not_view(one: WhyNot, name: str, language: str) -> WhyNotView:
    """What kept a rule from giving something, in one language."""
    return WhyNotView(
        rule=one.rule,
        name=name,
        code=one.code,
        path=one.path,
        sentence=say(language, f"rule.{one.code}", **one.params),
        inputs=one.params,
    )
