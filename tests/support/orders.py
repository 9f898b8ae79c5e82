"""What orders should do to accounts and stock: a second, naive reading of the rules.

It stands on the naive account of :mod:`tests.support.points`; nothing is imported from the
platform.
"""

from dataclasses import dataclass, field

from tests.support.points import Lots, Model, Past, Refused

OPEN = ("placed", "confirmed")
BEFORE = {
    "confirmed": ("placed",),
    "issued": ("confirmed",),
    "shipped": ("confirmed",),
    "delivered": ("shipped",),
    "cancelled": OPEN,
    "refunded": ("issued", "shipped", "delivered"),
}
WAY = {"issued": "pickup", "shipped": "post", "delivered": "post"}


@dataclass
class Ordered:
    """One order."""

    who: int
    way: str
    reward: int
    quantity: int
    points: int
    state: str = "placed"
    spent: Lots = field(default_factory=dict)
    done: dict[str, bool] = field(default_factory=dict)
    """What staff or the member did, and whether pieces came back by it."""
    changed: bool = False


@dataclass
class Shelf:
    """Members, rewards and what was ordered."""

    accounts: list[Model]
    prices: list[int]
    stock: list[int]
    orders: dict[str, Ordered] = field(default_factory=dict)

    def place(self, name: str, who: int, reward: int, quantity: int, way: str) -> None:
        """Order something."""
        if self.stock[reward] < quantity:
            raise Refused(409, "reward_sold_out")
        points = self.prices[reward] * quantity
        self.accounts[who].hold(name, points)
        self.stock[reward] -= quantity
        self.orders[name] = Ordered(who, way, reward, quantity, points)

    def give_up(self, name: str) -> None:
        """The member cancels: points that burnt meanwhile are gone."""
        one = self.orders[name]
        if one.state == "cancelled":
            return
        if one.state != "placed":
            raise Refused(409, "order_not_possible")
        self.act(name, "cancelled", grace=False)

    def act(self, name: str, state: str, *, restock: bool = True, grace: bool = True) -> None:
        """Staff bring an order to its next state."""
        one = self.orders[name]
        ends = state in ("cancelled", "refunded")
        if state in one.done and (one.done[state] == restock or not ends):
            return
        if one.state not in BEFORE[state] or WAY.get(state, one.way) != one.way:
            raise Refused(409, "order_not_possible")
        account = self.accounts[one.who]
        if state in ("issued", "shipped"):
            one.spent = dict(account.held[name])
            account.end_hold(name, "captured")
        if state == "cancelled":
            account.end_hold(name, "released", grace=grace)
        if state == "refunded":
            self._come_back(account, one.spent)
        if state in ("cancelled", "refunded") and restock:
            self.stock[one.reward] += one.quantity
        one.state, one.done[state] = state, restock

    def substitute(self, name: str, reward: int, quantity: int) -> None:
        """Staff put something else in."""
        one = self.orders[name]
        same = (one.reward, one.quantity) == (reward, quantity)
        if same and (one.changed or one.state in OPEN):
            return
        if one.state not in OPEN:
            raise Refused(409, "order_not_possible")
        there = self.stock[reward] + (one.quantity if reward == one.reward else 0)
        if there < quantity:
            raise Refused(409, "reward_sold_out")
        self.stock[one.reward] += one.quantity
        self.stock[reward] -= quantity
        points = min(one.points, self.prices[reward] * quantity)
        if points < one.points:
            self._shrink(name, one, points)
        one.reward, one.quantity, one.points = reward, quantity, points
        one.changed = True

    def correct(self, reward: int, change: int) -> None:
        """Staff count again."""
        if self.stock[reward] + change < 0:
            raise Refused(409, "out_of_stock")
        self.stock[reward] += change

    def _shrink(self, name: str, one: Ordered, points: int) -> None:
        account = self.accounts[one.who]
        kept: Lots = {}
        rest: Lots = {}
        left = points
        for day, held in sorted(account.held[name].items()):
            stays = min(left, held)
            left -= stays
            if stays:
                kept[day] = stays
            if held - stays:
                rest[day] = held - stays
        account.held[name] = kept
        self._come_back(account, rest)

    def _come_back(self, account: Model, lots: Lots) -> None:
        account.burn()
        account.give_back(lots)
        account.entries.append(Past())
