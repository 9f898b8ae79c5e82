"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class CouponUnknown(NotFound):
    """There is no such coupon, or not of this member."""

    code = "coupon_unknown"


class CouponNotOpen(Conflict):
    """The coupon was used or withdrawn; ``state`` says which."""

    code = "coupon_not_open"


class NobodyEligible(Conflict):
    """None of the members named is an active member of the program."""

    code = "nobody_eligible"
