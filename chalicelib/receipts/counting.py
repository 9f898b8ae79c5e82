"""What is counted of a member's purchases, and what rules may ask of it. Pure.

Everything is counted by local day of the event, net of returns, and kept by calendar month, so that
a purchase changes one small item. Names beyond the bounds are counted together under the empty one:
an item stays small whatever a shop sells.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from chalicelib.counters.model import Day, Month, Months, Sums, month_of
from chalicelib.earning.conditions import months_before
from chalicelib.earning.model import Today, Used
from chalicelib.earning.reach import Reach
from chalicelib.kernel.clock import next_month
from chalicelib.programs.model import Earning
from chalicelib.programs.rules_model import Counter, Rule

__all__ = ["Day", "Month", "Months", "Sums", "month_of"]
MOST_NAMES = 60
"""Categories, partners or outlets of a month that are counted apart."""
MOST_TIERS = 20
MOST_CAUSES = 20
"""Receipts whose rules gave one tier that are remembered, the newest."""


By = Literal["", "purchase", "staff", "period", "return", "proposal", "undo", "stay"]
"""What brought a member to a tier: a rule, purchases, staff, the end of a period, a return, a
proposal that staff confirmed, a decision of staff that was taken back, the time of membership.
"""


class Tier(msgspec.Struct, frozen=True, array_like=True):
    """Since when a member is on a tier."""

    since: str
    tier: str
    by: By = ""
    last: str = ""
    """The last local day for which it is sure; empty: it has no end."""
    causes: tuple[str, ...] = ()
    """The receipts for which rules gave it, too; none, where a rule did: it is held for good."""
    lost: bool = False
    """Whether all of these were receipts that came back as a whole."""


class Tally(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is counted of a member for ever."""

    ever: dict[str, Sums] = {}
    """By declared counter: its category and partner, as in :class:`Day`."""
    stamps: dict[str, int] = {}
    """Stamps by card; below zero, where goods came back and the free piece that they brought did
    not: they are owed."""
    used: dict[str, int] = {}
    """Points that rules with caps for ever gave."""
    tiers: tuple[Tier, ...] = ()
    """The tiers that follow from what happened, the newest last."""
    assigned: tuple[Tier, ...] = ()
    """Where staff assign tiers: those that the member is on, the newest last; empty: nobody
    decided yet, and nothing changed since staff do."""
    judged: str | None = None
    """Since when there was what staff decided about last; null: they have not."""
    proposed: str = ""
    """Since when there is what waits for staff in their queue; empty: nothing does."""


def at_instant(tiers: Iterable[Tier], at: str) -> Tier | None:
    """Which of the tiers, the newest last, was there at an instant (RFC 3339 in UTC)."""
    return next((one for one in reversed(tuple(tiers)) if one.since <= at), None)


class Purchase(msgspec.Struct, frozen=True):
    """What a receipt adds to the counters, or a return takes away, when it is negative."""

    day: date
    sums: Sums
    categories: Mapping[str, Sums]
    partner: str
    outlet: str
    channel: str
    used: Mapping[str, int]
    """Points by rule, of rules with caps."""
    points: int = 0
    """Points that it earned, as far as they are counted."""

    @property
    def month(self) -> str:
        """Its calendar month."""
        return month_of(self.day)


def months_needed(reach: Reach, day: date, today: date) -> set[str]:
    """The months that rules which ask so far back may ask about, for an event on ``day``; of one
    that is told later than others also the months after it, as far as caps of periods reach.
    """
    first = day - timedelta(days=reach.days - 1)
    ahead = [rule.caps.period.days - 1 for rule in reach.capped if rule.caps.period]
    last = min(today, day + timedelta(days=max([0, *ahead])))
    found = {month_of(day), *months_before(day, reach.months)}
    while first <= last:
        found.add(month_of(first))
        first = next_month(first)
    return found


def counters(
    earning: Earning, names: Iterable[str], months: Months, tally: Tally, day: date
) -> dict[str, int]:
    """Some of the program's counters before an event on ``day``."""
    found = {}
    for name in names:
        counter = earning.counters[name]
        sums = _counted(counter, months, tally, day)
        found[name] = max(0, sums.amount if counter.measure == "amount" else sums.receipts)
    return found


def bought_in(months: Months) -> tuple[str, ...]:
    """The months with a purchase."""
    return tuple(sorted(name for name, month in months.items() if month.sums.receipts > 0))


def today(months: Months, purchase: Purchase) -> Today:
    """Which payment of its local day a purchase would be."""
    by = _day(months, purchase.day)
    return Today(
        outlet=_nth(by.by.get(_outlet(purchase))),
        channel=_nth(by.by.get(f"h:{purchase.channel}")),
        program=_nth(by.sums),
    )


def used(rules: Iterable[Rule], months: Months, tally: Tally, day: date) -> dict[str, Used]:
    """What rules with caps gave to the member before, as of ``day``."""
    found = {}
    for rule in rules:
        days = _by_day(rule.id, months)
        month = [points for one, points in days.items() if month_of(one) == month_of(day)]
        found[rule.id] = Used(
            day=max(0, days.get(day, 0)),
            month=max(0, sum(month)),
            period=_fullest(days, day, rule.caps.period.days) if rule.caps.period else 0,
            ever=max(0, tally.used.get(rule.id, 0)),
        )
    return found


def _by_day(rule: str, months: Months) -> dict[date, int]:
    """What a rule gave on each local day."""
    return {
        date.fromisoformat(f"{name}-{day}"): one.used[rule]
        for name, month in months.items()
        for day, one in month.days.items()
        if rule in one.used
    }


def _fullest(days: Mapping[date, int], day: date, length: int) -> int:
    """The most that was given in so many days that end with ``day``, or later and still hold it:
    a receipt that is told late finds no more room than there is left.
    """
    span = timedelta(days=length)
    ends = [day, *(one for one in days if day < one < day + span)]
    sums = [sum(points for one, points in days.items() if end - span < one <= end) for end in ends]
    return max(0, *sums)


def added(month: Month, earning: Earning, purchase: Purchase, apart: Collection[str] = ()) -> Month:
    """The month with a purchase of it, or less what came back of one; categories that are counted
    ``apart`` never go together with others.
    """
    name = purchase.day.isoformat()[8:]
    before = month.days.get(name, Day())
    by = dict(before.by)
    names = [*((f"c:{one}", sums) for one, sums in purchase.categories.items())]
    names += [(f"p:{purchase.partner}", purchase.sums), (_outlet(purchase), purchase.sums)]
    names += [(f"h:{purchase.channel}", purchase.sums)] if purchase.channel else []
    both = {_key(one) for one in earning.counters.values() if one.category and one.partner}
    names += [(key, _part(purchase, key)) for key in sorted(both)]
    for key, sums in names:
        if sums != Sums():
            _raise(by, key, sums, apart)
    points = dict(before.used)
    for rule, given in purchase.used.items():
        points[rule] = points.get(rule, 0) + given
    sums, used = before.sums.plus(purchase.sums), {k: v for k, v in points.items() if v}
    day = Day(sums, by, used, before.points + purchase.points)
    return Month({**month.days, name: day}) if day != before else month


def tallied(tally: Tally, earning: Earning, purchase: Purchase) -> Tally:
    """The tally with a purchase, as far as the program asks what was ever."""
    ever = dict(tally.ever)
    # Two counters may ask the same; it is counted once.
    for key in {_key(one) for one in earning.counters.values() if one.over == "ever"}:
        ever[key] = ever.get(key, Sums()).plus(_part(purchase, key))
    points = dict(tally.used)
    for rule in earning.rules:
        if rule.caps.ever is not None and rule.id in purchase.used:
            points[rule.id] = points.get(rule.id, 0) + purchase.used[rule.id]
    return msgspec.structs.replace(tally, ever=ever, used=points)


def stamped(tally: Tally, card: str, change: int) -> Tally:
    """The tally with more, or fewer, stamps on a card."""
    stamps = {**tally.stamps, card: tally.stamps.get(card, 0) + change}
    return msgspec.structs.replace(tally, stamps=stamps)


def _counted(counter: Counter, months: Months, tally: Tally, day: date) -> Sums:
    key = _key(counter)
    if counter.over == "ever":
        return tally.ever.get(key, Sums())
    if counter.over == "days":
        days = [_day(months, one) for one in _days(day, counter.days or 1)]
    else:
        name = month_of(day) if counter.over == "this_month" else months_before(day, 1)[0]
        days = list(months.get(name, Month()).days.values())
    found = Sums()
    for one in days:
        found = found.plus(one.by.get(key, Sums()) if key else one.sums)
    return found


def _days(day: date, count: int) -> Iterator[date]:
    return (day - timedelta(days=back) for back in range(count))


def _day(months: Months, day: date) -> Day:
    return months.get(month_of(day), Month()).days.get(day.isoformat()[8:], Day())


def _nth(before: Sums | None) -> int:
    return max(0, before.receipts if before else 0) + 1


def _outlet(purchase: Purchase) -> str:
    return f"o:{purchase.partner}/{purchase.outlet}"


def _key(counter: Counter) -> str:
    category = f"c:{counter.category}" if counter.category else ""
    partner = f"p:{counter.partner}" if counter.partner else ""
    return "|".join(part for part in (category, partner) if part)


def _part(purchase: Purchase, key: str) -> Sums:
    category, partner = "", ""
    for part in key.split("|"):
        category = part[2:] if part.startswith("c:") else category
        partner = part[2:] if part.startswith("p:") else partner
    if partner and partner != purchase.partner:
        return Sums()
    return purchase.categories.get(category, Sums()) if category else purchase.sums


def _raise(by: dict[str, Sums], key: str, sums: Sums, apart: Collection[str]) -> None:
    """Count under a name, or with others where there are too many.

    A name stays when all of it came back: so it is the same ones that are counted apart or
    together for the whole day, and what comes back is taken from where it was counted.
    """
    kind = key[:2]
    # What a counter asks of a category at a partner is always kept: there are few counters.
    pinned = "|" in key or (kind == "c:" and key[2:] in apart)
    if key not in by and not pinned:
        names = sum(name.startswith(kind) and "|" not in name for name in by)
        key = kind if names >= MOST_NAMES else key
    by[key] = by.get(key, Sums()).plus(sums)
