"""Offers that a basket nearly reaches: whoever does what one says gets what it says."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.earning.model import MemberFacts, Used
from chalicelib.programs.model import Program
from chalicelib.receipts.model import Frozen, Shares, SoldLine
from chalicelib.receipts.nearly import MOST_TRIED, Near, near
from chalicelib.receipts.pricing import Priced, priced
from chalicelib.receipts.store import Sold
from chalicelib.receipts.told import Case, Told, judged
from tests.support.rules import CAPS, EFFECTS, NOON, USES, Json, program

RINGS: Json = {"category": ["ring"]}
FEW, MONEY = {"at_least": st.integers(2, 6)}, {"at_least": st.integers(200, 900)}
COUNT = st.sampled_from(["lines", "pieces"])
GOODS = {"type": st.just("goods"), "goods": st.just(RINGS)}
CONDITION = st.one_of(
    st.fixed_dictionaries({"type": st.just("amount"), **MONEY}),
    st.fixed_dictionaries({"type": st.just("positions"), "count": COUNT, **FEW}),
    st.fixed_dictionaries({**GOODS, "count": COUNT, **FEW}),
    st.fixed_dictionaries({**GOODS, "count": st.just("amount"), **MONEY}),
)
ELSE = {"type": "tier", "any_of": ["one"]}
LINES = st.lists(
    st.builds(
        SoldLine,
        sku=st.just("A"),
        category=st.sampled_from(["ring", "chain"]),
        quantity=st.integers(1, 4),
        price=st.integers(0, 500),
    ),
    min_size=1,
    max_size=3,
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Rules that compete, end, are capped, or want a little more than there is."""
    rules: list[Json] = []
    for place in range(draw(st.integers(1, 6))):
        phase = draw(st.sampled_from([*EFFECTS, "discount", "stamps"]))
        card: Json = {"type": "stamps", "card": f"c{place}", "full": 3}
        one: Json = {
            "effect": card if phase == "stamps" else draw(EFFECTS[phase]),
            "conditions": draw(st.sampled_from([[], [], [], [ELSE]]))
            + draw(st.lists(CONDITION, min_size=1, max_size=1) | st.just([])),
            "goods": draw(st.just({}) | st.just(RINGS)),
            "valid": draw(st.sampled_from([{}, {}, {}, {"until": "2026-03-01"}])),
        }
        if phase in ("discount", "points"):
            one["stacking"] = {"group": phase, "mode": "best"}
        if phase in ("points", "multiplier"):
            one["caps"] = draw(CAPS)
        rules.append(one)
    return program(*rules)


def told(document: Program, lines: Sequence[SoldLine]) -> Told:
    """A basket at noon."""
    return Told("", "", document, NOON, "one", "two", "", Sold("1", "", tuple(lines)))


def price(document: Program, lines: Sequence[SoldLine], used: dict[str, Used]) -> Priced:
    """What these lines cost a member."""
    frozen = Frozen(1, MemberFacts(tier="two"), stamps={"c0": 1, "c1": 3, "c2": -1}, used=used)

    def judge(basket: Told, shares: Sequence[Shares], quote: bool) -> Case:
        return judged(basket, shares, frozen, quote=quote)

    return priced(told(document, lines), judge, known=True)


def gives(found: Priced, rule: str) -> int:
    """Everything that a rule gives, as one figure."""
    assert found.second is not None
    brings: list[Any] = [*found.second.judgement.awards, *found.second.judgement.others]
    off = sum(one.amount for one in found.first.judgement.discounts if one.rule == rule)
    return off + sum(getattr(one, "points", 1) for one in brings if one.rule == rule)


def with_it(lines: Sequence[SoldLine], offer: Near) -> list[SoldLine]:
    """The lines with what an offer says is missing, of the cheapest goods."""
    of_rings = [one for one in lines if one.category == "ring"] if offer.of_goods else lines
    like = min(of_rings, key=lambda one: one.price // one.quantity, default=None)
    each = like.price // like.quantity if like else 0
    category = like.category if like else "ring"
    count, pieces, cost = 1, 1, offer.missing
    if offer.what == "lines":
        count, cost = offer.missing, each
    elif offer.what != "amount":
        pieces, cost = offer.missing, each * offer.missing
    more = SoldLine(sku="A", category=category, quantity=pieces, price=cost)
    return [*lines, *[more] * count]


@given(programs(), LINES, USES)
def test_who_does_what_an_offer_says_gets_more(
    document: Program, lines: list[SoldLine], used: dict[str, Used]
) -> None:
    found = price(document, lines, used)
    offers = near(told(document, lines), found)
    assert len(offers) <= MOST_TRIED
    size = {
        "amount": sum(one.price for one in lines),
        "lines": len(lines),
        "pieces": sum(one.quantity for one in lines),
    }
    for offer in offers:
        assert 0 < offer.missing <= size.get(offer.what, size["pieces"])
        then = price(document, with_it(lines, offer), used)
        assert gives(then, offer.rule) > gives(found, offer.rule)
        (rule,) = (one for one in document.earning.rules if one.id == offer.rule)
        assert rule.valid.until is None


def offered(lines: Sequence[SoldLine], *rules: Json, **used: Used) -> list[Near]:
    """What is offered of a basket."""
    document = program(*rules)
    return list(near(told(document, lines), price(document, lines, used)))


def test_what_discounts_take_off_again_is_missing_as_well() -> None:
    """Of 900, 10 % come off: 810. For 1 000 after it 212 are missing: 1 112 less 111 is 1 001."""
    bonus = {
        "effect": {"type": "points", "points": 5},
        "conditions": [{"type": "amount", "at_least": 1000}],
    }
    tenth = {"effect": {"type": "discount", "off": {"num": 1, "den": 10}}}
    basket = [SoldLine(sku="A", price=900)]
    assert offered(basket, bonus) == [Near("r0", "amount", 100)]
    assert offered(basket, bonus, tenth) == [Near("r0", "amount", 212)]


def test_a_cap_that_leaves_less_than_the_offer_says_ends_it() -> None:
    """Of 50 points a day 30 were given: 50 more cannot come; within one receipt it always says
    so itself."""
    bonus: Json = {
        "effect": {"type": "points", "points": 50},
        "conditions": [{"type": "amount", "at_least": 1000}],
        "caps": {"day": 50, "receipt": 40},
    }
    basket = [SoldLine(sku="A", price=900)]
    assert offered(basket, bonus) == [Near("r0", "amount", 100)]
    assert offered(basket, bonus, r0=Used(day=30)) == []
    assert offered(basket, bonus, r0=Used(day=10)) == [Near("r0", "amount", 100)]


def test_goods_of_which_there_are_none_are_offered_too() -> None:
    """A chain costs less beside a ring."""
    pair: Json = {
        "effect": {"type": "discount", "amount": 10},
        "goods": {"category": ["chain"]},
        "conditions": [{"type": "goods", "goods": RINGS, "count": "pieces"}],
    }
    chain = SoldLine(sku="A", category="chain", price=900)
    assert offered([chain], pair) == [Near("r0", "pieces", 1, of_goods=True)]
    assert offered([chain, SoldLine(sku="B", category="ring", price=1)], pair) == []


def test_a_condition_within_others_and_a_tier_that_the_member_has() -> None:
    """What is missing may stand deep in the rule; a tier is nothing to whoever is on it."""
    amount: Json = {"type": "amount", "at_least": 1000}
    deep: Json = {
        "effect": {"type": "gift", "sku": "BOX"},
        "conditions": [{"type": "all", "of": [{"type": "any", "of": [amount]}]}],
    }
    tiers = [
        {"effect": {"type": "tier", "tier": tier}, "conditions": [amount]}
        for tier in ("one", "two")
    ]
    basket = [SoldLine(sku="A", price=900)]
    assert offered(basket, deep, *tiers) == [Near("r0", "amount", 100), Near("r1", "amount", 100)]
