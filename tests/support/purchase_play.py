"""Two members, two tills and the naive model of them side by side: each act is done in both."""

import copy
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from chalicelib.counters import store as counters
from chalicelib.counters.model import Month
from tests.support.clubs import GRACE, LIFE
from tests.support.points import Refused
from tests.support.purchase_account import Account
from tests.support.purchase_bills import Bill
from tests.support.purchase_model import Books
from tests.support.purchase_terms import BUDGET, Stalls
from tests.support.till import Till, card_of

Json = dict[str, Any]


class Play:
    """What happened so far, as the platform says and as the model says."""

    def __init__(self, stalls: Stalls, on_return: str, debt: str) -> None:
        self.house = stalls.house
        self.tills, self.members, program = stalls.open(on_return, debt)
        today = self.house.now.astimezone(ZoneInfo(stalls.zone)).date()
        self.books = Books(program, [Account(today, LIFE, GRACE) for _ in self.members])
        self.codes: dict[str, str] = {}
        """By receipt: the code by which it can be claimed."""
        self.quotes: dict[str, tuple[int, int, datetime]] = {}
        """Held quotes: whose, at which till, until when."""
        self.done: list[tuple[Callable[[], httpx.Response], httpx.Response]] = []
        """Requests that had an effect, and their answers."""

    def agree(self) -> None:
        """Every figure is the model's, and no cap or budget is exceeded."""
        for who, member in enumerate(self.members):
            account = self.books.accounts[who]
            assert member.staff("GET", "/account").json() == account.view()
            found = member.call("GET", "/purchases")
            assert found.status_code == 200, found.text
            assert _months(found.json()) == self._bought(who)
            assert found.json()["tier"] == self.books.tier(who, self.house.now)
            stamps = found.json()["stamps"].get("coffee", 0)
            assert stamps == max(0, self.books.cards[who])
            self._within_caps(who)
            months = counters.since(member.club.id, member.id, "2000-01")
            assert earned_in(months) == self._earned(who)
        assert self.books.given("budget", self.books.bills) <= BUDGET

    def end(self) -> None:
        """All goods come back: no receipt leaves a trace, and the entries add up."""
        for bill in self.books.bills[::2] + self.books.bills[1::2]:
            self.take_rest(bill)
        self.agree()
        assert self.books.cards == [0, 0]
        for member in self.members:
            assert _months(member.call("GET", "/purchases").json()) == {}
            assert member.proof()["agrees"]

    def receipt(
        self, till: int, who: int | None, basket: Any, points: int = 0, late: int = 0
    ) -> Json:
        """The body of a receipt: category, pieces and price of each line; days ago."""
        lines = [
            {"sku": category.upper(), "category": category, "quantity": pieces, "price": price}
            for category, pieces, price in basket
        ]
        at = self.house.now - timedelta(days=late)
        body = self.tills[till].receipt(lines=lines, points=points, at=at)
        return body if who is None else {**body, "buyer": {"card": card_of(self.members[who])}}

    def refusal(self, who: int | None, body: Json) -> str | None:
        """Why a receipt should be refused."""
        due = sum(line["price"] for line in body["lines"])
        for code in body.get("coupons", ()):
            if self.books.coupons[code]["by"]:
                return "coupon_refused"
            due = max(0, due - self.books.coupons[code]["amount"])
        points = body["points"]
        if points * 100 > due:
            return "too_many_points"
        if who is None or not points:
            return None
        account = self.books.accounts[who]
        if "quote" in body:
            account = copy.deepcopy(account)
            account.let_go(body["quote"])
        return "not_enough_points" if points > account.available else None

    def sell(self, till: int, who: int | None, body: Json) -> bool:
        """Post a receipt; whether it should be taken, and is."""
        code = self.refusal(who, body)
        expected = None if code or "quote" in body else self._quoted(till, who, body)
        answer = self.tills[till].send(body)
        if code:
            assert (answer.status_code, answer.json()["code"]) == (409, code)
            return False
        assert answer.status_code == 201, answer.text
        self.posted(who, body, answer.json())
        if expected is not None:
            assert answer.json()["earned"] == expected
        if who is not None:
            told, account = answer.json()["points"], self.books.accounts[who]
            figures = (told["balance"], told["available"], told["debt"])
            assert figures == (account.balance, account.available, account.debt)
        self.done.append((lambda: self.tills[till].send(body), answer))
        return True

    def posted(self, who: int | None, body: Json, told: Json) -> None:
        """A receipt that was taken, in the model too."""
        lines = told["lines"]
        for line in lines:
            assert line["coupon"] + line["points_money"] + line["money"] == line["price"]
        assert sum(line["points"] for line in lines) == told["spent"] == body["points"]
        assert sum(line["points_money"] for line in lines) == body["points"] * 100
        bill = Bill(
            told["receipt"],
            told["partner"],
            body["outlet"],
            datetime.fromisoformat(body["at"]),
            body["lines"],
            lines,
            [0] * len(lines),
            next(iter(body.get("coupons", ())), ""),
        )
        self.books.bills.append(bill)
        if who is None:
            assert (told["state"], told["earned"]) == ("unclaimed", 0)
            self.codes[bill.name] = told["receipt_code"]
            return
        if "quote" in body:
            self.books.accounts[who].let_go(body["quote"])
        self.judged(bill, who, body["points"], told)

    def judged(self, bill: Bill, who: int, points: int, told: Json) -> None:
        """What a receipt brought its member, in the model too."""
        awards = {one["rule"]: one["points"] for one in told["awards"]}
        self.books.judge(bill, who, points, awards.get("budget", 0))
        expected = {rule: given for rule, given, _ in bill.result.awards}
        assert awards == expected
        assert sum(line["earned"] for line in told["lines"]) == sum(expected.values())
        cups = [one for one in bill.result.others if one[0] == "cups"]
        assert [(one["given"], one["free"], one["after"]) for one in told["stamps"]] == [
            (one[2], one[3], max(0, one[4])) for one in cups
        ]
        self.books.post(bill, who, points, told)

    def take_back(self, bill: Bill, pieces: list[int]) -> None:
        """Return some pieces of each line."""
        pieces = pieces + [0] * (len(bill.lines) - len(pieces))
        till: Till = self.tills[0 if bill.partner == "rubin" else 1]
        lines = [(place, count) for place, count in enumerate(pieces) if count]
        if not lines:
            return
        number, at = f"R{next(till.numbers)}", till.now
        told: Json = {}

        def send() -> httpx.Response:
            return till.take_back(bill.name, *lines, number=number, at=at)

        answer = self.both(
            lambda: told.update(self.books.take_back(bill, pieces, self.house.now)), send
        )
        if answer.is_success:
            assert {name: answer.json()[name] for name in told} == told
            assert (answer.json()["state"] == "returned") == bill.whole
            self.done.append((send, answer))

    def take_rest(self, bill: Bill) -> None:
        """Return everything that is left."""
        rest = [line["quantity"] - gone for line, gone in zip(bill.lines, bill.back, strict=True)]
        self.take_back(bill, rest)

    def both(
        self, expect: Callable[[], None], send: Callable[[], httpx.Response]
    ) -> httpx.Response:
        """A call that must end as the model says."""
        try:
            expect()
            refused = None
        except Refused as no:
            refused = no
        answer = send()
        if refused:
            assert (answer.status_code, answer.json()["code"]) == (refused.status, refused.code)
        else:
            assert answer.is_success, answer.text
        return answer

    def _quoted(self, till: int, who: int | None, body: Json) -> int | None:
        """What a quote says that the receipt will earn; cups may be free there, and cost less."""
        late = datetime.fromisoformat(body["at"]) < self.house.now - timedelta(hours=1)
        if who is None or late or any(line["category"] == "coffee" for line in body["lines"]):
            return None
        basket = {name: value for name, value in body.items() if name not in ("number", "at")}
        found = self.tills[till].system.call("POST", "/quotes", json=basket)
        assert found.status_code == 200, found.text
        return int(found.json()["earns"] + found.json()["earns_later"])

    def _within_caps(self, who: int) -> None:
        mine, given, day_of = self.books.of(who), self.books.given, self.books.day
        days = {day_of(bill) for bill in mine}
        for day in days:
            of_day = [bill for bill in mine if day_of(bill) == day]
            assert given("base", of_day) <= 25
            assert given("all-goods", of_day) <= 6
            three = [bill for bill in mine if 0 <= (day - day_of(bill)).days < 3]
            assert given("sliding", three) <= 15
        for month in {day.isoformat()[:7] for day in days}:
            of_month = [bill for bill in mine if day_of(bill).isoformat()[:7] == month]
            assert given("base", of_month) <= 70
        assert given("visits", mine) <= 9

    def _bought(self, who: int) -> Json:
        found: Json = {}
        for bill in self.books.of(who):
            month = found.setdefault(self.books.day(bill).isoformat()[:7], [0, 0, {}])
            month[0] += bill.money()
            month[1] += not bill.whole
            for category in {line["category"] for line in bill.lines}:
                month[2][category] = month[2].get(category, 0) + bill.money(category)
        return _told(found)

    def _earned(self, who: int) -> dict[str, int]:
        found: dict[str, int] = {}
        for bill in self.books.of(who):
            day, left = self.books.day(bill).isoformat(), self.books.kept(bill, bill.back)
            found[day] = found.get(day, 0) + sum(left.values())
        return {day: points for day, points in found.items() if points}


def earned_in(months: Mapping[str, Month]) -> dict[str, int]:
    """Points that count for levels, by local day."""
    return {
        f"{name}-{day}": one.points
        for name, month in months.items()
        for day, one in month.days.items()
        if one.points
    }


def fixed(told: Any, like: Any) -> Any:
    """What of an answer does not change with what happens later; ``like`` is the first answer."""
    if isinstance(told, list):
        return [fixed(one, other) for one, other in zip(told, like, strict=True)]
    if not isinstance(told, dict):
        return told
    later = ["state", "returned", "returns", "text", "points" if "receipt" in told else ""]
    if like.get("state") == "unclaimed":  # somebody may have claimed it
        later += ["lines", "awards", "stamps", "tier", "vouchers", "program_version", "earned"]
        later += ["receipt_code"]
    return {name: fixed(it, like[name]) for name, it in told.items() if name not in later}


def _told(months: Json) -> Json:
    found = {
        name: (amount, receipts, {it: money for it, money in by.items() if money})
        for name, (amount, receipts, by) in months.items()
    }
    return {name: month for name, month in found.items() if month != (0, 0, {})}


def _months(told: Json) -> Json:
    rows = told["months"]
    return _told({it["month"]: (it["amount"], it["receipts"], it["categories"]) for it in rows})
