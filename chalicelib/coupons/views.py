"""From coupons to what is shown of them."""

from datetime import date

from chalicelib.coupons import store
from chalicelib.coupons.model import Coupon, standing
from chalicelib.coupons.shapes import CouponView, IssueView, StaffCouponView
from chalicelib.coupons.store_issues import Issue
from chalicelib.kernel.codes import in_groups


def coupon_view(coupon: Coupon, day: date, language: str) -> CouponView:
    """A coupon for its member, on a local day."""
    return CouponView(
        coupon=coupon.coupon,
        sort=coupon.sort,
        name=coupon.name.get(language),
        code=in_groups(store.code_of(coupon.program, coupon.coupon)),
        state=standing(coupon, day),
        terms=coupon.terms,
        issued_at=coupon.issued_at,
        receipt=coupon.receipt or None,
    )


def staff_view(coupon: Coupon, day: date) -> StaffCouponView:
    """A coupon for staff, on a local day."""
    return StaffCouponView(
        coupon=coupon.coupon,
        sort=coupon.sort,
        name=coupon.name,
        state=standing(coupon, day),
        terms=coupon.terms,
        issued_at=coupon.issued_at,
        changed_at=coupon.changed_at,
        receipt=coupon.receipt or None,
        source=coupon.source,
    )


def issue_view(issue: Issue) -> IssueView:
    """What becomes of a list of members."""
    return IssueView(
        issue=issue.issue or None,
        job=issue.job or None,
        eligible=len(issue.members),
        left_out=list(issue.left_out),
    )
