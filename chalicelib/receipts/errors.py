"""What can be wrong with receipts, quotes, returns and events."""

from chalicelib.kernel.errors import Conflict, NotFound, TooMany, Unprocessable


class ReceiptUnknown(NotFound):
    """There is no such receipt, or not for this caller."""

    code = "receipt_unknown"


class ReceiptDiffers(Conflict):
    """A receipt of this number was posted with other content."""

    code = "receipt_differs"


class ReceiptTooOld(Conflict):
    """It was paid longer ago than the program accepts."""

    code = "receipt_too_old"


class BeforeProgram(Conflict):
    """It happened before the program's first version came into force."""

    code = "before_program"


class ReceiptInFuture(Conflict):
    """It says that it was paid later than now."""

    code = "receipt_in_future"


class PaymentsDiffer(Unprocessable):
    """Money, points and coupons do not add up to the lines."""

    code = "payments_differ"


class PointsNotTaken(Conflict):
    """The program's tills take no points."""

    code = "points_not_taken"


class TooManyPoints(Conflict):
    """More points than may pay for this basket."""

    code = "too_many_points"


class TooFewPoints(Conflict):
    """Fewer points than a receipt takes."""

    code = "too_few_points"


class CouponRefused(Conflict):
    """A coupon takes nothing off this receipt: used, over, for other goods, or not with others."""

    code = "coupon_refused"


class BuyerNeeded(Unprocessable):
    """Points or coupons can be spent only by a member whom the till knows."""

    code = "buyer_needed"


class BuyerUnknown(NotFound):
    """Nobody is known by this card, code or phone number, or they are not active."""

    code = "buyer_unknown"


class ReturnDiffers(Conflict):
    """A return of this number was carried out with other content."""

    code = "return_differs"


class ReturnedTooMuch(Conflict):
    """More pieces than are left of the line."""

    code = "returned_too_much"


class QuoteUnknown(NotFound):
    """There is no such quote of this partner that still holds points."""

    code = "quote_unknown"


class QuoteOver(Conflict):
    """The quote's points were spent or given back."""

    code = "quote_over"


class ClaimRefused(NotFound):
    """No receipt can be claimed by this code, or not any more."""

    code = "claim_refused"


class TooManyClaims(TooMany):
    """Too many wrong receipt codes."""

    code = "too_many_claims"


class EventDiffers(Conflict):
    """An event of this number was told with other content."""

    code = "event_differs"


class TriggerNotTold(Unprocessable):
    """This is not told by the caller: the platform sees it by itself."""

    code = "trigger_not_told"
