"""Verified groups that members can apply for: what a program asks of them."""

from typing import Annotated

import msgspec

from chalicelib.programs.values import Texts


class GroupTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group, such as pupils or teachers, whose members are verified by staff.

    Rules ask for it by the condition `group`.
    """

    name: Texts
    """What it is called."""
    evidence: Texts
    """What a member has to tell to prove that they belong, as members read it."""
    months: Annotated[
        int,
        msgspec.Meta(ge=1, le=60, description="For so many calendar months a proof holds at most."),
    ] = 12
    remind_days: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            le=90,
            description="So many days before a proof ends the member is reminded to prove it anew; "
            "0: not.",
        ),
    ] = 30
