"""The tables of docs/operations/costs.md, and whether the page has them as the data give them."""

import re
import sys
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from infra.costs.model import SERVICES, Model, club_bill, growth, idle_bill, operation_bill
from infra.costs.prices import Price, dollars

MILLION = 1_000_000
_PART = re.compile(r"(<!-- table: (?P<name>[a-z]+) -->\n).*?(<!-- end -->)", re.DOTALL)


class PageError(Exception):
    """The page does not hold what it should; the message says what."""


def tables(model: Model) -> dict[str, str]:
    """Every table by its name, as Markdown."""
    return {
        "operations": _operations(model),
        "idle": _idle(model),
        "clubs": _clubs(model),
        "prices": _prices(model),
    }


def filled(page: str, made: dict[str, str]) -> str:
    """The page with its tables as they are now.

    Raises:
        PageError: a table is missing in the page, or one there is unknown.
    """
    there = {found["name"] for found in _PART.finditer(page)}
    if there != made.keys():
        raise PageError(f"The page has the tables {sorted(there)}, not {sorted(made)}.")
    return _PART.sub(lambda part: f"{part[1]}{made[part['name']]}{part[3]}", page)


def brought_up(page: Path, made: dict[str, str], module: str, *, write: bool) -> int:
    """Put a page's tables right, or compare them: 1 and a sentence when they are older.

    Raises:
        PageError: a table is missing in the page, or one there is unknown.
    """
    had = page.read_text(encoding="utf-8")
    has = filled(had, made)
    if write:
        page.write_text(has, encoding="utf-8")
    elif has != had:
        print(
            f"{page} is older than the data: run python -m {module} --write {page}",
            file=sys.stderr,
        )
        return 1
    return 0


def markdown(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table: the first column of words, the others of figures."""
    titles = list(head)
    marks = ["---", *("---:" for _ in titles[1:])]
    lines = chain([titles, marks], rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _operations(model: Model) -> str:
    rows = []
    for operation in model.assumed.operations:
        bill = operation_bill(model, operation, MILLION)
        row = model.row(operation.row)
        rows.append(
            [
                operation.title,
                _thousandths(row.write_milliunits),
                _thousandths(row.read_milliunits),
                _thousandths(model.duration_us(row)),
                *(dollars(bill[service]) for service in SERVICES),
                f"**{dollars(sum(bill.values()))}**",
            ]
        )
    return markdown(["a million of", "W", "R", "Lambda ms", *SERVICES, "together"], rows)


def _idle(model: Model) -> str:
    bill = idle_bill(model)
    rows = [[name, dollars(pico)] for name, pico in bill.items()]
    return markdown(["a month of", "$"], [*rows, ["**together**", _bold(sum(bill.values()))]])


def _clubs(model: Model) -> str:
    clubs = model.assumed.clubs
    bills = [club_bill(model, club) for club in clubs]
    rows = [[name, *(dollars(bill[name], 0) for bill in bills)] for name in bills[0]]
    totals = [sum(bill.values()) for bill in bills]
    each = [total // club.members for total, club in zip(totals, clubs, strict=True)]
    grown = [growth(model.assumed, club) // 10**9 for club in clubs]
    return markdown(
        ["$ a month", *(club.name for club in clubs)],
        [
            *rows,
            ["**together**", *(f"**{dollars(total, 0)}**" for total in totals)],
            ["for each member", *(dollars(pico, 4) for pico in each)],
            ["GB that the table grows by", *map(str, grown)],
        ],
    )


def _prices(model: Model) -> str:
    rows = (
        [name, _price(price), price.page, price.seen or "–", price.sure]
        for name, price in model.prices.prices.items()
    )
    return markdown(["what", "$", "AWS's page", "as of", "how sure"], rows)


def _thousandths(number: int) -> str:
    """Thousandths as a number with one place."""
    whole, tenth = divmod((number + 50) // 100, 10)
    return f"{whole}.{tenth}"


def _price(price: Price) -> str:
    return price.usd if price.per == 1 else f"{price.usd} / {price.per:,}".replace(",", " ")


def _bold(pico: int) -> str:
    return f"**{dollars(pico)}**"
