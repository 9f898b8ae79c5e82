"""What playing past receipts through costs: CPU for one receipt and one document."""

import random
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from bench.rules import twenty_rules
from chalicelib.earning.model import MemberFacts
from chalicelib.forecasts.happened import steps
from chalicelib.forecasts.model import Assumptions, Past
from chalicelib.forecasts.simulate import Player, play
from chalicelib.kernel.clock import render
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program
from chalicelib.receipts.model import SoldLine
from chalicelib.receipts.store import Sold

RECEIPTS = 10_000
MEMBERS = 1_000
RUNS = 3
SPENDING = {"spending": {"point_value": 100, "max_share": {"num": 3, "den": 10}}}
HALF_A_YEAR = {"type": "after", "count": 6, "unit": "month"}
FIVE_PERCENT = {
    "id": "base",
    "name": {"en": "Points", "ru": "Баллы"},
    "trigger": "receipt_paid",
    "effect": {"type": "percentage", "rate": {"num": 5, "den": 100}},
}


def print_forecasts() -> None:
    """Print the table."""
    happened = steps(_receipts(), "Europe/Moscow")
    print(f"\n{'a forecast of 3-line receipts by':44}{'CPU us a receipt':>17}{'budget':>8}")
    for name, document in (
        ("one rule, points pay", _program([FIVE_PERCENT], 1)),
        ("one rule, points do not pay", _program([FIVE_PERCENT], 2, purchases={})),
        ("twenty rules", msgspec.structs.replace(twenty_rules(), version=3)),
    ):
        runs = []
        for _ in range(RUNS):
            player = Player(document, lambda *_: MemberFacts(), Assumptions())
            started = time.process_time()
            play([player], happened, date(2026, 12, 31))
            runs.append((time.process_time() - started) / RECEIPTS * 1e6)
        print(f"{name:44}{min(runs):17.0f}{'300':>8}")


def _program(rules: list[dict[str, Any]], version: int, **more: Any) -> Program:
    document = {**DOCUMENT, "earning": {"rules": rules}, "purchases": SPENDING}
    made = msgspec.convert({**document, "burn": HALF_A_YEAR, **more}, Program)
    return msgspec.structs.replace(made, version=900_000 + version)


def _receipts() -> list[Past]:
    dice = random.Random(1)
    found = []
    for number in range(RECEIPTS):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(365 * 1440))
        lines = tuple(
            SoldLine(sku=f"S{place}", category="ring", price=dice.randrange(100, 500_000), cost=50)
            for place in range(3)
        )
        sold = Sold(str(number), render(at), lines)
        member = f"m{dice.randrange(MEMBERS)}"
        found.append(Past(member, f"r{number}", "rubin", "arbat", sold))
    return found


if __name__ == "__main__":
    print_forecasts()
