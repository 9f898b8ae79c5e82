"""The pure rules of the catalogue: who sees what, what may stand together, what stock says."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.coupons.model import Terms
from chalicelib.kernel.clock import render
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import LongTexts, Program, Texts
from chalicelib.programs.values import Ratio
from chalicelib.rewards import checks, facts, model
from chalicelib.rewards.errors import OutOfStock, RewardUnavailable, RewardUnknown
from chalicelib.rewards.model import CouponOffer, Reward, RewardDetails, Stock
from chalicelib.rewards.store_stock import Noted

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROGRAM = msgspec.convert({**DOCUMENT, "version": 1}, Program)
TODAY = date(2026, 11, 23)
NAME = Texts(en="Ring box", ru="Шкатулка")
TENTH = Ratio(10, 100)
COUPON: dict[str, Any] = {"kind": "coupon", "delivery": ("code",), "codes": "generated"}
OFFER = CouponOffer(terms=Terms(share=TENTH), days=30)


def details(**more: Any) -> RewardDetails:
    """Goods that are picked up, unless told otherwise."""
    given: dict[str, Any] = {"kind": "goods", "name": NAME, "price": 10, "delivery": ("pickup",)}
    return RewardDetails(**{**given, **more})


def reward(state: model.State = "published", **more: Any) -> Reward:
    """A reward that members see, unless told otherwise."""
    return Reward(
        program="jewels",
        reward="ring-box",
        revision=1,
        details=details(**more),
        state=state,
        changed_at=render(AT),
        changed_by="staff:tester",
    )


def faults(**more: Any) -> list[tuple[str, str]]:
    """Where and what is wrong with such a reward."""
    found = checks.reward_faults(PROGRAM, details(**more), TODAY)
    return [(fault.pointer, fault.code) for fault in found]


# -- who sees it -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "refusal"),
    [
        (reward(), "buyer", None),
        (reward(audience=("buyer",)), "buyer", None),
        (reward(audience=("seller",)), "buyer", RewardUnknown),
        (reward("draft"), "buyer", RewardUnknown),
        (reward("archived"), "buyer", RewardUnavailable),
        (reward("archived", audience=("seller",)), "buyer", RewardUnknown),
        (reward(available_from=render(AT + timedelta(seconds=1))), "buyer", RewardUnavailable),
        (reward(available_from=render(AT)), "buyer", None),
        (reward(available_until=render(AT)), "buyer", RewardUnavailable),
        (reward(available_until=render(AT + timedelta(seconds=1))), "buyer", None),
    ],
)
def test_what_is_seen_can_be_ordered_and_nothing_else(
    given: Reward, kind: str, refusal: type[Exception] | None
) -> None:
    assert model.visible(given, kind, AT) is (refusal is None)
    if refusal is None:
        model.refuse_unavailable(given, kind, AT)
    else:
        with pytest.raises(refusal):
            model.refuse_unavailable(given, kind, AT)


# -- stock -------------------------------------------------------------------------


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50))
def test_stock_is_told_low_once_on_its_way_down(low: int, piece: int, start: int) -> None:
    """However large the pieces that are taken: one change crosses the threshold, or none."""
    left, falls = start, 0
    while left >= piece:
        falls += model.falls_low(low, left, left - piece)
        left -= piece
    assert falls == (0 < low < start and left <= low)


def test_a_rise_is_no_fall() -> None:
    assert not model.falls_low(5, 3, 9)
    assert not model.falls_low(5, 9, 6)
    assert not model.falls_low(5, 5, 4)


def test_no_more_is_given_than_there_is() -> None:
    model.refuse_short(Stock(left=3, journal=0), 3)
    with pytest.raises(OutOfStock) as refused:
        model.refuse_short(Stock(left=3, journal=0), 4)
    assert refused.value.params == {"left": "3"}


@pytest.mark.parametrize(
    ("stock", "low", "left", "said", "shown"),
    [
        ("unlimited", 0, 0, "in_stock", None),
        ("counted", 0, 0, "none", None),
        ("counted", 0, 1, "in_stock", None),
        ("counted", 2, 3, "in_stock", None),
        ("counted", 2, 2, "few_left", 2),
        ("counted", 2, 0, "none", None),
    ],
)
def test_members_learn_a_number_only_when_it_is_small(
    stock: model.StockKind, low: int, left: int, said: str, shown: int | None
) -> None:
    told, pieces = details(stock=stock, low_stock=low), Stock(left=left, journal=0)
    assert (model.level(told, pieces), model.shown_left(told, pieces)) == (said, shown)


def test_only_the_line_that_made_a_stock_low_is_a_fact() -> None:
    line = Noted(at=render(AT), kind="order", actor="", change=-1, before=3, after=2, low_stock=2)
    image = {"pk": "jewels#REWARD#ring-box", "sk": "J#000000000004"}
    plain = {**image, "noted": msgspec.json.encode(line).decode()}
    low = msgspec.structs.replace(line, fact="stock.low")
    told = facts.project({**image, "noted": msgspec.json.encode(low).decode()})
    assert facts.project(plain) is None
    assert told is not None
    assert (told.name, told.program, told.member) == ("stock.low", "jewels", "")
    assert told.data == {"reward": "ring-box", "left": 2, "low_stock": 2}


@pytest.mark.parametrize(
    ("pk", "sk"),
    [("jewels#M#abc", "J#000000000001"), ("_#TAG#ABC", "J#000000000001"), ("a#REWARDS", "SIZE")],
)
def test_other_items_are_no_facts_of_stock(pk: str, sk: str) -> None:
    assert facts.project({"pk": pk, "sk": sk}) is None


# -- what may stand together -------------------------------------------------------


def test_good_rewards_have_no_faults() -> None:
    assert faults() == []
    assert faults(kind="service", delivery=("code",), codes="generated", stock="unlimited") == []
    assert faults(kind="coupon", delivery=("code",), codes="pool") == []
    assert faults(**COUPON, coupon=OFFER) == []
    ticket = {"kind": "ticket", "delivery": ("post", "code"), "audience": ("buyer",)}
    assert faults(**ticket, codes="generated") == []


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"name": Texts(en="Box")}, [("/name/ru", "text_missing")]),
        ({"name": Texts(en="B", ru="Ш", uk="С")}, [("/name/uk", "language_unlisted")]),
        ({"about": LongTexts(ru="Орех")}, [("/about/en", "text_missing")]),
        ({"audience": ("buyer", "breeder")}, [("/audience/1", "kind_unknown")]),
        ({"audience": ("buyer", "buyer")}, [("/audience/1", "duplicate")]),
        ({"delivery": ("pickup", "pickup")}, [("/delivery/1", "duplicate")]),
        (
            {"available_from": render(AT), "available_until": render(AT)},
            [("/available_until", "not_later")],
        ),
        (
            {"delivery": ("post", "code"), "codes": "generated"},
            [("/delivery/1", "not_for_kind")],
        ),
        (
            {"kind": "ticket", "delivery": ("post", "code"), "codes": "pool"},
            [("/delivery/0", "pool_by_code")],
        ),
        (
            {"kind": "coupon", "delivery": ("pickup",)},
            [("/delivery/0", "not_for_kind")],
        ),
        (
            {"delivery": ("post",), "points_of_pickup": ("a",)},
            [("/points_of_pickup", "not_applicable")],
        ),
        ({"codes": "pool"}, [("/codes", "not_applicable")]),
        ({"kind": "coupon", "delivery": ("code",)}, [("/codes", "required")]),
        (
            {"kind": "coupon", "delivery": ("code",), "codes": "pool", "stock": "unlimited"},
            [("/stock", "pool_is_counted")],
        ),
        ({"stock": "unlimited", "low_stock": 1}, [("/low_stock", "not_applicable")]),
        (COUPON, [("/coupon", "required")]),
        ({"coupon": OFFER}, [("/coupon", "not_applicable")]),
        ({**COUPON, "codes": "pool", "coupon": OFFER}, [("/coupon", "not_applicable")]),
        (
            {**COUPON, "coupon": CouponOffer(terms=Terms(share=TENTH, until="2026-11-22"))},
            [("/coupon/terms/until", "day_past")],
        ),
        (
            {**COUPON, "coupon": CouponOffer(terms=Terms())},
            [("/coupon/terms", "amount_or_share")],
        ),
    ],
)
def test_what_does_not_fit_together_is_named(
    given: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    assert faults(**given) == wanted


def test_kind_and_codes_are_fixed_by_and_by() -> None:
    before = reward(kind="coupon", delivery=("code",), codes="pool")
    after = details(kind="ticket", delivery=("code",), codes="generated")
    found = checks.fixed_faults(before, after)
    assert [(one.pointer, one.code) for one in found] == [("/kind", "fixed"), ("/codes", "fixed")]


# -- coupons for points ------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "days", "wanted"),
    [
        (None, None, None, None),
        (None, "2026-12-31", None, "2026-12-31"),
        (None, None, 1, "2026-11-23"),
        (None, None, 30, "2026-12-22"),
        (None, "2026-12-01", 30, "2026-12-01"),
        (None, "2027-12-01", 30, "2026-12-22"),
        ("2026-12-01", None, 30, "2026-12-30"),
        ("2026-11-01", None, 30, "2026-12-22"),
    ],
)
def test_a_coupon_ends_with_what_comes_first(
    since: str | None, until: str | None, days: int | None, wanted: str | None
) -> None:
    terms = Terms(share=TENTH, since=since, until=until)
    found = model.terms_from(CouponOffer(terms=terms, days=days), TODAY)
    assert found == msgspec.structs.replace(terms, until=wanted)


@pytest.mark.parametrize(("until", "over"), [(None, 0), ("2026-11-23", 0), ("2026-11-22", 1)])
def test_a_coupon_whose_last_day_is_over_is_not_sold(until: str | None, over: int) -> None:
    offer = CouponOffer(terms=Terms(share=TENTH, until=until))
    if over:
        with pytest.raises(RewardUnavailable):
            model.refuse_over(offer, TODAY)
    else:
        model.refuse_over(offer, TODAY)


# -- lists -------------------------------------------------------------------------


@given(st.lists(st.tuples(st.booleans(), st.integers(1, model.MAX_PRICE)), max_size=20))
def test_the_key_of_lists_sorts_by_price_and_puts_last_what_cannot_be_had(
    rows: list[tuple[bool, int]],
) -> None:
    def key(row: tuple[bool, int]) -> str:
        return model.list_key(reward(price=row[1]), "sold_out" if row[0] else None)

    assert sorted(rows) == sorted(rows, key=key)


@pytest.mark.parametrize(
    ("given", "left", "taken", "obstacle"),
    [
        ({}, 1, 9, None),
        ({}, 0, 0, "sold_out"),
        ({"stock": "unlimited"}, 0, 9, None),
        ({"per_member": 2}, 5, 1, None),
        ({"per_member": 2}, 5, 2, "per_member_reached"),
        ({"per_member": 2}, 5, 3, "per_member_reached"),  # the limit came later
        ({"per_member": 2}, 0, 2, "per_member_reached"),
        ({"per_member": 2}, 0, 1, "sold_out"),
    ],
)
def test_what_keeps_a_member_from_having_a_reward(
    given: dict[str, Any], left: int, taken: int, obstacle: str | None
) -> None:
    assert model.obstacle(details(**given), Stock(left=left, journal=1), taken) == obstacle


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", True),
        ("шкатулка", True),
        ("КОЛЕЦ шкат", True),
        ("  для   ", True),
        ("браслет", False),
        ("шкатулка браслет", False),
    ],
)
def test_a_search_wants_every_word(search: str, found: bool) -> None:
    assert model.found_by("Шкатулка для колец", search) is found


@pytest.mark.parametrize(("name", "search"), [("Straße", "STRASSE"), ("ﬁnest", "fine")])
def test_letters_of_another_shape_are_the_same(name: str, search: str) -> None:
    assert model.found_by(name, search)
