"""What receipts and returns should bring: a second, naive reading of the terms of purchases.

Nothing is counted ahead: whatever rules ask is summed up from the list of all receipts, and the
rules are judged by the slow reference of :mod:`tests.support.reference_engine`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.earning.model import Event, Line, Used
from chalicelib.programs.model import Program
from tests.support.points import Lots, Refused
from tests.support.purchase_account import Account
from tests.support.purchase_bills import Bill, by_rule, last_of, month_of, parted_in_time, together
from tests.support.purchase_terms import BUDGET
from tests.support.reference_engine import Reference, Result

Json = dict[str, Any]
PERIOD = 3
"""Days of the one cap that looks at several."""


class Books:
    """Two members of one club, and everything that was bought."""

    def __init__(self, program: Program, accounts: list[Account]) -> None:
        self.program, self.accounts = program, accounts
        self.zone = ZoneInfo(program.zone)
        self.bills: list[Bill] = []
        self.tiers: list[list[tuple[datetime, str]]] = [[] for _ in accounts]
        self.marked = [False for _ in accounts]
        self.cards = [0 for _ in accounts]
        self.coupons: dict[str, Json] = {}
        """By code: whose, how much, and the receipt that uses it."""

    def of(self, who: int) -> list[Bill]:
        """A member's receipts."""
        return [bill for bill in self.bills if bill.who == who]

    def day(self, bill: Bill) -> date:
        """The local day of a receipt."""
        return bill.at.astimezone(self.zone).date()

    # -- what rules ask ------------------------------------------------------

    def judge(self, bill: Bill, who: int, points: int, budgeted: int) -> None:
        """Judge a receipt with what is known now; ``budgeted`` points came from the budget."""
        account = self.accounts[who]
        lines = self._lines(bill, bill.before)
        bill.event = msgspec.convert(
            {
                "trigger": "receipt_paid",
                "at": bill.at,
                "lines": lines,
                "partner": bill.partner,
                "outlet": bill.outlet,
                "member": {"points": account.available - points - account.debt},
            },
            Event,
        )
        history = self._history(bill, who)
        member = msgspec.structs.replace(bill.event.member, tier=self.tier(who, bill.at))
        bill.event = msgspec.structs.replace(bill.event, history=history, member=member)
        bill.used = self._used(bill, who)
        bill.card = self.cards[who]
        free = Reference(self.program, bill.event, bill.used).judge()
        wanted = by_rule(free).get("budget", 0)
        assert budgeted <= wanted
        if budgeted < wanted:
            bill.used["budget"] = Used(program=BUDGET - budgeted)
        bill.result = Reference(self.program, bill.event, bill.used).judge()

    def tier(self, who: int, at: datetime) -> str:
        """The tier at an instant."""
        found = [tier for since, tier in self.tiers[who] if since <= at]
        return found[-1] if found else ""

    def _history(self, bill: Bill, who: int) -> Any:
        day, mine = self.day(bill), self.of(who)
        on_day = [one for one in mine if self.day(one) == day and not one.whole]
        here = [one for one in on_day if (one.partner, one.outlet) == (bill.partner, bill.outlet)]
        week = [one for one in mine if timedelta(0) <= day - self.day(one) < timedelta(7)]
        history: Any = bill.event.history  # type: ignore[union-attr]
        return msgspec.structs.replace(
            history,
            counters={
                "month": sum(o.money() for o in mine if month_of(self.day(o)) == month_of(day)),
                "visits": sum(not one.whole for one in week),
                "rings": sum(one.money("ring") for one in mine),
            },
            stamps={"coffee": self.cards[who]},
            first=not self.marked[who],
            today=msgspec.structs.replace(
                history.today, outlet=len(here) + 1, program=len(on_day) + 1
            ),
        )

    def given(self, rule: str, bills: Iterable[Bill]) -> int:
        """Points that stay of a rule."""
        return sum(self.kept(bill, bill.back).get(rule, 0) for bill in bills)

    def _used(self, bill: Bill, who: int) -> dict[str, Used]:
        day, mine = self.day(bill), self.of(who)
        windows = [
            [one for one in mine if 0 <= (end - self.day(one)).days < PERIOD]
            for end in (day + timedelta(days) for days in range(PERIOD))
        ]
        return {
            rule: Used(
                day=self.given(rule, (one for one in mine if self.day(one) == day)),
                month=self.given(rule, (o for o in mine if month_of(self.day(o)) == month_of(day))),
                period=max(self.given(rule, window) for window in windows),
                ever=self.given(rule, mine),
            )
            for rule in ("base", "sliding", "visits", "all-goods")
        }

    # -- purchases -----------------------------------------------------------

    def post(self, bill: Bill, who: int, points: int, answer: Json) -> None:
        """Post a receipt of a member, or one that they claim."""
        account = self.accounts[who]
        now, later = parted_in_time(bill.result)
        voucher = next((one for one in bill.result.others if one[0] == "voucher"), None)
        swapped = voucher[2] if voucher else 0
        bill.bought = account.purchase(points, now, swapped, (bill.promise, later))
        bill.who, bill.first, self.marked[who] = who, not self.marked[who], True
        for one in bill.result.others:
            if one[0] == "cups":
                self.cards[who] = one[4]
            elif one[0] == "gold":
                self._gild(who, bill.at)
        if voucher:
            (told,) = answer["vouchers"]
            bill.vouchers = [(told["code"], swapped)]
            self.coupons[told["code"]] = {"who": who, "amount": told["amount"], "by": ""}
        if bill.coupon:
            self.coupons[bill.coupon]["by"] = bill.name

    def _gild(self, who: int, at: datetime) -> None:
        """Gold from an instant on, but not from before it was lost last."""
        tiers = self.tiers[who]
        if tiers and not tiers[-1][1]:
            at = max(at, tiers[-1][0])
        if self.tier(who, at) != "gold":
            self.tiers[who] = sorted([*tiers, (at, "gold")], key=lambda one: one[0])

    def _lose_gold(self, who: int, now: datetime) -> None:
        """Nobody is gold by receipts of which nothing is left."""
        held = (one for bill in self.of(who) if not bill.whole for one in bill.result.others)
        if self.tier(who, now) == "gold" and not any(one[0] == "gold" for one in held):
            self.tiers[who].append((now, ""))

    def claim(self, bill: Bill, who: int) -> None:
        """Refuse what cannot be claimed."""
        if bill.whole or bill.who not in (None, who):
            raise Refused(404, "claim_refused")
        bill.before = list(bill.back)

    # -- returns -------------------------------------------------------------

    def kept(self, bill: Bill, back: list[int]) -> dict[str, int]:
        """Points of each rule that stay when these pieces are gone."""
        if bill.who is None or bill.event is None:
            return {}
        before = bill.before or [0] * len(back)
        if self.program.purchases.on_return == "shares":
            return self._by_shares(bill, back, before)
        if back == before:
            return by_rule(bill.result)
        left = self._left(bill, back)
        most, found, gave = sum(p for _, p, _ in bill.result.awards), {}, by_rule(bill.result)
        for rule, points, _ in left.awards:
            bound = gave.get(rule, 0) if rule in BOUNDED else most
            found[rule] = min(points, most, bound)
            most -= found[rule]
        return found

    def _left(self, bill: Bill, back: list[int]) -> Result:
        lines = msgspec.convert(self._lines(bill, back), tuple[Line, ...])
        if not lines:
            return Result()
        event: Any = msgspec.structs.replace(bill.event, lines=lines)  # type: ignore[type-var]
        return Reference(self.program, event, bill.used).judge()

    def _by_shares(self, bill: Bill, back: list[int], before: list[int]) -> dict[str, int]:
        quantities = [line["quantity"] for line in bill.lines]
        shown = [place for place, had in enumerate(before) if had < quantities[place]]
        found: dict[str, int] = {}
        for rule, points, shares in bill.result.awards:
            for place, share in ((shown[place], share) for place, share in shares.items()):
                gone, of = back[place] - before[place], quantities[place] - before[place]
                points -= share * gone // of
            found[rule] = points
        return found

    def card_moved(self, bill: Bill, back: list[int]) -> int:
        """How far a receipt moved the stamp card, as far as it stands."""
        cups = [one for one in bill.result.others if one[0] == "cups"]
        cups_left = any(
            line["category"] == "coffee" and gone < line["quantity"]
            for line, gone in zip(bill.lines, back, strict=True)
        )
        if not cups or not cups_left:
            return 0
        ((_, _, given, free, after),) = cups
        before = bill.before or [0] * len(back)
        gone = sum(
            gone - had
            for line, gone, had in zip(bill.lines, back, before, strict=True)
            if line["category"] == "coffee"
        )
        assert given + free > 0
        return int(after) - bill.card - gone

    def take_back(self, bill: Bill, pieces: list[int], now: datetime) -> Json:
        """Goods come back; what the till should be told."""
        after = [had + more for had, more in zip(bill.back, pieces, strict=True)]
        if any(gone > line["quantity"] for gone, line in zip(after, bill.lines, strict=True)):
            raise Refused(409, "returned_too_much")
        told = {"money": bill.part("money", after) - bill.part("money", bill.back)}
        taken = sum(self.kept(bill, bill.back).values()) - sum(self.kept(bill, after).values())
        points = bill.part("points", after) - bill.part("points", bill.back)
        card = self.card_moved(bill, after) - self.card_moved(bill, bill.back)
        had, bill.back = bill.back, after
        if bill.who is None:
            return {**told, "points_back": 0, "points_taken": 0}
        assert taken >= 0
        self.cards[bill.who] += card
        self._undo(bill, taken, bill.part("points", had), points)
        self._lose_gold(bill.who, now)
        return {**told, "points_back": points, "points_taken": taken}

    def _undo(self, bill: Bill, taken: int, had: int, points: int) -> None:
        assert bill.who is not None
        assert bill.bought
        account = self.accounts[bill.who]
        less = min(taken, account.pending.get(bill.promise, 0))
        lapsed = 0
        if account.ended.get(bill.promise) == "cancelled":
            _, later = parted_in_time(bill.result)
            lapsed = min(taken - less, later - bill.unannounced - bill.lapsed)
        back = last_of(bill.bought.spent, had, points)
        if bill.whole:
            back = together(back, self._vouchers_back(bill))
            self.marked[bill.who] &= not bill.first
            for coupon in self.coupons.values():
                coupon["by"] = "" if coupon["by"] == bill.name else coupon["by"]
        undone = account.come_back(
            back,  # type: ignore[arg-type]
            together(bill.bought.opened, account.confirmed.get(bill.promise, {})),
            bill.bought.seq,
            taken - less - lapsed,
            (bill.promise, less),
            forgiving=self.program.purchases.debt == "forgive",
            recouped=min(sum(back.values()), bill.forgiven),
        )
        bill.unannounced += less
        bill.lapsed += lapsed
        bill.excused += undone.excused
        bill.forgiven += undone.forgiven

    def _vouchers_back(self, bill: Bill) -> Lots:
        assert bill.bought
        points = 0
        for code, took in bill.vouchers:
            if not self.coupons[code]["by"]:
                self.coupons[code]["by"] = "withdrawn"
                points += took
        return last_of(bill.bought.swapped, 0, points)

    def _lines(self, bill: Bill, back: list[int]) -> list[Json]:
        return [
            {
                "sku": line["sku"],
                "category": line["category"],
                "quantity": line["quantity"] - gone,
                "paid": share["money"] - share["money"] * gone // line["quantity"],
            }
            for line, share, gone in zip(
                bill.lines, bill.shares, back or [0] * len(bill.lines), strict=True
            )
            if gone < line["quantity"]
        ]


BOUNDED = ("base", "sliding", "visits", "budget", "all-goods")
