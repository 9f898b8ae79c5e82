"""Bodies, queries and answers of this room."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.coupons.model import Sort, Standing, Terms
from chalicelib.coupons.store_issues import LeftOut
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table.pages import PageQuery
from chalicelib.programs.values import Texts

MOST_MEMBERS = 500
MemberId = Annotated[str, Meta(pattern=r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)")]


class IssueBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Coupons to give."""

    members: Annotated[
        tuple[MemberId, ...],
        Meta(min_length=1, max_length=MOST_MEMBERS, description="Ids of those who get one."),
    ]
    name: Texts
    """What members read on it; every language of the program is needed."""
    terms: Terms
    """What each coupon is worth."""
    reason: Annotated[
        str, Meta(min_length=3, max_length=500, description="Why; kept for ever, for staff.")
    ]
    dry_run: bool = False
    """Whether only the report is wanted, and nobody gets anything."""


class IssueView(msgspec.Struct, frozen=True):
    """What becomes of a list of members."""

    issue: str | None
    """Id of the list; null: a dry run."""
    job: str | None
    """The job that gives the coupons; null: a dry run."""
    eligible: int
    """How many members get a coupon."""
    left_out: list[LeftOut]
    """Who on the list gets none, in its order."""


class CouponsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which coupons."""

    state: Annotated[Standing | None, Meta(description="Only coupons that stand like this.")] = None


class CouponView(msgspec.Struct, frozen=True):
    """A coupon for its member."""

    coupon: str
    """Its id."""
    sort: Sort
    """`coupon`: given by the club, or ordered; `credit`: money's worth for points."""
    name: str
    """What it is called, in the reader's language."""
    code: str
    """What is said or typed at the till, e.g. 7K3M-9QWX-2B4D-5."""
    state: Standing
    """Whether it can be used, was used or withdrawn, or its last day is over."""
    terms: Terms
    """What it is worth, for what and until when."""
    issued_at: Instant
    """When it was given."""
    receipt: str | None
    """The receipt that used it; null: none."""


class StaffCouponView(msgspec.Struct, frozen=True):
    """A coupon for staff, without its code: whoever knows that can use it."""

    coupon: str
    """Its id."""
    sort: Sort
    """`coupon`: given by staff, or ordered; `credit`: by a rule for points."""
    name: Texts
    """What it is called."""
    state: Standing
    """Where it stands."""
    terms: Terms
    """What it is worth, for what and until when."""
    issued_at: Instant
    """When it was given."""
    changed_at: Instant
    """When it was given, used, opened again or withdrawn last."""
    receipt: str | None
    """The receipt that used it; null: none."""
    source: str
    """What gave it: `issue:` and the id of a list, `order:` and the number of an order, or what a
    rule looked at.
    """
