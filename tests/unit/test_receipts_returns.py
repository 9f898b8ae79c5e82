"""Returns as arithmetic: a function of what is back, whatever the order in which it came."""

import random
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event, Judgement, MemberFacts
from chalicelib.programs.model import Program
from chalicelib.programs.purchases import OnReturn
from chalicelib.receipts import returns
from chalicelib.receipts.model import Frozen, Given, Shares, SoldLine, Spent
from tests.support.rules import EVENTS, USES, programs


def judged(program: Program, event: Event, used: dict[str, object]) -> Given:
    """A receipt of this event as it was judged."""
    frozen = Frozen(
        program.version,
        event.member,
        counters=dict(event.history.counters),
        months=event.history.months,
        stamps=dict(event.history.stamps),
        first=event.history.first,
        today=event.history.today,
        used=used,  # type: ignore[arg-type]
        identified=event.identified,
        partner_rate=event.partner_rate,
    )
    return Given(frozen, Engine(program).judge(event, frozen.used), 1)


def sold(event: Event) -> list[SoldLine]:
    """The event's lines as a till told them."""
    return [
        SoldLine(
            sku=line.sku,
            category=line.category,
            brand=line.brand,
            tags=line.tags,
            quantity=line.quantity,
            price=line.paid,
            on_sale=line.on_sale,
        )
        for line in event.lines
    ]


class Counter:
    """A receipt whose goods come back, as the use case does its sums."""

    def __init__(
        self, program: Program, event: Event, used: dict[str, object], how: OnReturn
    ) -> None:
        self.event = msgspec.structs.replace(event, quote=False)
        self.how: OnReturn = how
        self.engine = Engine(program)
        self.given = judged(program, self.event, used)
        self.lines = sold(self.event)
        self.shares = [Shares(0, 0, 0, 0, line.price) for line in self.lines]

    def kept(self, back: list[int]) -> dict[str, int]:
        """Points by rule that stay when these pieces are back."""
        if not any(back):
            left = self.given.judgement
        else:
            lines = returns.lines_left(self.lines, self.shares, back)
            event = msgspec.structs.replace(self.event, lines=tuple(lines))
            left = returns.rejudged(self.engine, event, self.given)
        return returns.kept(self.how, self.given, left, self.lines, back)

    def whole(self) -> list[int]:
        """All pieces."""
        return [line.quantity for line in self.lines]


HOW = st.sampled_from(["recalculate", "shares"])
RECEIPTS = EVENTS.filter(lambda event: len(event.lines) > 0)


@settings(max_examples=150)
@given(programs(), RECEIPTS, USES, HOW, st.randoms(use_true_random=False))
def test_any_order_of_the_same_returns_takes_the_same(
    program: Program, event: Event, used: dict[str, object], how: OnReturn, luck: random.Random
) -> None:
    counter = Counter(program, event, used, how)
    pieces = [place for place, line in enumerate(counter.lines) for _ in range(line.quantity)]
    some = luck.sample(pieces, luck.randint(1, len(pieces)))
    taken = []
    for order in (some, sorted(some), luck.sample(some, len(some))):
        steps = [
            [order[: step + 1].count(place) for place in range(len(counter.lines))]
            for step in range(len(order))
        ]
        sums = [sum(counter.kept(back).values()) for back in [[0] * len(counter.lines), *steps]]
        taken.append(sum(before - after for before, after in pairwise(sums)))
    assert len(set(taken)) == 1


@settings(max_examples=150)
@given(programs(), RECEIPTS, USES, HOW)
def test_what_is_returned_as_a_whole_keeps_nothing(
    program: Program, event: Event, used: dict[str, object], how: OnReturn
) -> None:
    counter = Counter(program, event, used, how)
    assert counter.kept(counter.whole()) == {}


@settings(max_examples=150)
@given(programs(), RECEIPTS, USES, HOW, st.randoms(use_true_random=False))
def test_nobody_keeps_more_than_they_were_given(
    program: Program, event: Event, used: dict[str, object], how: OnReturn, luck: random.Random
) -> None:
    counter = Counter(program, event, used, how)
    back = [luck.randint(0, line.quantity) for line in counter.lines]
    assert sum(counter.kept(back).values()) <= counter.given.judgement.points


MONEY = st.integers(0, 10**6)
LINES = st.lists(st.tuples(st.integers(1, 9), MONEY, st.integers(0, 500)), min_size=1, max_size=8)


@given(LINES, st.randoms(use_true_random=False))
def test_money_and_points_come_back_to_the_last_unit(
    rows: list[tuple[int, int, int]], luck: random.Random
) -> None:
    lines = [SoldLine(sku="A", quantity=quantity, price=money) for quantity, money, _ in rows]
    shares = [Shares(0, 0, points, 0, money) for _, money, points in rows]
    back, whole = [0] * len(rows), [quantity for quantity, _, _ in rows]
    pieces = [place for place, quantity in enumerate(whole) for _ in range(quantity)]
    luck.shuffle(pieces)
    money = points = 0
    for place in pieces:
        before = back.copy()
        back[place] += 1
        step = returns.money_back(lines, shares, back) - returns.money_back(lines, shares, before)
        assert step >= 0
        money += step
        points += returns.points_back(lines, shares, back)
        points -= returns.points_back(lines, shares, before)
    assert money == sum(one for _, one, _ in rows)
    assert points == sum(one for _, _, one in rows)


@given(st.lists(st.integers(1, 100), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_points_find_back_to_their_own_lots(amounts: list[int], luck: random.Random) -> None:
    spent = [Spent(f"2026-0{place + 1}-01", "", "", n) for place, n in enumerate(amounts)]
    cuts = sorted({0, sum(amounts), *(luck.randint(0, sum(amounts)) for _ in range(3))})
    came: dict[str, int] = {}
    for before, after in pairwise(cuts):
        parts = returns.lots_back(spent, before, after)
        assert sum(one.points for one in parts) == after - before
        for one in parts:
            came[one.burns] = came.get(one.burns, 0) + one.points
    assert came == {one.burns: one.points for one in spent}


def test_what_was_spent_last_comes_back_first() -> None:
    spent = [Spent("2026-01-01", "", "", 10), Spent("2026-06-01", "", "", 10)]
    assert returns.lots_back(spent, 0, 5) == (Spent("2026-06-01", "", "", 5),)
    assert returns.lots_back(spent, 5, 15) == (
        Spent("2026-06-01", "", "", 5),
        Spent("2026-01-01", "", "", 5),
    )


def test_nothing_judged_is_nothing_kept() -> None:
    given = Given(Frozen(1, MemberFacts()), Judgement(), 1)
    assert returns.kept("recalculate", given, Judgement(), [], []) == {}
