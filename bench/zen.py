"""The benchmark's rules as a decision table of zen-engine (GoRules, MIT), judged by it.

A comparison, nothing more: the platform does not need it, and where it is not installed the
benchmark goes on without it. It counts sums by expressions and gives all rows that fit; shares of
lines, caps, stacking, whole numbers and explanations it does not know, so it is asked for less.
"""

import importlib
import importlib.util
import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from chalicelib.earning.model import Event

CATEGORIES = ("ring", "earrings", "chain", "watch", "stone")
BRANDS = ("rubin", "opal")
INPUTS = ("total", "weekday", "outlet", "hour", "partner", "any")
Json = dict[str, Any]


def installed() -> bool:
    """Whether it is there to be compared with."""
    return importlib.util.find_spec("zen") is not None


def judge(count: int) -> Callable[[Json], int]:
    """What judges a receipt by so many rules, as :mod:`bench.rules` has them."""
    decision = importlib.import_module("zen").ZenEngine().create_decision(json.dumps(_graph(count)))

    def points(told: Json) -> int:
        return sum(int(row["points"]) for row in decision.evaluate(told)["result"])

    return points


def told(event: Event, weekday: int, hour: int) -> Json:
    """A receipt in its words; local times are given, which spares it a conversion."""
    lines = [
        {
            "sku": line.sku,
            "category": line.category,
            "brand": line.brand,
            "quantity": line.quantity,
            "paid": line.paid,
        }
        for line in event.lines
    ]
    where = {"partner": event.partner, "outlet": event.outlet, "segments": []}
    return {**where, "weekday": weekday, "hour": hour, "lines": lines}


def _sum(of: str, where: str) -> str:
    return f"sum(map(filter(lines, {where}), #.{of}))"


def _graph(count: int) -> Json:
    sums = {"total": "sum(map(lines, #.paid))"}
    for category in CATEGORIES:
        sums[category] = _sum("paid", f"#.category == '{category}'")
    for place in range(5, 10):
        category, brand = CATEGORIES[place % 5], BRANDS[place % 2]
        both = f"#.category == '{category}' and #.brand == '{brand}'"
        sums[f"{category}_{brand}"] = _sum("paid", both)
    for brand in BRANDS:
        sums[f"pieces_{brand}"] = _sum("quantity", f"#.brand == '{brand}'")
    rows = [_row(place) for place in range(20)] + [_other(place) for place in range(20, count)]
    expressions = [{"id": key, "key": key, "value": value} for key, value in sums.items()]
    nodes = [
        _node("in", "inputNode", {}),
        _node("sums", "expressionNode", {"passThrough": True, "expressions": expressions}),
        _node("rules", "decisionTableNode", _table(rows)),
        _node("out", "outputNode", {}),
    ]
    names = [node["id"] for node in nodes]
    edges = [
        {"id": f"{one}-{next_}", "type": "edge", "sourceId": one, "targetId": next_}
        for one, next_ in pairwise(names)
    ]
    return {"contentType": "application/vnd.gorules.decision", "nodes": nodes, "edges": edges}


def _node(name: str, kind: str, content: Json) -> Json:
    return {"id": name, "type": kind, "name": name, "position": {}, "content": content}


def _table(rows: list[Json]) -> Json:
    fields = [
        {"id": name, "name": name, "type": "expression", "field": "" if name == "any" else name}
        for name in INPUTS
    ]
    empty = dict.fromkeys(INPUTS, "")
    return {
        "hitPolicy": "collect",
        "inputs": fields,
        "outputs": [{"id": "points", "name": "points", "type": "expression", "field": "points"}],
        "rules": [{**empty, "_id": str(place), **row} for place, row in enumerate(rows)],
    }


def _row(place: int) -> Json:
    category, brand = CATEGORIES[place % 5], BRANDS[place % 2]
    if place < 5:
        return {"points": f"floor({category} * {place + 1} / 10000)"}
    if place < 10:
        least = f">= {100_000 * (place - 4)}"
        return {"total": least, "points": f"floor({category}_{brand} / 10000)"}
    if place < 15:
        days = "[0, 1]" if place % 2 else "[5, 6]"
        more = f"pieces_{brand} >= 2"
        return {"weekday": f"in {days}", "any": more, "points": str(place)}
    return {
        "outlet": f"in ['arbat', 'o{place}']",
        "hour": f"[{place}..23)",
        "points": "floor(total / 20000)",
    }


def _other(place: int) -> Json:
    points = "floor(total / 10000)"
    return [
        {"partner": f"'p{place}'", "points": points},
        {"any": f"some(lines, #.sku == 'X{place}')", "points": points},
        {"any": f"'s{place}' in segments", "points": points},
    ][place % 3]
