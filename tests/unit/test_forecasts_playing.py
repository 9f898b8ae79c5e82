"""Playing receipts through: figures by hand, and what must hold whatever is bought."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.earning.model import MemberFacts
from chalicelib.forecasts.figures import (
    Changes,
    Figures,
    Result,
    changes_of,
    economy,
    whole,
)
from chalicelib.forecasts.happened import steps
from chalicelib.forecasts.model import Assumptions, Past, PastReturn, parts_for
from chalicelib.forecasts.playing import ALONE, Share
from chalicelib.forecasts.simulate import Player, play
from chalicelib.kernel.clock import render
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program
from chalicelib.receipts.model import Payment, SoldLine
from chalicelib.receipts.store import Sold

Json = dict[str, Any]
NAME = {"en": "Points", "ru": "Баллы"}
HALF = {"point_value": 100, "max_share": {"num": 1, "den": 2}}
MONTH: Json = {"type": "after", "count": 30, "unit": "day"}
JANUARY = datetime(2026, 1, 1, 9, tzinfo=UTC)
LAST = date(2026, 2, 5)


def rule(num: int = 5, **more: Any) -> Json:
    """So many percent, a point for each 1.00."""
    effect = {"type": "percentage", "rate": {"num": num, "den": 100}}
    return {"id": "base", "name": NAME, "trigger": "receipt_paid", "effect": effect, **more}


def program(*rules: Json, version: int = 900_001, **more: Any) -> Program:
    """A document where points pay half a receipt and live for thirty days."""
    document = {
        **DOCUMENT,
        "earning": {"rules": rules or [rule()]},
        "purchases": {"spending": HALF},
        "burn": MONTH,
        **more,
    }
    made = msgspec.convert(document, Program)
    return msgspec.structs.replace(made, version=version)


def bought(member: str, day: int, *prices: int, number: int = 0, **more: Any) -> Past:
    """A receipt so many days after the first of January."""
    cost = more.pop("cost", None)
    quantity = more.pop("quantity", 1)
    lines = tuple(
        SoldLine(sku=f"S{place}", price=price, cost=cost, quantity=quantity)
        for place, price in enumerate(prices)
    )
    at = render(JANUARY + timedelta(days=day, seconds=number))
    name = f"{member}-{day}-{number}"
    return Past(member, name, "rubin", "arbat", Sold(name, at, lines), **more)


def played(
    document: Program,
    receipts: list[Past],
    last: date = LAST,
    share: Share = ALONE,
    **assumed: Any,
) -> Player:
    """The receipts, played through."""
    assumptions = Assumptions(**assumed)
    player = Player(document, lambda *_: MemberFacts(), assumptions, share)
    play([player], steps(receipts, document.zone, assumptions.shift_days), last)
    return player


def left_over(player: Player) -> int:
    """Points that came and are accounted for nowhere: there are never any."""
    one = player.figures
    came = player.opening() + one.given + one.excused
    return came - one.spent - one.exchanged - one.burnt - one.outstanding + one.owed


JANUARY_SALES = [
    bought("anna", 0, 100_000, cost=60_000),
    bought("boris", 1, 40_000),
    bought("anna", 10, 20_000, cost=12_000),
]


def test_figures_by_hand() -> None:
    """5 %, half a receipt in points, thirty days.

    Anna buys for 1 000.00 (cost 600.00): 50 points. Ten days later for 200.00 (cost 120.00): points
    could pay 100.00, she has 50, and pays 150.00; 5 % of it are 7 points (7.5 down). Boris buys for
    400.00, whose cost nobody told, taken as 25 % margin: 20 points, which burn on 2 February.

    Given 77, spent 50, burnt 20, open 7. Margin 400.00 + 80.00 + 100.00 = 580.00, less 50.00 of
    points: 530.00 near. 20 of 77 burnt: 25.97 %. The 7.00 still open will be used by 74.03 %:
    5.18, so 524.82 far.
    """
    player = played(program(), JANUARY_SALES, margin=2_500)
    found = player.figures
    assert (found.given, found.spent, found.burnt, found.open) == (77, 50, 20, 7)
    assert (found.turnover, found.margin, found.costed) == (160_000, 58_000, 120_000)
    money = economy(found, player.value)
    assert (money.near, money.breakage, money.liability) == (53_000, 2_597, 700)
    assert (money.expected, money.far) == (518, 52_482)
    assert found.days["2026-01-11"].spent == 50
    assert {day: one.burnt for day, one in found.days.items() if one.burnt} == {"2026-02-01": 20}
    assert left_over(player) == 0


def test_a_better_rate_by_hand() -> None:
    """10 %: Anna gets 100, pays 100.00 with them and gets 10; Boris' 40 burn. Near 580.00 - 100.00;
    40 of 150 burnt (26.66 %), so 7.33 of the 10.00 open will be used. Anna gains 53 points, Boris
    20.
    """
    base, other = (
        Player(document, lambda *_: MemberFacts(), Assumptions(margin=2_500))
        for document in (program(), program(rule(10), version=900_002))
    )
    play([base, other], steps(JANUARY_SALES, "Europe/Moscow"), LAST)
    found = other.figures
    assert (found.given, found.spent, found.burnt, found.open) == (150, 100, 40, 10)
    money = economy(found, 100)
    assert (money.near, money.far) == (48_000, 48_000 - 733)
    changes = other.played(base, str.upper).changes
    rows = [(one.member, one.before, one.after, one.change) for one in changes.most]
    assert rows == [("ANNA", 5_700, 11_000, 5_300), ("BORIS", 2_000, 4_000, 2_000)]
    assert (changes.winners, changes.losers, changes.least) == (2, 0, ())


def test_a_longer_life_leaves_more_to_pay_later() -> None:
    """Sixty days: Boris' 20 points live, so nothing burns and 27 are open."""
    long = program(burn={"type": "after", "count": 60, "unit": "day"})
    found = played(long, JANUARY_SALES).figures
    assert (found.burnt, found.open) == (0, 27)


def test_points_that_activity_renewed_burn_on_the_day_that_it_left() -> None:
    """Thirty days after the last purchase: 20 points and 5 of the 22nd burn on 21 February."""
    idle = program(burn={"type": "inactive", "count": 30, "unit": "day"})
    sales = [bought("boris", 1, 40_000), bought("boris", 21, 10_000)]
    found = played(idle, sales, date(2026, 3, 31), paying="as_told").figures
    assert (found.given, found.burnt, found.open) == (25, 25, 0)
    assert {day: one.burnt for day, one in found.days.items() if one.burnt} == {"2026-02-21": 25}
    early = played(idle, sales, date(2026, 2, 20), paying="as_told").figures
    assert (early.burnt, early.open) == (0, 25)


def test_a_smaller_largest_share_is_spent_less() -> None:
    """10 % of 200.00 in points are 20; 180.00 of money bring 9."""
    tight = program(purchases={"spending": {"max_share": {"num": 1, "den": 10}}})
    found = played(tight, JANUARY_SALES).figures
    assert (found.spent, found.given, found.burnt, found.open) == (20, 79, 20 + 30, 9)


def test_members_may_spend_a_part_or_as_they_did() -> None:
    part = played(program(), JANUARY_SALES, spend_share=4_000).figures
    assert part.spent == 20  # 40 % of 50
    told = [*JANUARY_SALES[:2], msgspec.structs.replace(JANUARY_SALES[2], points=30)]
    assert played(program(), told, paying="as_told").figures.spent == 30
    more = [*told[:2], msgspec.structs.replace(JANUARY_SALES[2], points=80)]
    assert played(program(), more, paying="as_told").figures.spent == 50


def test_discounts_are_played_on_shelf_prices_alone() -> None:
    """A tenth off 1 000.00: 100.00 off, and 5 % of 900.00 are 45 points."""
    off = rule(effect={"type": "discount", "off": {"num": 1, "den": 10}}, id="off")
    document = program(off, rule())
    sales = JANUARY_SALES[:1]
    shelf, paid = (played(document, sales, prices=one).figures for one in ("shelf", "paid"))
    assert (shelf.discounts, shelf.given, shelf.rules["off"].money) == (10_000, 45, 10_000)
    assert (paid.discounts, paid.given) == (0, 50)
    assert (shelf.turnover, shelf.margin) == (100_000, 40_000)
    assert economy(shelf, 100).near == 30_000


def test_what_was_before_counting_is_only_played() -> None:
    """Counted from 5 January: Anna comes with 50 points, Boris with 20."""
    player = played(program(), JANUARY_SALES, counted_from="2026-01-05")
    found = player.figures
    assert (player.opening(), found.receipts, found.given, found.spent) == (70, 1, 7, 50)
    assert left_over(player) == 0


def test_receipts_can_be_played_later_than_they_were() -> None:
    """A rule of March gives nothing in January, unless January is played as March."""
    march = program(rule(valid={"since": "2026-03-01", "until": "2026-04-30"}))
    assert played(march, JANUARY_SALES).figures.given == 0
    later = played(march, JANUARY_SALES, date(2026, 4, 2), shift_days=63).figures
    assert (later.given, min(later.days)) == (77, "2026-03-05")


def test_goods_come_back_with_points_on_both_sides() -> None:
    """Anna's second receipt comes back: 50 spent points return, its 7 are taken."""
    back = PastReturn(render(JANUARY + timedelta(days=12)), ((0, 1),))
    sales = [*JANUARY_SALES[:2], msgspec.structs.replace(JANUARY_SALES[2], returns=(back,))]
    player = played(program(), sales)
    found = player.figures
    assert (found.given, found.spent, found.burnt, found.open) == (70, 0, 70, 0)
    assert (found.turnover, found.margin) == (140_000, 40_000)
    assert left_over(player) == 0


@given(
    prices=st.lists(st.integers(1, 99_999), min_size=1, max_size=3),
    pieces=st.integers(1, 4),
    order=st.randoms(use_true_random=False),
)
def test_what_came_back_altogether_was_nothing(prices: list[int], pieces: int, order: Any) -> None:
    """Piece by piece in any order: no turnover, discount or donation is left, nor worth."""
    off = rule(effect={"type": "discount", "off": {"num": 1, "den": 10}}, id="off")
    gift = {"type": "donation", "to": "shelter", "share": {"num": 1, "den": 100}}
    every = [(line, 1) for line in range(len(prices)) for _ in range(pieces)]
    order.shuffle(every)
    returns = tuple(
        PastReturn(render(JANUARY + timedelta(days=2, seconds=number)), (one,))
        for number, one in enumerate(every)
    )
    sale = bought("anna", 0, *prices, quantity=pieces, cost=0, returns=returns)
    player = played(program(off, rule(), rule(id="given", effect=gift)), [sale], prices="shelf")
    found = player.figures
    assert found.receipts == 1
    sums = (found.turnover, found.margin, found.discounts, found.donations, found.given)
    assert sums == (0, 0, 0, 0, 0)
    assert all((one.points, one.money) == (0, 0) for one in found.rules.values())
    assert sum(one.discounts for one in found.days.values()) == 0
    assert player._buyers["anna"].worth == left_over(player) == 0


def test_a_part_that_comes_back_takes_its_part_of_the_discount() -> None:
    """Two for 1 000.00 with a tenth off and 1 % of 900.00 given away; one of them comes back."""
    off = rule(effect={"type": "discount", "off": {"num": 1, "den": 10}}, id="off")
    gift = {"type": "donation", "to": "shelter", "share": {"num": 1, "den": 100}}
    back = PastReturn(render(JANUARY + timedelta(days=1)), ((0, 1),))
    sale = bought("anna", 0, 100_000, quantity=2, cost=60_000, returns=(back,))
    document = program(off, rule(id="given", effect=gift))
    found = played(document, [sale], prices="shelf").figures
    assert (found.turnover, found.margin) == (50_000, 20_000)
    assert (found.discounts, found.donations) == (5_000, 450)
    assert economy(found, 100).near == 20_000 - 5_000 - 450


def test_points_that_come_later_are_used_later() -> None:
    """Fourteen days pending: nothing can be spent on 11 January; all came by the end, and Boris'
    and Anna's first live until 14 and 15 February.
    """
    waiting = program(rule(pending_days=14))
    player = played(waiting, JANUARY_SALES)
    found = player.figures
    assert (found.spent, found.given, found.open, found.pending) == (0, 80, 80, 0)
    early = played(waiting, JANUARY_SALES, date(2026, 1, 20))
    assert (early.figures.open, early.figures.pending) == (70, 10)
    assert left_over(early) == left_over(player) == 0


def test_money_that_earns_nothing_earns_nothing() -> None:
    card = program(purchases={"earns_nothing": ["gift-card"]})
    paid = (Payment(means="gift-card", amount=40_000), Payment(means="cash", amount=60_000))
    assert played(card, [bought("anna", 0, 100_000, payments=paid)]).figures.given == 30


def test_budgets_are_never_overdrawn_however_the_work_is_parted() -> None:
    """101 points for all: one part gives them all; three parts have 34, 34 and 33."""
    capped = program(rule(caps={"program": 101}))
    sales = [bought(f"m{one}", one, 100_000) for one in range(9)]
    assert played(capped, sales).figures.given == 101
    parts = [
        played(capped, sales[one * 3 : one * 3 + 3], share=Share(one + 1, 3)).figures.given
        for one in range(3)
    ]
    assert parts == [34, 34, 33]


# -- what must hold ------------------------------------------------------------------

PRICES = st.lists(st.integers(0, 300_000), min_size=1, max_size=4)
SALES = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.integers(0, 90), PRICES, st.booleans()),
    min_size=1,
    max_size=25,
)
DOCUMENTS = [
    program(),
    program(rule(pending_days=10), rule(3, id="more", caps={"month": 40})),
    program(
        rule(
            id="card",
            effect={"type": "voucher", "points": 30, "amount": 3_000},
        ),
        rule(),
    ),
    program(
        rule(),
        purchases={"spending": HALF, "on_return": "shares", "debt": "forgive"},
    ),
]


def receipts_of(sales: list[tuple[str, int, list[int], bool]]) -> list[Past]:
    """Receipts, some of which come back in part."""
    found = []
    for number, (member, day, prices, returned) in enumerate(sales):
        past = bought(member, day, *prices, number=number, quantity=3)
        if returned:
            at = render(JANUARY + timedelta(days=day + 20))
            past = msgspec.structs.replace(
                past, returns=(PastReturn(at, ((0, 1),)), PastReturn(at, ((0, 2),)))
            )
        found.append(past)
    return found


@given(sales=SALES, which=st.integers(0, len(DOCUMENTS) - 1))
@settings(max_examples=60)
def test_no_point_comes_from_nowhere_or_gets_lost(
    sales: list[tuple[str, int, list[int], bool]], which: int
) -> None:
    player = played(DOCUMENTS[which], receipts_of(sales), date(2026, 5, 31))
    assert left_over(player) == 0
    assert player.figures.refused == 0
    by_rule = sum(one.points for one in player.figures.rules.values())
    assert by_rule == player.figures.given
    by_day = sum(one.given for one in player.figures.days.values())
    assert by_day == player.figures.given


@given(sales=SALES, which=st.integers(0, len(DOCUMENTS) - 1), parts=st.integers(2, 4))
@settings(max_examples=40)
def test_parts_by_member_come_to_the_same_as_the_whole(
    sales: list[tuple[str, int, list[int], bool]], which: int, parts: int
) -> None:
    receipts = receipts_of(sales)
    last = date(2026, 5, 31)

    def result(chosen: list[Past]) -> tuple[Any, ...]:
        base = Player(DOCUMENTS[0], lambda *_: MemberFacts(), Assumptions())
        other = Player(DOCUMENTS[which], lambda *_: MemberFacts(), Assumptions())
        play([base, other], steps(chosen, "Europe/Moscow"), last)
        return tuple(one.played(base, str.upper) for one in (base, other))

    shared: list[list[Past]] = [[] for _ in range(parts)]
    for past in receipts:
        shared[ord(past.member) % parts].append(past)
    together = whole([result(receipts)])
    assert whole([result(some) for some in shared]) == together
    packed = msgspec.json.encode(together)
    assert msgspec.json.decode(packed, type=Result) == together


# -- small figures ---------------------------------------------------------------------


def test_deciles_part_the_members_by_their_changes() -> None:
    changes = changes_of((f"m{one:02}", 0, one) for one in range(100))
    assert changes.deciles() == (9, 19, 29, 39, 49, 59, 69, 79, 89)
    assert (changes.winners, changes.losers, changes.members) == (99, 0, 100)
    assert len(changes.most) == 20
    assert changes.most[0].member == "m99"
    assert Changes({}, (), ()).deciles() == ()


def test_nothing_given_is_nothing_burnt() -> None:
    assert economy(Figures(), 100).breakage == 0


def test_much_work_is_parted() -> None:
    assert [parts_for(count, 2) for count in (0, 20_000, 20_001, 10**7)] == [1, 1, 2, 16]
