"""The ready documents of ``programs/``, and what they give.

Money is in minor units. An event without ``at`` happens on Monday, 2 March 2026, at noon in Moscow.
"""

from functools import cache
from typing import Any

import msgspec

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Judgement, Used
from chalicelib.programs.model import Program
from infra.local.resources import ROOT
from tests.support.rules import event

FILES = sorted((ROOT / "programs").glob("*.json"))
Json = dict[str, Any]


@cache
def document(name: str) -> Program:
    """A ready document."""
    return msgspec.json.decode((ROOT / f"programs/{name}.json").read_bytes(), type=Program)


@cache
def engine(name: str) -> Engine:
    """Its rules."""
    return Engine(document(name))


def judged(name: str, *lines: Json, used: dict[str, Used] | None = None, **more: Any) -> Judgement:
    """What a ready document gives."""
    return engine(name).judge(event(*lines, **more), used or {})


def points(name: str, *lines: Json, **more: Any) -> int:
    """The points that a ready document gives."""
    return judged(name, *lines, **more).points


def off(name: str, *lines: Json, **more: Any) -> list[int]:
    """What a ready document takes off each line of a basket."""
    found = [0] * len(lines)
    for discount in judged(name, *lines, quote=True, **more).discounts:
        for place, amount in discount.shares:
            found[place] += amount
    return found


def rate(percent: int) -> Json:
    """A share of a hundred."""
    return {"num": percent, "den": 100}
