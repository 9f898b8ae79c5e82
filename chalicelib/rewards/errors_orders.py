"""The refusals of orders."""

from chalicelib.kernel.errors import Conflict, Forbidden, NotFound, TooMany


class OrderUnknown(NotFound):
    """There is no such order, or not for this caller."""

    code = "order_unknown"


class OrderDiffers(Conflict):
    """The id was used before, for another order."""

    code = "order_differs"


class OrderNotPossible(Conflict):
    """The order's state, or the way it is delivered, does not allow this; ``state`` names it."""

    code = "order_not_possible"


class TooManyOrders(TooMany):
    """The member placed too many orders within an hour."""

    code = "too_many_orders"


class PriceChanged(Conflict):
    """The reward has another price than the one the member agreed to."""

    code = "price_changed"


class RewardSoldOut(Conflict):
    """There are not so many pieces left."""

    code = "reward_sold_out"


class PerMemberReached(Conflict):
    """One member may not take so many pieces; ``left`` says how many more they may."""

    code = "per_member_reached"


class GiftCodeUnknown(NotFound):
    """No order gave such a code."""

    code = "gift_code_unknown"


class GiftCodeRedeemed(Conflict):
    """The code was redeemed before; ``redeemed_at`` says when."""

    code = "gift_code_redeemed"


class SubstituteTooDear(Forbidden):
    """What should come in place of the order is worth more, in points than its ``points`` or in
    pieces: that takes the right to refund.
    """

    code = "substitute_too_dear"


class SubstituteAboveLimit(Conflict):
    """What should come in place of the order is worth more by so many points, above ``limit``,
    that no one person may give it.
    """

    code = "substitute_above_limit"


class RewardNotForMember(Conflict):
    """What should come in place of the order is not meant for members of this kind."""

    code = "reward_not_for_member"


class DeliveryNotOffered(Conflict):
    """The reward is not delivered in this way, or not handed out at this point."""

    code = "delivery_not_offered"
