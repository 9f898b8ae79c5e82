"""The refusals of this room."""

from chalicelib.kernel.errors import NotFound


class NoTiers(NotFound):
    """The program's document has no levels."""

    code = "no_tiers"
