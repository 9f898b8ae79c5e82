"""What staff cannot do alone, as the club decides it."""

from typing import Annotated

import msgspec

MOST = 1_000_000_000
"""The largest change of points that anything asks for."""


class Approvals(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which changes by hand need a second person."""

    adjustment_above: Annotated[
        Annotated[int, msgspec.Meta(ge=0, le=MOST)] | None,
        msgspec.Meta(
            description="Points above which a correction, a reversal, a hold or an announced award "
            "by hand, or the refund of an order, needs a second person, and by which no gift put "
            "into an order may be worth more than it; null: never."
        ),
    ] = 10_000

    def needs_two(self, points: int) -> bool:
        """Whether so many points, added or taken, need a second person."""
        return self.adjustment_above is not None and abs(points) > self.adjustment_above

    def looser_than(self, other: "Approvals") -> bool:
        """Whether one person may do more by these rules than by ``other``."""
        if other.adjustment_above is None:
            return False
        return self.adjustment_above is None or self.adjustment_above > other.adjustment_above
