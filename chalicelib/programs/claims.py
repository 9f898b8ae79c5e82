"""Claims of sellers: how long the club waits for the buyer, and for the seller."""

from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec

from chalicelib.kernel.clock import day_begins


class Claims(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a seller is given for a sold item counts when its buyer registers it."""

    window_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=366,
            description="For so many local days, that of the buyer's registration included, a "
            "seller can still claim the item; 0: only before it.",
        ),
    ] = 3
    deadline_days: Annotated[
        Annotated[int, msgspec.Meta(ge=1, le=366)] | None,
        msgspec.Meta(
            description="So many local days, that of the claim included, the buyer has to register "
            "the item; after them the claim lapses. Null: a claim waits for ever."
        ),
    ] = None


def in_window(terms: Claims, registered: date, today: date) -> bool:
    """Whether an item that was registered on a local day can still be claimed today."""
    return today < registered + timedelta(days=terms.window_days)


def lapses_at(terms: Claims, claimed: date, zone: str) -> datetime | None:
    """The first instant at which a registration comes too late for a claim of a local day; None:
    none does.
    """
    if terms.deadline_days is None:
        return None
    return day_begins(claimed + timedelta(days=terms.deadline_days), zone)
