"""Members and tags for thousands of short runs, from few clubs."""

from collections.abc import Callable

from tests.support.club import Club, House, Member

LIFE, GRACE = 20, 3
"""Days for which points live, and for which they come back."""
TAGS_AT_ONCE = 100
RUNS_PER_CLUB = 50
"""Sign-in codes per club and hour are limited."""


def noonish(house: House) -> str:
    """A zone in which the day does not end soon: the model may not meet midnight."""
    return f"Etc/GMT{(house.now.hour - 6) % 24 % 13:+d}" if house.now.hour >= 6 else "Etc/GMT-6"


class Clubs:
    """Clubs to play in, each for some runs, with tags enough for all of them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.zone = noonish(house)
        self._left = 0
        self._club: Club | None = None
        self._tags: list[dict[str, str]] = []

    def join(self) -> tuple[Member, Callable[[], dict[str, str]]]:
        """A new member, and where they get tags from."""
        if self._club is None or self._left == 0:
            burn = {"type": "after", "count": LIFE, "unit": "day", "grace_days": GRACE}
            alone = {"adjustment_above": None}
            self._club = self.house.new_club(zone=self.zone, burn=burn, approvals=alone)
            self._left = RUNS_PER_CLUB
            self._tags = []
        self._left -= 1
        return self._club.join(), self._tag

    def _tag(self) -> dict[str, str]:
        assert self._club
        if not self._tags:
            self._tags = self._club.tags(TAGS_AT_ONCE)
        return self._tags.pop()
