"""What orders do to stock and codes, from many threads at once: nothing is given twice or told
twice, and nothing goes below zero.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice

import pytest

from chalicelib.kernel.errors import Busy
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.table.writes import Writes, commit, transact
from chalicelib.rewards import store, store_stock
from chalicelib.rewards.errors import OutOfStock
from chalicelib.rewards.model import Reward
from tests.support import gifts
from tests.support.club import Club, at_once

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


def known(club: Club, reward: str) -> Reward:
    """A reward as orders read it."""
    found = store.reward(club.id, reward, strong=True)
    assert found
    return found


def taker(reward: Reward, quantity: int) -> Callable[[bool], tuple[Writes, bool]]:
    """An order's decision about stock."""

    def decide(strong: bool) -> tuple[Writes, bool]:
        stock = store_stock.stock(reward.program, reward.reward, strong=strong)
        assert stock
        try:
            return store_stock.take(reward, quantity, stock, AT), True
        except OutOfStock:
            if not strong:
                return decide(True)
            return Writes(), False

    return decide


def until_done(decide: Callable[[bool], tuple[Writes, bool]]) -> bool:
    """Whoever is told that all are busy tries again."""
    while True:
        try:
            return transact(decide)
        except Busy:
            continue


@pytest.mark.parametrize(("pieces", "quantity", "low"), [(30, 1, 10), (31, 3, 10), (12, 1, 0)])
def test_orders_at_once_take_what_there_is_and_tell_of_one_fall(
    club: Club, pieces: int, quantity: int, low: int
) -> None:
    gifts.stocked(club, "ring-box", pieces, low_stock=low)
    reward = known(club, "ring-box")
    found = at_once(lambda _: until_done(taker(reward, quantity)), range(40))
    assert found.count(True) == min(40, pieces // quantity)
    assert gifts.stock(club, "ring-box")["left"] == pieces % quantity
    lines = [one.noted for one in store_stock.journal(club.id, "ring-box", None, 100)]
    falls = [line for line in lines if line.fact]
    assert len(falls) == (1 if low else 0)
    assert all(line.kind == "order" and line.after <= low < line.before for line in falls)


def test_what_comes_back_can_fall_again(club: Club) -> None:
    gifts.stocked(club, "ring-box", 3, low_stock=2)
    reward = known(club, "ring-box")
    for _ in range(3):
        assert transact(taker(reward, 1))
        commit(store_stock.put_back(reward.program, reward.reward, 1))
    lines = islice(store_stock.journal(club.id, "ring-box", None, 100), 3)
    assert [line.noted.fact for line in lines] == ["stock.low"] * 3
    assert gifts.stock(club, "ring-box")["left"] == 3


def test_orders_at_once_get_different_codes(club: Club) -> None:
    gifts.pool(club, "film", [f"CODE-{number:02}" for number in range(20)])
    ids = Ids()

    def give(number: int) -> str | None:
        def decide(_: bool) -> tuple[Writes, str | None]:
            free = store_stock.next_codes(club.id, "film", 1, ids)
            if not free:
                return Writes(), None
            return store_stock.assign_code(free[0], f"order-{number}", AT), str(free[0].code)

        while True:
            try:
                return transact(decide)
            except Busy:
                continue

    found = at_once(give, range(25))
    assert len({code for code in found if code}) == 20
    assert found.count(None) == 5
