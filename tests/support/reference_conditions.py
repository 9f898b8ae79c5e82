"""Conditions and goods as the reference engine reads them: from the document, word by word."""

import math
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.earning.model import Event, Line, Used
from chalicelib.programs.model import Program

DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Conditions:
    """One event under one program."""

    def __init__(self, program: Program, event: Event, used: dict[str, Used]) -> None:
        self.program, self.event, self.used = program, event, used
        self.local: datetime = event.at.astimezone(ZoneInfo(program.zone))
        self.today: date = self.local.date()
        self.due = {place: line.paid for place, line in enumerate(event.lines)}

    def lines_of(self, goods: Any) -> list[int]:
        """Places of the lines that a selection takes."""
        return [i for i, line in enumerate(self.event.lines) if self.takes(goods, line)]

    def takes(self, goods: Any, line: Line) -> bool:
        """Whether a selection takes a line."""
        price = Fraction(line.paid, line.quantity)
        for name in ("sku", "category", "brand"):
            value = getattr(line, name)
            if getattr(goods, name) and value not in getattr(goods, name):
                return False
            if value in getattr(goods, f"except_{name}"):
                return False
        if goods.tags and not set(goods.tags) & set(line.tags):
            return False
        if set(goods.except_tags) & set(line.tags):
            return False
        if goods.on_sale is not None and goods.on_sale != line.on_sale:
            return False
        return price >= goods.price_from and (
            goods.price_below is None or price < goods.price_below
        )

    def holds(self, condition: Any) -> bool:
        """Whether a condition holds."""
        kind = str(condition.__struct_config__.tag)
        if kind == "all":
            return all(self.holds(one) for one in condition.of)
        if kind == "any":
            return any(self.holds(one) for one in condition.of)
        if kind == "not":
            return not self.holds(condition.of)
        return bool(getattr(self, f"if_{kind}")(condition))

    def bounded(self, value: int, condition: Any) -> bool:
        """Whether a figure is within the bounds."""
        highest = math.inf if condition.at_most is None else condition.at_most
        return bool(condition.at_least <= value <= highest)

    def counted(self, places: list[int], what: str) -> int:
        """Lines, pieces or money of some lines, before discounts."""
        lines = [self.event.lines[i] for i in places]
        if what == "lines":
            return len(lines)
        return sum(line.quantity if what == "pieces" else line.paid for line in lines)

    def if_positions(self, condition: Any) -> bool:
        everything = list(range(len(self.event.lines)))
        return self.bounded(self.counted(everything, condition.count), condition)

    def if_amount(self, condition: Any) -> bool:
        return self.bounded(sum(line.paid for line in self.event.lines), condition)

    def if_goods(self, condition: Any) -> bool:
        return self.bounded(
            self.counted(self.lines_of(condition.goods), condition.count), condition
        )

    def if_history(self, condition: Any) -> bool:
        return self.bounded(self.event.history.counters.get(condition.counter, 0), condition)

    def if_regular(self, condition: Any) -> bool:
        month = self.today.replace(day=1)
        for _ in range(condition.months):
            month = (month - timedelta(days=1)).replace(day=1)
            if month.strftime("%Y-%m") not in self.event.history.months:
                return False
        return True

    def if_hours(self, condition: Any) -> bool:
        now = self.local.strftime("%H:%M")
        since, until = condition.since, condition.until
        if since == until:
            return True
        return since <= now < until if since < until else not until <= now < since

    def if_weekdays(self, condition: Any) -> bool:
        return DAYS[self.today.weekday()] in condition.days

    def if_dates(self, condition: Any) -> bool:
        return (condition.since or date.min) <= self.today <= (condition.until or date.max)

    def if_yearly(self, condition: Any) -> bool:
        now = self.today.strftime("%m-%d")
        since, until = condition.since, condition.until
        return bool(since <= now <= until if since <= until else now >= since or now <= until)

    def if_outlet(self, condition: Any) -> bool:
        return f"{self.event.partner}/{self.event.outlet}" in condition.any_of

    def if_partner(self, condition: Any) -> bool:
        return self.event.partner in condition.any_of

    def if_channel(self, condition: Any) -> bool:
        return self.event.channel in condition.any_of

    def if_identified(self, condition: Any) -> bool:
        return self.event.identified in condition.any_of

    def if_subject(self, condition: Any) -> bool:
        return self.event.subject in condition.any_of

    def if_payment(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.payment)

    def if_segment(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.member.segments)

    def if_group(self, condition: Any) -> bool:
        return any(one in condition.any_of for one in self.event.member.groups)

    def if_tier(self, condition: Any) -> bool:
        return self.event.member.tier in condition.any_of

    def if_kind(self, condition: Any) -> bool:
        return self.event.member.kind in condition.any_of

    def if_gender(self, condition: Any) -> bool:
        return self.event.member.gender in condition.any_of

    def if_membership(self, condition: Any) -> bool:
        joined = self.event.member.joined_on
        if joined is None or joined > self.today:
            return False
        over = 0
        if condition.unit == "day":
            over = (self.today - joined).days
        else:
            while added_months(joined, over + 1) <= self.today:
                over += 1
        return bool(
            over >= condition.at_least and (condition.below is None or over < condition.below)
        )

    def if_birthday(self, condition: Any) -> bool:
        born = self.event.member.birthday
        if born is None:
            return False
        for shift in range(-condition.days_before, condition.days_after + 1):
            # The day on which the birthday is, if it is `shift` days from today.
            day = self.today - timedelta(days=shift)
            if born.strftime("%m-%d") == day.strftime("%m-%d"):
                return True
            # In common years the program chooses the day before or the day after.
            turn = (day + timedelta(days=1)) if self.leaps_back() else day
            yesterday = (turn - timedelta(days=1)).strftime("%m-%d")
            found = born.strftime("%m-%d"), yesterday, turn.strftime("%m-%d")
            if found == ("02-29", "02-28", "03-01"):
                return True
        return False

    def leaps_back(self) -> bool:
        """Whether the birthday of 29 February is on the 28th in common years."""
        return self.program.birthdays.leap_day == "february_28"

    def if_first_time(self, condition: Any) -> bool:
        return bool(self.event.history.first)

    def if_nth_today(self, condition: Any) -> bool:
        return self.bounded(getattr(self.event.history.today, condition.within), condition)


def added_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=day.day - 1), last)
