"""The third part of the demo: a shop's till prices, sells, goes offline and takes goods back."""

import random
from datetime import UTC, datetime, timedelta

import httpx

from infra.local.demo_client import Client
from infra.local.demo_data import sign_in
from infra.local.demo_show import expect, show, step
from infra.local.demo_till import OUTLET, PROGRAM, Till
from infra.local.run import TILL_FILE

BASKET = [
    {"sku": "BREAD-1", "category": "bakery", "quantity": 2, "price": 11_000},
    {"sku": "CHEESE-7", "category": "dairy", "brand": "neighbour", "price": 64_000},
    {"sku": "WINE-3", "category": "alcohol", "price": 105_000},
]
"""110.00 + 640.00 + 1 050.00, in kopecks."""


def play(url: str) -> None:
    """Quote, sale, points as money, offline receipts, returns, and why."""
    till = Till(url, TILL_FILE)
    now = _now(url)
    till.set_clock(now.timestamp())
    phone = f"+7918{random.randrange(10**7):07}"  # nosec B311
    step(f"A neighbour joins the retail club by phone, {phone}, without buying anything")
    member = sign_in(url, phone, {"given_name": "Nina"}, program=PROGRAM)
    show(member.call("GET", "/v1/me"), "status", "card_number")
    receipt = _buy(till, phone, now)
    _pay_with_points(till, member, phone, now)
    _offline(till, member, phone, now)
    _return(till, member, receipt)
    step("What they bought, month by month, net of returns")
    months = member.must("GET", "/v1/me/purchases")["months"]
    for month in months:
        print(f"   {month['month']}  {month['receipts']} receipts, {_money(month['amount'])}")


def _buy(till: Till, phone: str, now: datetime) -> str:
    step("The till asks for the price of a basket: what it earns, what little is missing")
    basket = {"outlet": OUTLET, "buyer": {"phone": phone}, "lines": BASKET, "language": "en"}
    quoted = show(till.call("POST", "/quotes", basket), "due", "earns", "most_points")
    for near in quoted["near"]:
        print(f"   nearly: {near['text']}")
    expect(quoted["earns"] > 0)

    step("It is paid: the receipt, and the text that the till prints below it")
    body = {**basket, "number": _number(), "at": _iso(now)}
    body["payments"] = [{"means": "bank-card", "amount": quoted["due"]}]
    sold = show(till.call("POST", "/receipts", body), "receipt", "points")
    for line in sold["text"]:
        print(f"   | {line}")
    for award in sold["awards"]:
        print(f"   {award['points']:+6}  {award['name']}")
    expect(sold["points"]["earned"] == quoted["earns"])

    step("The connection broke, the till sends the same receipt again: nothing happens twice")
    again = show(till.call("POST", "/receipts", body), "receipt", "points")
    expect(again == sold)
    return str(sold["receipt"])


def _pay_with_points(till: Till, member: Client, phone: str, now: datetime) -> None:
    step("The points pay at once; the club lets them pay 30 % of a receipt, but not for wine")
    available = member.must("GET", "/v1/me/account")["available"]
    body = {
        "outlet": OUTLET,
        "buyer": {"phone": phone},
        "number": _number(),
        "at": _iso(now),
        "lines": [{"sku": "COFFEE-2", "category": "coffee", "price": 45_000}],
        "points": available,
        "language": "en",
    }
    sold = show(till.call("POST", "/receipts", body), "points", "text")
    expect(sold["points"]["spent"] == available)
    refused = till.call("POST", "/receipts", {**body, "number": _number(), "points": 10**6})
    show(refused)
    expect(refused.status == 409)


def _offline(till: Till, member: Client, phone: str, now: datetime) -> None:
    step("A till was offline: three receipts at once, in any order, one of them sent twice")
    before = len(member.must("GET", "/v1/me/receipts?limit=100")["rows"])
    some = [
        {
            "outlet": OUTLET,
            "till": "2",
            "buyer": {"phone": phone},
            "number": _number(),
            "at": _iso(now - timedelta(seconds=seconds)),
            "lines": [{"sku": "MILK-1", "category": "dairy", "price": 9_900}],
        }
        for seconds in (1, 3, 2)
    ]
    show(till.call("POST", "/receipt-batches", {"receipts": [*some, some[0]]}), "posted", "refused")
    rows = member.must("GET", "/v1/me/receipts?limit=100")["rows"]
    expect(len(rows) == before + 3)


def _return(till: Till, member: Client, receipt: str) -> None:
    step("The wine comes back, and one of two loaves: exactly what they brought is taken back")
    lines = [{"line": 2, "quantity": 1}, {"line": 0, "quantity": 1}]
    at = _iso(_now(member.url))
    body = {"number": _number(), "at": at, "lines": lines, "language": "en"}
    back = show(
        till.call("POST", f"/receipts/{receipt}/returns", body),
        "state",
        "money",
        "points_taken",
        "points",
    )
    for line in back["text"]:
        print(f"   | {line}")
    expect(back["state"] == "partly_returned")


def _number() -> str:
    return f"D{random.randrange(10**9)}"  # nosec B311


def _now(url: str) -> datetime:
    """The platform's time, which its user may have moved; a moment ago, in any case."""
    answer = httpx.get(f"{url}/local/clock", timeout=30).json()
    return datetime.fromisoformat(answer["now"])


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


def _money(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d} RUB"
