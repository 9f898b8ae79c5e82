"""The refusals of the catalogue, its stock and its pick-up points."""

from chalicelib.kernel.errors import Conflict, Forbidden, NotFound


class RewardUnknown(NotFound):
    """The program has no such reward, or none that this member can see."""

    code = "reward_unknown"


class RewardUnavailable(Conflict):
    """The reward cannot be ordered now: it was archived, or it is not its time."""

    code = "reward_unavailable"


class RewardRevisionStale(Conflict):
    """Somebody changed the reward since it was read; ``revision`` is the present one."""

    code = "reward_revision_stale"


class RewardIncomplete(Conflict):
    """The reward cannot be published as it stands; ``errors`` names everything wrong with it."""

    code = "reward_incomplete"


class RewardNotPublished(Conflict):
    """Only a published reward can be archived."""

    code = "reward_not_published"


class TooManyRewards(Conflict):
    """The catalogue is full."""

    code = "too_many_rewards"


class OutOfStock(Conflict):
    """There are not so many pieces; ``left`` says how many there are."""

    code = "out_of_stock"


class StockUnlimited(Conflict):
    """The stock of this reward is not counted."""

    code = "stock_unlimited"


class StockOfCodes(Conflict):
    """The stock of this reward is its free codes: it changes with them alone."""

    code = "stock_of_codes"


class NoCodePool(Conflict):
    """The reward gives no codes from a pool."""

    code = "no_code_pool"


class PointUnknown(NotFound):
    """The program has no such pick-up point."""

    code = "point_unknown"


class PointInUse(Conflict):
    """A reward names this pick-up point, or an open order is to be collected there."""

    code = "point_in_use"


class TooManyPickupPoints(Conflict):
    """The program has as many pick-up points as it can have."""

    code = "too_many_pickup_points"


class CatalogueForMembers(Forbidden):
    """The program shows its rewards to active members only."""

    code = "catalogue_for_members"
