"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class NoTiers(NotFound):
    """The program's document has no levels."""

    code = "no_tiers"


class LevelsByPurchases(Conflict):
    """Nothing is proposed: the document lets purchases put members on levels."""

    code = "levels_by_purchases"
