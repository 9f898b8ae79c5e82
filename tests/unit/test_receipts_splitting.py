"""A receipt's price, settled line by line: nothing lost, nothing invented."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.programs.purchases import Purchases
from chalicelib.receipts.errors import PaymentsDiffer, PointsNotTaken, TooFewPoints, TooManyPoints
from chalicelib.receipts.model import Payment, Shares, SoldLine
from chalicelib.receipts.splitting import payable, split

SPENDING = {"spending": {"point_value": 100}}


def lines(*prices: int, **more: Any) -> list[SoldLine]:
    """Lines at these prices."""
    return [SoldLine(sku=f"S{place}", price=price, **more) for place, price in enumerate(prices)]


def terms(**document: Any) -> Purchases:
    """What a program says about purchases."""
    return msgspec.convert(document, Purchases)


def test_points_are_spread_by_what_is_left_to_pay() -> None:
    """100 points of a rouble on lines of 300.00 and 100.00: 75 and 25, whole roubles."""
    found = split(lines(30_000, 10_000), [0, 0], 100, (), terms(**SPENDING))
    assert found == (Shares(0, 7_500, 75, 0, 22_500), Shares(0, 2_500, 25, 0, 7_500))


def test_coupons_come_off_first() -> None:
    """50.00 off the first of two lines of 100.00: then 30 points fall 10 to 20."""
    found = split(lines(10_000, 10_000), [5_000, 0], 30, (), terms(**SPENDING))
    assert [share.points for share in found] == [10, 20]
    assert [share.money for share in found] == [4_000, 8_000]


def test_money_of_some_means_earns_nothing() -> None:
    """A gift card of 100.00 on lines of 300.00 and 100.00 takes 75.00 and 25.00 out of earning."""
    paid = (Payment(means="gift-card", amount=10_000), Payment(means="cash", amount=30_000))
    found = split(lines(30_000, 10_000), [0, 0], 0, paid, terms(earns_nothing=["gift-card"]))
    assert [(share.idle, share.earning) for share in found] == [(7_500, 22_500), (2_500, 7_500)]


def test_points_pay_only_for_the_goods_that_the_program_names() -> None:
    document = {"spending": {"goods": {"except_sku": ["S1"]}}}
    found = split(lines(10_000, 90_000), [0, 0], 100, (), terms(**document))
    assert [share.points for share in found] == [100, 0]
    with pytest.raises(TooManyPoints):
        split(lines(10_000, 90_000), [0, 0], 101, (), terms(**document))


def test_the_largest_share_binds() -> None:
    document = terms(spending={"max_share": {"num": 3, "den": 10}})
    assert payable(lines(10_000), [10_000], document.spending) == (30, [10_000])
    with pytest.raises(TooManyPoints):
        split(lines(10_000), [0], 31, (), document)


def test_a_receipt_takes_no_fewer_points_than_the_program_says() -> None:
    document = terms(spending={"least": 50})
    with pytest.raises(TooFewPoints):
        split(lines(10_000), [0], 49, (), document)
    assert payable(lines(4_900), [4_900], document.spending)[0] == 0


def test_points_pay_nothing_where_the_program_says_nothing() -> None:
    with pytest.raises(PointsNotTaken):
        split(lines(10_000), [0], 1, (), terms())


def test_payments_that_are_told_add_up() -> None:
    with pytest.raises(PaymentsDiffer):
        split(lines(10_000), [0], 0, (Payment(means="cash", amount=9_999),), terms())


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=30),
    st.integers(0, 10**6),
    st.sampled_from([1, 7, 100, 1000]),
    st.integers(0, 10**6),
)
def test_the_parts_of_every_line_add_up_to_its_price(
    prices: list[int], points: int, value: int, gift: int
) -> None:
    document = terms(spending={"point_value": value}, earns_nothing=["gift-card"])
    most, _ = payable(lines(*prices), prices, document.spending)
    points = min(points, most)
    left = sum(prices) - points * value
    gift = min(gift, left)
    paid = (Payment(means="gift-card", amount=gift), Payment(means="cash", amount=left - gift))
    found = split(lines(*prices), [0] * len(prices), points, paid, document)
    for price, share in zip(prices, found, strict=True):
        assert share.coupon + share.points_money + share.idle + share.earning == price
        assert min(share.points_money, share.idle, share.earning, share.points) >= 0
    assert sum(share.points for share in found) == points
    assert sum(share.points_money for share in found) == points * value
    assert sum(share.idle for share in found) == gift
