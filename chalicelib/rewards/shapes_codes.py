"""What the route for codes that orders gave takes and answers."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.shapes import Instant
from chalicelib.rewards.model import RewardKind

GiftCodeState = Literal["open", "redeemed", "refunded"]


class Redemption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code that somebody shows."""

    gift_code: Annotated[
        str, Meta(min_length=1, max_length=100, description="As it is typed or scanned.")
    ]
    dry_run: bool = False
    """Whether only to look it up: nothing is redeemed."""


class GiftCodeView(msgspec.Struct, frozen=True, kw_only=True):
    """A code that an order gave: what it is good for, and whether it still is."""

    state: GiftCodeState
    """Whether it works, was redeemed, or its order was refunded."""
    number: str
    """Number of the order."""
    reward: str
    """Id of the reward."""
    name: str
    """What the reward is called, in the reader's language."""
    kind: RewardKind
    """What sort of thing it is."""
    piece: int
    """Which piece of the order it stands for, from 1."""
    placed_at: Instant
    """When it was given."""
    redeemed_at: Instant | None
    """When it was redeemed; null: it was not."""
    redeemed_by: str | None
    """Who redeemed it: `staff:…` or `operator:…`; null: nobody."""
