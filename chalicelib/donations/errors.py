"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class CharityUnknown(NotFound):
    """The program names no such charity."""

    code = "charity_unknown"


class DonationUnknown(NotFound):
    """The member has made no such donation."""

    code = "donation_unknown"


class DonationTakenBack(Conflict):
    """The donation was taken back before, by another request."""

    code = "donation_taken_back"


class DonationSettled(Conflict):
    """The donation's month is over."""

    code = "donation_settled"
