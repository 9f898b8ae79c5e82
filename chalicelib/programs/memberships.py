"""Memberships that are paid for: what a program sells, and for how long."""

from typing import Annotated

import msgspec

from chalicelib.programs.values import Money, Texts


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A membership that is paid for.

    While it holds, the member is in the group of its name, for which rules ask by the condition
    `group`.
    """

    name: Texts
    """What it is called."""
    price: Annotated[
        Money, msgspec.Meta(description="What one period costs, in minor units of money.")
    ]
    months: Annotated[int, msgspec.Meta(ge=1, le=36, description="Calendar months of one period.")]
    grace_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=90,
            description="For so many days after what is paid the membership still holds, and a "
            "payment goes on from the paid day.",
        ),
    ] = 0
    remind_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=60,
            description="So many days before the last paid day the member is reminded; 0: not.",
        ),
    ] = 14
    privileges: Annotated[tuple[Texts, ...], msgspec.Meta(max_length=20)] = ()
    """What it brings, as members read it."""
