"""Properties over HTTP: neither order nor number of the calls make a difference to what is left."""

import random
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.club import Club, House, Member, figure
from tests.support.till import Till, percent, rule, shop

SETTINGS = settings(
    max_examples=figure(6, 40),
    database=None,
    suppress_health_check=list(HealthCheck),
)
LIFE = 20
MEMBERS_PER_CLUB = 30
"""Sign-in codes per club and hour are limited."""
PLAIN = [
    rule(percent(5), id="base"),
    rule(percent(3), id="rings", goods={"category": ["ring"]}),
    rule({"type": "stamps", "card": "coffee", "full": 4}, id="cups", goods={"category": ["box"]}),
]
"""Rules that ask nothing of what went before, and a stamp card, which asks how full it is."""
ROUND = 5
"""Pieces of a stamp card's round: four stamps and the free one."""
UNEVEN = [
    *PLAIN,
    rule(
        {"type": "points", "points": 9},
        id="many",
        conditions=[{"type": "amount", "at_least": 40_000}],
    ),
    rule(
        {"type": "points", "points": 7},
        id="few",
        conditions=[{"type": "amount", "at_most": 30_000}],
    ),
    rule(
        percent(2),
        id="alone",
        pending_days=9,
        conditions=[
            {"type": "not", "of": {"type": "goods", "goods": {"category": ["chain"]}}},
        ],
    ),
]
"""Rules that give more for more, and some that give more for less."""
LINES = st.lists(
    st.tuples(
        st.sampled_from(["ring", "chain", "box"]), st.integers(1, 3), st.integers(100, 30_000)
    ),
    min_size=1,
    max_size=4,
)
LUCK = st.randoms(use_true_random=False)
Pieces = list[tuple[int, int]]


class Shops:
    """Clubs by their terms, each for some members."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._open: dict[str, tuple[Till, int]] = {}

    def till(self, rules: list[Any], members: int, **purchases: Any) -> Till:
        """A till where so many members more can join."""
        key = f"{len(rules)} {purchases}"
        till, joined = self._open.get(key, (None, MEMBERS_PER_CLUB))
        if till is None or joined + members > MEMBERS_PER_CLUB:
            till, joined = shop(self._club(rules, purchases)), 0
        self._open[key] = (till, joined + members)
        return till

    def _club(self, rules: list[Any], purchases: dict[str, Any]) -> Club:
        return self.house.new_club(
            earning={"rules": rules},
            purchases={"spending": {"point_value": 100}, **purchases},
            burn={"type": "after", "count": LIFE, "unit": "day", "grace_days": 3},
        )


@pytest.fixture(scope="module")
def shops(house: House) -> Shops:
    """The clubs of this module."""
    return Shops(house)


def lines_of(basket: Any) -> list[dict[str, Any]]:
    """Lines of a receipt."""
    return [
        {"sku": category.upper(), "category": category, "quantity": pieces, "price": price}
        for category, pieces, price in basket
    ]


def state(member: Member) -> tuple[Any, ...]:
    """What a member has: points, debt, what is to come, purchases and stamps."""
    account, bought = member.account(), member.call("GET", "/purchases").json()
    assert member.proof()["agrees"]
    points = (account["balance"], account["debt"], account["pending"])
    return *points, bought["months"], bought["stamps"]


@pytest.mark.soak
@pytest.mark.timeout(figure(300, 7200))
@SETTINGS
@given(st.lists(LINES, min_size=2, max_size=5), LUCK)
def test_receipts_and_returns_in_any_order_and_number_end_the_same(
    shops: Shops, baskets: list[Any], luck: random.Random
) -> None:
    """Each return after its receipt; else anything, one by one or in batches, and everything again
    and again. How many free pieces were handed out depends on the order; the card counts them.
    """
    till = shops.till(PLAIN, 2)
    with shops.house.later("PT2M"):
        members = [till.club.join() for _ in range(2)]
        at = [till.club.house.now - timedelta(seconds=luck.randint(0, 50)) for _ in baskets]
        back = [
            [(place, luck.randint(0, pieces)) for place, (_, pieces, _) in enumerate(basket)]
            for basket in baskets
        ]
        ends = []
        for member in members:
            bodies = [
                till.receipt(member=member, lines=lines_of(basket), at=at[place])
                for place, basket in enumerate(baskets)
            ]
            free = play(till, bodies, back, luck)
            *others, stamps = state(member)
            assert stamps.get("coffee", 0) == max(0, on_card(baskets, back, free))
            ends.append(others)
    assert ends[0] == ends[1]


def on_card(baskets: list[Any], back: list[Pieces], free: list[int]) -> int:
    """Stamps for the boxes that were kept, less a round for each free one of a receipt of which a
    box was kept.
    """
    found = 0
    for basket, gone, rounds in zip(baskets, back, free, strict=True):
        kept = sum(
            pieces - count
            for (category, pieces, _), (_, count) in zip(basket, gone, strict=True)
            if category == "box"
        )
        found += kept - ROUND * rounds if kept else 0
    return found


def play(till: Till, bodies: list[Any], back: list[Pieces], luck: random.Random) -> list[int]:
    """Send receipts and returns in some order, some of them in a batch, some again.

    Returns the free pieces of each receipt.
    """
    free = [0] * len(bodies)
    order = luck.sample(range(len(bodies)), len(bodies))
    batch = [bodies[place] for place in order[: luck.randint(0, len(order))]]
    if batch:
        sent = till.system.call("POST", "/receipt-batches", json={"receipts": batch})
        assert sent.json()["refused"] == 0
    for place in (*order, *luck.sample(order, 2)):
        sold = till.send(bodies[place])
        assert sold.status_code == 201, sold.text
        free[place] = sum(card["free"] for card in sold.json()["stamps"])
        pieces = [(line, count) for line, count in back[place] if count]
        for _ in range(luck.randint(1, 2) if pieces else 0):
            at = bodies[place]["at"]
            gone = till.take_back(sold.json()["receipt"], *pieces, number="R", at=at)
            assert gone.status_code == 201, gone.text
    return free


@pytest.mark.soak
@pytest.mark.timeout(figure(300, 7200))
@SETTINGS
@given(
    LINES,
    st.integers(0, 60),
    st.integers(0, 60),
    st.sampled_from([0, LIFE - 1, LIFE + 2]),
    st.sampled_from(["recalculate", "shares"]),
    st.sampled_from(["owe", "forgive"]),
    LUCK,
)
def test_the_same_returns_one_by_one_or_at_once_in_any_order_end_the_same(
    shops: Shops,
    basket: Any,
    paid: int,
    spent: int,
    days: int,
    on_return: str,
    debt: str,
    luck: random.Random,
) -> None:
    """Points pay, are spent elsewhere and burn between the purchase and the returns."""
    till, house = shops.till(UNEVEN, 3, on_return=on_return, debt=debt), shops.house
    pieces = [place for place, (_, count, _) in enumerate(basket) for _ in range(count)]
    some = luck.sample(pieces, luck.randint(1, len(pieces)))
    at_once = [(place, some.count(place)) for place in sorted(set(some))]
    orders: list[list[Pieces]] = [
        [at_once],
        [[(place, 1)] for place in some],
        [[(place, 1)] for place in luck.sample(some, len(some))],
    ]
    paid = min(paid, sum(price for _, _, price in basket) // 100)
    with house.later() as move:
        members = [till.club.join() for _ in orders]
        sold = []
        for member in members:
            member.adjust(60)
            sold.append(till.sell(member=member, lines=lines_of(basket), points=paid)["receipt"])
            member.adjust(-min(spent, member.account()["available"]) or 1)
        move(days * 86_400)
        ends = []
        for member, receipt, order in zip(members, sold, orders, strict=True):
            for lines in order:
                till.returned(receipt, *lines)
            assert member.refresh().status_code == 200
            ends.append(state(member))
    assert ends[0] == ends[1] == ends[2]
