"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, Forbidden, NotFound


class SellersOnly(Forbidden):
    """Only members of the kind `seller` sell for a partner."""

    code = "sellers_only"


class SellerUnknown(NotFound):
    """The member never asked to be a partner's seller."""

    code = "seller_unknown"


class SellerDecided(Conflict):
    """Nothing waits for a call: it was decided before, by another request."""

    code = "seller_decided"
