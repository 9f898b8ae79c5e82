"""Pure rules of orders: numbers, prices, states."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.check_digits import is_checked
from chalicelib.kernel.ids import ALPHABET
from chalicelib.kernel.texts import LANGUAGES, knows
from chalicelib.outreach.service import ORDERS
from chalicelib.programs.model import Texts
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards.model_orders import Goods, Order, Parcel

GOODS = Goods(
    reward="ring-box",
    revision=1,
    kind="goods",
    name=Texts(en="Ring box"),
    sku="",
    quantity=2,
    price=100,
    taken=True,
)
PLACED = Order(
    program="p",
    member="m",
    order="o" * 20,
    seq=1,
    number=rules.order_number(bytes(9)),
    state="placed",
    version=0,
    goods=GOODS,
    points=200,
    way="pickup",
    point="arbat-point",
    placed_at="2026-11-23T10:00:00.000Z",
    request="-",
)


@given(st.binary(min_size=9, max_size=9))
def test_a_number_is_ten_symbols_that_can_be_read_back(random: bytes) -> None:
    number = rules.order_number(random)
    assert len(number) == 10
    assert is_checked(number, ALPHABET)
    assert rules.read_number(f" {number[:5].lower()}-{number[5:]} ") == number


@given(st.binary(min_size=9, max_size=9), st.integers(0, 9), st.sampled_from(ALPHABET))
def test_one_wrong_symbol_is_no_number(random: bytes, place: int, other: str) -> None:
    number = rules.order_number(random)
    typed = number[:place] + other + number[place + 1 :]
    assert (rules.read_number(typed) == typed) == (typed == number)


@pytest.mark.parametrize("text", ["", "QX7M2K9RD", "QX7M2K9RDWW", "%" * 10])
def test_what_cannot_be_a_number_is_none(text: str) -> None:
    assert rules.read_number(text) is None


@given(st.integers(1, 10**6), st.integers(1, 100))
def test_something_else_never_costs_more(price: int, quantity: int) -> None:
    other = msgspec.structs.replace(GOODS, reward="other", price=price, quantity=quantity)
    after = rules.substituted(PLACED, other)
    assert 1 <= after.points == min(200, price * quantity)
    assert (after.goods, after.state, after.version) == (other, "placed", 1)


@pytest.mark.parametrize(
    ("reward", "price", "quantity", "dearer", "surplus"),
    [
        ("other", 100, 2, False, 0),
        ("other", 101, 2, True, 2),
        ("other", 201, 1, True, 1),
        ("other", 1, 3, True, 0),
        ("ring-box", 900, 2, False, 1600),  # the very thing that was ordered, however dear by now
        ("ring-box", 100, 3, True, 100),
    ],
)
def test_what_is_dearer_than_an_order(
    reward: str, price: int, quantity: int, dearer: bool, surplus: int
) -> None:
    wanted = msgspec.structs.replace(GOODS, reward=reward, price=price, quantity=quantity)
    assert (rules.is_dearer(PLACED, wanted), rules.surplus(PLACED, wanted)) == (dearer, surplus)


@pytest.mark.parametrize(
    ("number", "end"), [("RA123456789RU", "6789RU"), ("AB-12", "12"), ("1234", "34")]
)
def test_the_end_of_a_tracking_number_is_at_most_half_of_it(number: str, end: str) -> None:
    assert rules.number_end(Parcel(carrier="Post", tracking_number=number)) == end


def test_each_act_is_possible_in_its_states_only() -> None:
    for act, states in rules.FROM.items():
        way = rules.WAYS.get(act, "pickup")
        for state in rules.STATES:
            order = msgspec.structs.replace(PLACED, state=state, way=way)
            assert rules.is_possible(order, act) is (state in states)
            assert rules.moved(order, act).state == act


def test_an_order_goes_one_way_only() -> None:
    by_post = msgspec.structs.replace(PLACED, state="confirmed", way="post", point="")
    assert not rules.is_possible(by_post, "issued")
    assert rules.is_possible(by_post, "shipped")


def test_every_state_and_what_members_are_told_have_sentences() -> None:
    keys = {f"order.{state}" for state in rules.STATES} | {"order.substituted", rules.REDEEMED}
    keys |= {f"notification.{name}" for name in ORDERS}
    for key in keys:
        for language in LANGUAGES:
            assert knows(language, key), f"{language} {key}"


def test_generated_codes_are_grouped() -> None:
    assert rules.new_code(bytes(16)) == "0000-0000-0000-0000"


@given(st.binary(min_size=16, max_size=16))
def test_a_generated_code_is_read_as_people_type_it(random: bytes) -> None:
    made = rules.new_code(random)
    for typed in (made, made.lower(), made.replace("-", " "), made.replace("0", "O")):
        assert rules.read_code(typed) == made.replace("-", "")
    for wrong in (made[:-1], f"{made}0", "", "x" * 5_000):
        assert rules.read_code(wrong) is None
