"""What a program decides about purchases: points as money, what earns, returns, late receipts."""

from typing import Annotated, Literal

import msgspec

from chalicelib.programs.rules_conditions import Goods
from chalicelib.programs.values import Points, Ratio, Slug

OnReturn = Literal["recalculate", "shares"]
Debt = Literal["owe", "forgive"]
WHOLE = Ratio(1, 1)
MOST_DAYS = 366
"""Days after which no receipt is judged any more, whoever brings it."""


class Spending(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a purchase can be paid with points."""

    point_value: Annotated[
        int,
        msgspec.Meta(ge=1, le=1_000_000, description="Minor units of money that one point pays."),
    ] = 100
    max_share: Ratio = WHOLE
    """Largest share of a receipt that points can pay, at most all of it."""
    goods: Goods = Goods()
    """On which lines points can be spent."""
    least: Annotated[Points, msgspec.Meta(description="Fewest points that one receipt takes.")] = 0


class Purchases(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about receipts that is no earning rule."""

    spending: Spending | None = None
    """How points pay at the till; null: they do not."""
    earns_nothing: Annotated[tuple[Slug, ...], msgspec.Meta(max_length=50)] = ()
    """Means of payment whose money earns nothing, e.g. `gift-card`; it is spread over the lines."""
    on_return: OnReturn = "recalculate"
    """What is left of an award after a return: what the rules give for what is left, at most the
    award (`recalculate`), or the shares of the lines that are left (`shares`)."""
    debt: Debt = "owe"
    """What cannot be taken back of a returned award is owed, or forgiven."""
    accepted_days: Annotated[
        int,
        msgspec.Meta(
            ge=0, le=MOST_DAYS, description="Receipts of at most so many days ago are taken."
        ),
    ] = 30
    attach_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=MOST_DAYS,
            description="For so many days a member can claim a receipt that named nobody; 0: not.",
        ),
    ] = 0
    partners_settle: bool = False
    """Whether points remember which partner gave them, for the settlement between partners."""
