"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class PlanUnknown(NotFound):
    """The program sells no such membership."""

    code = "plan_unknown"


class PaymentUnknown(NotFound):
    """There is no such payment, or it is another's."""

    code = "payment_unknown"


class PaymentDiffers(Conflict):
    """A payment of this number was told with other content."""

    code = "payment_differs"


class PriceDiffers(Conflict):
    """The membership cost something else when it was paid."""

    code = "price_differs"


class PaidAhead(Conflict):
    """More would be paid ahead than five years."""

    code = "paid_ahead"
