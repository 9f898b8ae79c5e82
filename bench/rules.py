"""What judging costs: rules x lines, beside the same rules written by hand as a Python function,
and judged by another engine.

Ratios of one run are what to look at: the CPU's time depends on the machine.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from bench import zen
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program

RUNS = 9
LOOPS = 300
CATEGORIES = ("ring", "earrings", "chain", "watch", "stone")
BRANDS = ("rubin", "opal")
Json = dict[str, Any]
BOUNDS: dict[str, Callable[[int], Json]] = {
    "the amount": lambda place: _when("amount", at_least=10**8 + place),
    "the hour": lambda place: _when("hours", since=f"00:{place % 60:02}", until="04:00"),
    "their validity": lambda place: {"valid": {"until": f"2021-01-{place % 28 + 1:02}"}},
    "the membership": lambda place: _when("membership", unit="day", at_least=1_000 + place),
    "partners, either of two": lambda place: _when(
        "any", of=[{"type": "partner", "any_of": [f"{side}{place}"]} for side in "pq"]
    ),
}


def _when(kind: str, **bounds: Any) -> Json:
    return {"conditions": [{"type": kind, **bounds}]}


def print_rules() -> None:
    """Print the table."""
    few, many, most = (_program(count) for count in (20, 200, 1000))
    receipt, long = _receipt(10), _receipt(500)
    own = Engine(few)
    assert _by_hand(receipt) == own.judge(receipt).points
    other = "zen-engine" if zen.installed() else "zen-engine: not installed"
    print(
        f"\n{'rules':>6}{'lines':>7}{'CPU us':>10}{'to 20 x 10':>12}{'by hand':>10}{'ratio':>8}",
        end="",
    )
    print(f"  {other:>10}{'ratio':>8}" if zen.installed() else f"  ({other})")
    twenty = 0.0
    for document, happened in ((few, receipt), (few, long), (many, receipt), (most, receipt)):
        engine = Engine(document)
        spent = _cpu_us(partial(engine.judge, happened))
        twenty = twenty or spent
        rules, lines = len(document.earning.rules), len(happened.lines)
        hand = _cpu_us(partial(_by_hand, happened))
        told = (
            f"{rules:6}{lines:7}{spent:10.1f}{spent / twenty:12.2f}{hand:10.1f}{spent / hand:8.1f}"
        )
        print(told + _by_zen(rules, happened, spent, engine.judge(happened).points))
    judged = own.judge(receipt)
    spread = _cpu_us(lambda: [award.shares for award in judged.awards])
    print("budget: 20 x 10 at most 50 us, 1 000 x 10 at most 1.5 times 20 x 10")
    print(f"shares of the {len(judged.awards)} awards of 20 x 10, when asked for: {spread:.1f} us")
    for kind, condition in BOUNDS.items():
        engines = [Engine(_bounding(condition, count)) for count in (20, 1000)]
        of_few, of_most = (_cpu_us(partial(engine.judge, receipt)) for engine in engines)
        print(f"1 000 rules that bound {kind}: {of_most / of_few:.2f} times 20 of them")
    print(f"compiling 1 000 rules: {_cpu_us(lambda: Engine(most), 1) / 1000:.1f} ms")


def twenty_rules() -> Program:
    """A program of twenty rules that look at every receipt."""
    return _program(20)


def _by_zen(rules: int, event: Event, own: float, points: int) -> str:
    """What zen-engine needs, and how that is to what we need; nothing where it is not there."""
    if not zen.installed():
        return ""
    local = event.at.astimezone(_ZONE)
    judge, told = zen.judge(rules), zen.told(event, local.weekday(), local.hour)
    if judge(told) != points:
        raise AssertionError(f"zen-engine gives {judge(told)} points instead of {points}")
    spent = _cpu_us(partial(judge, told), 20)
    return f"  {spent:10.1f}{own / spent:8.3f}"


def _cpu_us(work: Callable[[], Any], loops: int = LOOPS) -> float:
    """The least CPU of several runs, in microseconds for one piece of work."""
    work()
    runs = []
    for _ in range(RUNS):
        started = time.process_time()
        for _ in range(loops):
            work()
        runs.append((time.process_time() - started) / loops * 1e6)
    return min(runs)


def _program(count: int) -> Program:
    """Twenty rules that look at every receipt, and others for partners, goods and members that are
    not there.
    """
    rules = [_rule(place) for place in range(20)]
    others: list[Callable[[int], Json]] = [
        lambda place: {"conditions": [{"type": "partner", "any_of": [f"p{place}"]}]},
        lambda place: {"goods": {"sku": [f"X{place}"]}},
        lambda place: {"conditions": [{"type": "segment", "any_of": [f"s{place}"]}]},
    ]
    effect = {"type": "percentage", "rate": {"num": 1, "den": 100}}
    rules += [{"effect": effect, **others[place % 3](place)} for place in range(20, count)]
    name = {"en": "Rule", "ru": "Правило"}
    full = [
        {"id": f"r{place}", "name": name, "trigger": "receipt_paid", **rule}
        for place, rule in enumerate(rules)
    ]
    return msgspec.convert({**DOCUMENT, "earning": {"rules": full}}, Program)


def _bounding(condition: Callable[[int], Json], count: int) -> Program:
    """Rules that each bound the same figure otherwise, and do not apply."""
    effect = {"type": "percentage", "rate": {"num": 1, "den": 100}}
    name = {"en": "Rule", "ru": "Правило"}
    full = [
        {"id": f"r{place}", "name": name, "trigger": "receipt_paid", "effect": effect}
        | condition(place)
        for place in range(count)
    ]
    return msgspec.convert({**DOCUMENT, "earning": {"rules": full}}, Program)


def _rule(place: int) -> Json:
    category = CATEGORIES[place % 5]
    brand = BRANDS[place % 2]
    if place < 5:
        return {
            "effect": {"type": "percentage", "rate": {"num": place + 1, "den": 100}},
            "goods": {"category": [category]},
        }
    if place < 10:
        return {
            "effect": {"type": "per_unit", "points": 1, "per": 10_000},
            "goods": {"category": [category], "brand": [brand]},
            "conditions": [{"type": "amount", "at_least": 100_000 * (place - 4)}],
        }
    if place < 15:
        days = ["mon", "tue"] if place % 2 else ["sat", "sun"]
        return {
            "effect": {"type": "points", "points": place},
            "conditions": [
                {"type": "weekdays", "days": days},
                {"type": "goods", "goods": {"brand": [brand]}, "count": "pieces", "at_least": 2},
            ],
        }
    return {
        "effect": {"type": "percentage", "rate": {"num": 1, "den": 200}},
        "conditions": [
            {"type": "outlet", "any_of": ["rubin/arbat", f"rubin/o{place}"]},
            {"type": "hours", "since": f"{place:02}:00", "until": "23:00"},
        ],
    }


def _receipt(lines: int) -> Event:
    given = [
        {
            "sku": f"S{place}",
            "category": CATEGORIES[place % 4],
            "brand": BRANDS[place % 2],
            "quantity": place % 3 + 1,
            "paid": 9_900 + 1_000 * (place % 17),
        }
        for place in range(lines)
    ]
    at = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
    more = {"partner": "rubin", "outlet": "arbat", "lines": given}
    return msgspec.convert({"trigger": "receipt_paid", "at": at, **more}, Event)


def _by_hand(event: Event) -> int:
    """The twenty rules as somebody would write them for this one program."""
    lines = event.lines
    local = event.at.astimezone(_ZONE)
    weekday, hour = local.weekday(), local.hour
    total = 0
    by_category = dict.fromkeys(CATEGORIES, 0)
    by_both: dict[tuple[str, str], int] = {}
    pieces = dict.fromkeys(BRANDS, 0)
    for line in lines:
        paid, both = line.paid, (line.category, line.brand)
        total += paid
        by_category[line.category] += paid
        by_both[both] = by_both.get(both, 0) + paid
        pieces[line.brand] += line.quantity
    points = 0
    for place in range(5):
        points += by_category[CATEGORIES[place]] * (place + 1) // 10_000
    for place in range(5, 10):
        if total >= 100_000 * (place - 4):
            points += by_both.get((CATEGORIES[place % 5], BRANDS[place % 2]), 0) // 10_000
    for place in range(10, 15):
        if weekday in ((0, 1) if place % 2 else (5, 6)) and pieces[BRANDS[place % 2]] >= 2:
            points += place
    if event.outlet == "arbat":
        for place in range(15, 20):
            if place <= hour < 23:
                points += total // 20_000
    return points


_ZONE = ZoneInfo(str(DOCUMENT["zone"]))


if __name__ == "__main__":
    print_rules()
