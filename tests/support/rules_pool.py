"""Events to meet every random program: full ones, the same ones every time."""

import random
from datetime import date, timedelta

import msgspec

from chalicelib.earning.model import Event
from tests.support.rules import BRANDS, CATEGORIES, NAMES, SKUS, TAGS, Json


def pool(count: int, seed: int = 20260302) -> list[Event]:
    """Full events, the same ones every time: each random program is met by all of them."""
    luck = random.Random(seed)

    def some(values: list[str]) -> list[str]:
        return luck.sample(values, luck.randint(0, 2))

    def line() -> Json:
        return {
            "sku": luck.choice(SKUS),
            "category": luck.choice(CATEGORIES),
            "brand": luck.choice(BRANDS),
            "tags": some(TAGS),
            "quantity": luck.randint(1, 5),
            "paid": luck.choice([0, 7, 99, 100, 101, 250, 399, 100_000, 150_000]),
            "on_sale": luck.random() < 0.5,
        }

    def one() -> Event:
        clock = luck.choice(["00:00", "09:29", "09:30", "12:00", "12:01", "20:59", "21:00"])
        day = date(2026, 2, 25) + timedelta(days=luck.randint(0, 9))
        joined = ["2026-01-30", "2026-01-31", "2026-02-01", "2026-02-27", str(day), "2025-12-31"]
        born = ["1992-02-29", "1990-03-01", "1990-02-27", "1990-12-31", "1990-04-28"]
        return msgspec.convert(
            {
                "trigger": "receipt_paid",
                "at": f"{day}T{clock}:00+03:00",
                "quote": luck.random() < 0.5,
                "lines": [line() for _ in range(luck.randint(0, 5))],
                "partner": luck.choice(NAMES),
                "outlet": luck.choice(NAMES),
                "channel": luck.choice(NAMES),
                "payment": some(NAMES),
                "subject": luck.choice(NAMES),
                "count": luck.randint(0, 1000),
                "given": luck.randint(0, 300),
                "member": {
                    "kind": luck.choice(["buyer", "seller"]),
                    "joined_on": luck.choice(joined),
                    "birthday": luck.choice(born),
                    "gender": luck.choice(["female", "male"]),
                    "tier": luck.choice(NAMES),
                    "segments": some(NAMES),
                    "groups": some(NAMES),
                    "points": luck.randint(0, 200),
                },
                "history": {
                    "counters": {"last": luck.choice([0, 50, 100, 400]), "visits": 3},
                    "months": luck.sample(["2026-02", "2026-01", "2025-12"], luck.randint(0, 3)),
                    "stamps": {f"c{card}": luck.randint(0, 5) for card in range(7)},
                    "first": luck.random() < 0.5,
                    "today": {
                        name: luck.randint(1, 4) for name in ("outlet", "channel", "program")
                    },
                },
            },
            Event,
        )

    return [one() for _ in range(count)]
