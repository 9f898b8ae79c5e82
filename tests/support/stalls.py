"""Shops for thousands of short runs, from few clubs."""

from tests.support.club import House, Member
from tests.support.clubs import GRACE, LIFE, noonish
from tests.support.shop import Shop

PRICES = [100, 60]
PIECES = [6, 9]
RUNS_PER_CLUB = 20
"""Sign-in codes per club and hour are limited, and so is a catalogue."""


class Stalls:
    """Clubs to play in, each for some runs with rewards of its own."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.zone = noonish(house)
        self._shop: Shop | None = None
        self._runs = 0

    def open(self) -> tuple[Shop, list[str], list[Member]]:
        """A shop with two rewards that nobody had, and two new members."""
        if self._shop is None or self._runs % RUNS_PER_CLUB == 0:
            burn = {"type": "after", "count": LIFE, "unit": "day", "grace_days": GRACE}
            self._shop = Shop(self.house.new_club(zone=self.zone, burn=burn))
        self._runs += 1
        shop = self._shop
        rewards = [
            shop.reward(f"gift-{self._runs}-{number}", price=price, stock=pieces)
            for number, (price, pieces) in enumerate(zip(PRICES, PIECES, strict=True))
        ]
        return shop, rewards, [shop.club.join(), shop.club.join()]
