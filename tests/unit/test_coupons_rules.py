"""What a coupon takes off which lines, by values alone."""

from datetime import date
from itertools import accumulate

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons import model
from chalicelib.coupons.errors import CouponNotOpen
from chalicelib.coupons.model import Coupon, Terms, discount, hindrance, standing
from chalicelib.coupons.service import used, withdrawn
from chalicelib.earning.model import Line
from chalicelib.kernel.clock import parse
from chalicelib.programs.rules_conditions import Goods
from chalicelib.programs.values import Ratio, Texts

DAY = date(2026, 11, 23)
AT = "2026-11-23T10:00:00.000Z"
TENTH = Ratio(10, 100)


def coupon(**terms: object) -> Coupon:
    """An open coupon on these terms."""
    return Coupon(
        program="jewels",
        member="m",
        coupon="c",
        sort="coupon",
        name=Texts(en="Thank you"),
        terms=msgspec.convert(terms, Terms) if terms else Terms(share=TENTH),
        issued_at=AT,
        changed_at=AT,
        source="issue:i",
    )


def off(worth: Terms, *paid: int) -> list[tuple[int, int]]:
    """What comes off lines that cost so much."""
    lines = [Line(sku=f"S{place}", paid=each) for place, each in enumerate(paid)]
    return discount(msgspec.structs.replace(coupon(), terms=worth), lines, DAY)


# -- figures worked out by hand ----------------------------------------------------


def test_an_amount_is_spread_by_largest_remainder() -> None:
    # 1 000 over 500, 250, 250 of 1 000 … 100 of them: 50, 25, 25.
    assert off(Terms(amount=100), 500, 250, 250) == [(0, 50), (1, 25), (2, 25)]
    # 100 over three equal lines: 33.33 each, the first takes the cent that is left.
    assert off(Terms(amount=100), 999, 999, 999) == [(0, 34), (1, 33), (2, 33)]


def test_a_share_is_rounded_down_once_for_all_lines_together() -> None:
    # 10 % of 9 + 9 + 9 = 27 is 2.7: 2, and not three times 0.
    assert off(Terms(share=TENTH), 9, 9, 9) == [(0, 1), (1, 1)]
    assert off(Terms(share=Ratio(1, 1)), 333, 0, 1) == [(0, 333), (2, 1)]


def test_no_more_comes_off_than_is_to_be_paid() -> None:
    assert off(Terms(amount=1_000), 300, 200) == [(0, 300), (1, 200)]
    assert off(Terms(amount=1_000), 0, 0) == []
    assert off(Terms(amount=1_000)) == []


def test_only_the_goods_that_are_meant() -> None:
    lines = [
        Line(sku="RING", category="ring", paid=400),
        Line(sku="CHAIN", category="chain", paid=900),
        Line(sku="RING-S", category="ring", paid=200, on_sale=True),
    ]
    some = Terms(share=Ratio(1, 2), goods=Goods(category=("ring",), on_sale=False))
    assert discount(msgspec.structs.replace(coupon(), terms=some), lines, DAY) == [(0, 200)]
    none = Terms(amount=50, goods=Goods(sku=("BRACELET",)))
    assert discount(msgspec.structs.replace(coupon(), terms=none), lines, DAY) == []


def test_off_one_piece_is_off_the_dearest() -> None:
    # Pieces of 100, 300 and 250: a tenth of the 300, of the first where they are equally dear.
    lines = [
        Line(sku="A", quantity=2, paid=200),
        Line(sku="B", quantity=3, paid=900),
        Line(sku="C", paid=300),
        Line(sku="D", quantity=2, paid=500),
    ]

    def taken(**terms: object) -> list[tuple[int, int]]:
        return discount(coupon(**terms), lines, DAY)

    tenth = {"share": {"num": 1, "den": 10}}
    assert taken(**tenth, pieces=1) == [(1, 30)]
    assert taken(**tenth, pieces=4) == [(1, 90), (2, 30)]
    assert taken(**tenth, pieces=5) == [(1, 90), (2, 30), (3, 25)]
    assert taken(**tenth, pieces=100) == taken(**tenth)
    assert taken(amount=1_000, pieces=1) == [(1, 300)]
    assert taken(**tenth, pieces=1, goods={"sku": ("A",)}) == [(0, 10)]


@given(
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(1, 9)), max_size=8),
    st.integers(1, 30),
)
def test_fewer_pieces_never_take_more_off(sold: list[tuple[int, int]], most: int) -> None:
    lines = [Line(sku="S", paid=paid, quantity=pieces) for paid, pieces in sold]
    whole = coupon(share={"num": 1, "den": 3})

    def taken(pieces: int | None) -> int:
        terms = msgspec.structs.replace(whole.terms, pieces=pieces)
        found = discount(msgspec.structs.replace(whole, terms=terms), lines, DAY)
        assert all(0 < off <= lines[place].paid for place, off in found)
        return sum(off for _, off in found)

    assert taken(most) <= taken(most + 1) <= taken(None)
    assert taken(sum(pieces for _, pieces in sold) or 1) == taken(None)


def test_the_whole_receipt_must_come_to_the_least_amount() -> None:
    worth = Terms(amount=50, at_least=500, goods=Goods(sku=("S1",)))
    assert off(worth, 300, 199) == []
    assert off(worth, 300, 200) == [(1, 50)]


@pytest.mark.parametrize(
    ("since", "until", "state", "why"),
    [
        (None, None, "open", None),
        ("2026-11-23", "2026-11-23", "open", None),
        ("2026-11-24", None, "open", "too_early"),
        (None, "2026-11-22", "open", "expired"),
        (None, None, "used", "used"),
        (None, "2026-11-22", "used", "used"),
        (None, None, "withdrawn", "withdrawn"),
    ],
)
def test_days_and_states(
    since: str | None, until: str | None, state: model.State, why: str | None
) -> None:
    worth = Terms(amount=50, since=since, until=until)
    one = msgspec.structs.replace(coupon(), terms=worth, state=state)
    assert hindrance(one, DAY) == why
    assert discount(one, [Line(sku="S", paid=80)], DAY) == ([(0, 50)] if why is None else [])
    assert standing(one, DAY) == ("open" if why == "too_early" else why or "open")


def test_one_coupon_or_only_combinable_ones() -> None:
    plain, both = coupon(), coupon(amount=1, combinable=True)
    assert model.together([plain])
    assert model.together([both, both])
    assert not model.together([both, plain])


@pytest.mark.parametrize("state", ["used", "withdrawn"])
def test_only_an_open_coupon_is_used_or_withdrawn(state: model.State) -> None:
    one = msgspec.structs.replace(coupon(), state=state)
    for change in (
        lambda: used(one, "r", "system", parse(AT)),
        lambda: withdrawn(one, "s", parse(AT)),
    ):
        with pytest.raises(CouponNotOpen):
            change()


def test_the_same_parts_make_the_same_id() -> None:
    assert model.coupon_id("jewels", "1") == model.coupon_id("jewels", "1")
    assert model.coupon_id("jewels", "1") != model.coupon_id("jewels1", "")
    assert len(model.coupon_id("")) == 20


def test_lists_show_what_can_be_used_first_and_the_newest_of_the_rest() -> None:
    soon, late = coupon(amount=1, until="2026-12-01"), coupon(amount=1)
    over = [
        msgspec.structs.replace(soon, state="used", issued_at=f"2026-0{month}-01T00:00:00.000Z")
        for month in (1, 3, 2)
    ]
    found = sorted([*over, late, soon], key=lambda one: model.list_key(one, DAY))
    assert found == [soon, late, over[1], over[2], over[0]]


# -- terms --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("worth", "code"),
    [
        (Terms(), "amount_or_share"),
        (Terms(amount=1, share=TENTH), "amount_or_share"),
        (Terms(share=Ratio(0, 5)), "share_out_of_range"),
        (Terms(share=Ratio(6, 5)), "share_out_of_range"),
        (Terms(amount=1, until="2026-11-22"), "day_past"),
        (Terms(amount=1, since="2026-12-02", until="2026-12-01"), "before_since"),
        (Terms(amount=1, goods=Goods(sku=tuple("A" * 60 for _ in range(50)))), "terms_too_long"),
    ],
)
def test_terms_that_cannot_be(worth: Terms, code: str) -> None:
    assert [fault.code for fault in model.term_faults(worth, DAY)] == [code]


def test_terms_that_can_be() -> None:
    for worth in (Terms(amount=1), Terms(share=Ratio(1, 1)), Terms(amount=1, until="2026-11-23")):
        assert not list(model.term_faults(worth, DAY))


# -- whatever the figures --------------------------------------------------------------

PRICES = st.lists(st.integers(0, 10**7), max_size=30)
WORTHS = st.one_of(
    st.builds(Terms, amount=st.integers(1, 10**8)),
    st.integers(1, 1000).flatmap(
        lambda den: st.builds(
            Terms, share=st.builds(Ratio, num=st.integers(1, den), den=st.just(den))
        )
    ),
)


@given(WORTHS, PRICES)
def test_the_parts_add_up_and_no_line_goes_below_zero(worth: Terms, paid: list[int]) -> None:
    found = off(worth, *paid)
    total = sum(paid)
    whole = (
        total * worth.share.num // worth.share.den if worth.share else min(worth.amount or 0, total)
    )
    assert sum(amount for _, amount in found) == whole
    assert all(0 < amount <= paid[place] for place, amount in found)
    places = [place for place, _ in found]
    assert places == sorted(set(places))
    # Largest remainder: no part is further than one from its exact share.
    assert all(abs(amount * total - whole * paid[place]) < total for place, amount in found)


@given(st.lists(st.integers(1, 5_000), min_size=1, max_size=5), PRICES)
def test_coupons_one_after_the_other_never_take_more_than_there_is(
    amounts: list[int], paid: list[int]
) -> None:
    left = list(paid)
    for amount in amounts:
        for place, part in off(Terms(amount=amount), *left):
            left[place] -= part
    assert min(left, default=0) >= 0
    assert sum(paid) - sum(left) == min(sum(paid), list(accumulate(amounts))[-1])
