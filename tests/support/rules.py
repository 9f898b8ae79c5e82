"""Programs with rules, and random ones with events to judge, from a world small enough to meet."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from chalicelib.earning.model import Event, Used
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program

NAME = {"en": "Rule", "ru": "Правило"}
COUNTERS = {
    "last": {"measure": "amount", "over": "last_month"},
    "visits": {"measure": "receipts", "over": "days", "days": 30},
}
NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
"""A Monday, 12:00 in Moscow."""
Json = dict[str, Any]


def program(*rules: Json, **earning: Any) -> Program:
    """A program with these rules; names and triggers are filled in."""
    full = [
        {"id": f"r{place}", "name": NAME, "trigger": "receipt_paid", **rule}
        for place, rule in enumerate(rules)
    ]
    document = {**DOCUMENT, "earning": {"counters": COUNTERS, **earning, "rules": full}}
    return msgspec.convert(document, Program)


def event(*lines: Json, **more: Any) -> Event:
    """A paid receipt at :data:`NOON` with these lines."""
    full = [{"sku": f"S{place}", **line} for place, line in enumerate(lines)]
    return msgspec.convert({"trigger": "receipt_paid", "at": NOON, "lines": full, **more}, Event)


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=2, unique=True)


def _maybe(**parts: Any) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({}, optional=parts)


SKUS, CATEGORIES, BRANDS, TAGS = ["A", "B", "C"], ["ring", "chain"], ["rubin", "opal"], ["new", "x"]
NAMES = ["one", "two"]
MONEY = st.integers(0, 400) | st.sampled_from([99, 100, 9900, 100_000, 149_999, 150_000])
RATIO = st.fixed_dictionaries({"num": st.integers(0, 20), "den": st.integers(1, 20)})
PART = RATIO.map(lambda it: {"num": min(it["num"], it["den"]), "den": it["den"]})
ROUNDING = st.sampled_from(["down", "half_up", "up"])
DAY = st.dates(date(2026, 2, 25), date(2026, 3, 5))
FACETS: dict[str, st.SearchStrategy[Any]] = {
    "sku": _some(SKUS),
    "category": _some(CATEGORIES),
    "brand": _some(BRANDS),
    "tags": _some(TAGS),
    "except_sku": _some(SKUS),
    "except_category": _some(CATEGORIES),
    "except_brand": _some(BRANDS),
    "except_tags": _some(TAGS),
    "on_sale": st.booleans(),
    "price_from": st.integers(0, 150),
    "price_below": st.integers(50, 400),
}
GOODS = st.lists(
    st.sampled_from(sorted(FACETS)).flatmap(lambda name: st.tuples(st.just(name), FACETS[name])),
    max_size=2,
).map(dict)
"""Few facets at a time: with all of them nothing would ever fit."""


def _shape(kind: str, must: Json | None = None, **may: Any) -> st.SearchStrategy[Json]:
    return st.fixed_dictionaries({"type": st.just(kind), **(must or {})}, optional=may)


BOUNDS: dict[str, Any] = {
    "at_least": st.integers(0, 5) | MONEY,
    "at_most": st.integers(0, 5) | MONEY,
}
ONE_OF = [
    _shape(kind, {"any_of": _some(NAMES)})
    for kind in ("partner", "channel", "payment", "subject", "tier", "segment", "group")
]
TIME = st.sampled_from(["00:00", "09:30", "12:00", "12:01", "23:59"])
YEAR_DAY = st.sampled_from(["01-08", "02-28", "02-29", "03-01", "03-02", "12-25"])
LEAVES = st.one_of(
    *ONE_OF,
    _shape("positions", count=st.sampled_from(["lines", "pieces"]), **BOUNDS),
    _shape("amount", **BOUNDS),
    _shape(
        "goods", {"goods": GOODS}, count=st.sampled_from(["lines", "pieces", "amount"]), **BOUNDS
    ),
    _shape("history", {"counter": st.sampled_from(sorted(COUNTERS))}, **BOUNDS),
    _shape("regular", {"months": st.integers(1, 3)}),
    _shape("hours", {"since": TIME, "until": TIME}),
    _shape("weekdays", {"days": _some(["mon", "tue", "sun"])}),
    _shape("dates", since=DAY, until=DAY),
    _shape("yearly", {"since": YEAR_DAY, "until": YEAR_DAY}),
    _shape("outlet", {"any_of": _some(["one/one", "one/two", "two/one"])}),
    _shape("identified", {"any_of": _some(["card", "app"])}),
    _shape("kind", {"any_of": _some(["buyer", "seller"])}),
    _shape("gender", {"any_of": _some(["female", "male"])}),
    _shape(
        "membership",
        {"unit": st.sampled_from(["day", "month"])},
        at_least=st.sampled_from([0, 1, 2, 29, 30]),
        below=st.sampled_from([1, 2, 30, 31]),
    ),
    _shape("birthday", days_before=st.integers(0, 60), days_after=st.integers(0, 60)),
    _shape("first_time"),
    _shape(
        "nth_today",
        {"within": st.sampled_from(["outlet", "channel", "program"])},
        at_least=st.integers(1, 3),
        at_most=st.integers(1, 5),
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        _shape("all", {"of": st.lists(inner, min_size=1, max_size=2)}),
        _shape("any", {"of": st.lists(inner, min_size=1, max_size=2)}),
        _shape("not", {"of": inner}),
    ),
    max_leaves=3,
)
TABLE = st.lists(st.tuples(MONEY, RATIO), min_size=1, max_size=3, unique_by=lambda row: row[0]).map(
    lambda rows: [
        {"since": since, "rate": rate} for since, rate in sorted(rows, key=lambda r: r[0])
    ]
)
WORTH = st.sampled_from([1, 7, 100])
SLIDING = _shape(
    "sliding", {"table": TABLE}, marginal=st.booleans(), rounding=ROUNDING, per_point=WORTH
)
EFFECTS = {
    "points": st.one_of(
        _shape("points", {"points": st.integers(0, 3) | st.integers(0, 50)}),
        _shape(
            "per_unit",
            {"points": st.integers(0, 9), "per": st.integers(1, 200)},
            of=st.sampled_from(["amount", "pieces", "count"]),
            full_only=st.booleans(),
            rounding=ROUNDING,
        ),
        _shape("percentage", {"rate": RATIO}, per_point=WORTH, rounding=ROUNDING),
        _shape("partner_rate", per_point=WORTH, rounding=ROUNDING),
        SLIDING,
        SLIDING.map(lambda it: {**it, "counter": "last", "of": "counter"}),
        SLIDING.map(lambda it: {**it, "counter": "last", "marginal": False}),
    ),
    "multiplier": _shape(
        "multiplier",
        {"factor": RATIO.map(lambda it: {**it, "num": it["num"] + it["den"]})},
        rounding=ROUNDING,
    ),
    "discount": st.one_of(
        _shape(
            "discount", {"off": PART}, per=st.sampled_from(["line", "receipt"]), rounding=ROUNDING
        ),
        _shape("discount", {"amount": MONEY}, per=st.sampled_from(["line", "receipt"])),
        _shape("nth_item", {"nth": st.integers(2, 4), "off": PART}, rounding=ROUNDING),
    ),
    "other": st.one_of(
        _shape("gift", {"sku": st.sampled_from(SKUS)}, quantity=st.integers(1, 3)),
        _shape(
            "gift",
            {
                "sku": st.sampled_from(SKUS),
                "of": st.sampled_from(["pieces", "count"]),
                "per": st.integers(1, 8),
            },
            quantity=st.integers(1, 3),
        ),
        _shape(
            "voucher", {"points": st.integers(1, 90), "amount": MONEY.map(lambda one: one or 1)}
        ),
        _shape("tier", {"tier": st.sampled_from(NAMES)}),
        _shape("donation", {"share": PART, "to": st.just("charity")}, rounding=ROUNDING),
    ),
}
CAP = st.integers(1, 60)
CAPS = _maybe(
    receipt=CAP,
    day=CAP,
    month=CAP,
    ever=CAP,
    program=CAP,
    period=st.fixed_dictionaries({"days": st.integers(1, 30), "points": CAP}),
)
USED = st.builds(
    Used, **{name: st.integers(0, 40) for name in ("day", "month", "period", "ever", "program")}
)


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A program that keeps all its checks."""
    modes = {group: draw(st.sampled_from(["best", "best", "all", "first"])) for group in EFFECTS}
    mixed = ["points", "points", *EFFECTS, "stamps"]
    # Rules of one sort compete; where they are mixed, what one sort leaves the next one takes up.
    sorts = draw(st.sampled_from([mixed, mixed, *([sort] for sort in EFFECTS)]))
    rules: list[Json] = []
    effects: dict[str, list[Json]] = {}
    for place in range(draw(st.integers(1, 7))):
        phase = draw(st.sampled_from(sorts))
        rule = draw(
            _maybe(
                goods=st.just({}) | GOODS,
                conditions=st.just([]) | st.just([]) | st.lists(CONDITIONS, max_size=2),
                valid=_maybe(since=DAY, until=DAY),
            )
        )
        stacking: Json = {"priority": draw(st.integers(-1, 1))}
        if phase == "stamps":
            effect = {"type": "stamps", "card": f"c{place}", "full": draw(st.integers(1, 4))}
        else:
            # The same effect twice: rivals must be able to give the same.
            effect = dict(draw(st.sampled_from([*effects.get(phase, []), None])) or {})
            effect = effect or draw(EFFECTS[phase])
            effects.setdefault(phase, []).append(effect)
            if draw(st.sampled_from([True, True, False])):
                best = modes[phase] == "best" and phase == "other"
                stacking |= {"group": phase, "mode": "first" if best else modes[phase]}
        if phase in ("points", "multiplier"):
            rule |= {"caps": draw(CAPS), "pending_days": draw(st.sampled_from([0, 0, 5]))}
        if phase == "multiplier" and any(one["stacking"].get("group") == "points" for one in rules):
            effect |= {"groups": draw(st.sampled_from([[], ["points"]]))}
        rules.append({**rule, "effect": effect, "stacking": stacking})
    ceiling = draw(st.none() | st.fixed_dictionaries({"share": PART, "per_point": WORTH}))
    return program(*rules, ceiling=ceiling)


LINE = st.fixed_dictionaries(
    {"sku": st.sampled_from(SKUS)},
    optional={
        "category": st.sampled_from(CATEGORIES),
        "brand": st.sampled_from(BRANDS),
        "tags": st.lists(st.sampled_from(TAGS), max_size=2, unique=True),
        "quantity": st.integers(1, 5),
        "paid": MONEY,
        "on_sale": st.booleans(),
    },
)
NTH = st.integers(1, 5)
BORN = st.dates(date(1990, 1, 1), date(1990, 12, 31)) | st.just(date(1992, 2, 29))
EVENTS = st.fixed_dictionaries(
    {
        "trigger": st.just("receipt_paid"),
        "at": st.integers(0, 60 * 24 * 9).map(
            lambda minutes: datetime(2026, 2, 25, tzinfo=UTC) + timedelta(minutes=minutes)
        )
        | st.just(NOON),
        "quote": st.booleans(),
        "lines": st.lists(LINE, max_size=5),
        "member": _maybe(
            kind=st.sampled_from(["buyer", "seller"]),
            joined_on=st.dates(date(2026, 1, 25), date(2026, 3, 6)),
            birthday=BORN,
            gender=st.sampled_from(["female", "male"]),
            tier=st.sampled_from(NAMES),
            segments=st.lists(st.sampled_from(NAMES), max_size=2),
            groups=st.lists(st.sampled_from(NAMES), max_size=2),
            points=st.integers(0, 200),
        ),
        "history": _maybe(
            counters=_maybe(last=MONEY, visits=st.integers(0, 5)),
            months=st.lists(st.sampled_from(["2026-02", "2026-01", "2025-12"]), max_size=3),
            stamps=_maybe(c0=st.integers(0, 9), c1=st.integers(0, 9)),
            first=st.booleans(),
            today=_maybe(outlet=NTH, channel=NTH, program=NTH),
        ),
    },
    optional={
        "partner": st.sampled_from(NAMES),
        "outlet": st.sampled_from(NAMES),
        "channel": st.sampled_from(NAMES),
        "payment": st.lists(st.sampled_from(NAMES), max_size=2),
        "identified": st.sampled_from(["", "card", "phone"]),
        "partner_rate": st.none() | RATIO,
        "subject": st.sampled_from(NAMES),
        "count": st.integers(0, 1000),
        "given": st.integers(0, 300),
    },
).map(lambda it: msgspec.convert(it, Event))
USES = st.dictionaries(st.sampled_from(["r0", "r1", "r2"]), USED, max_size=3)
