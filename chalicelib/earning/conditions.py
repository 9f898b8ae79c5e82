"""Conditions as functions: a tree of data becomes a tree of closures, once per program version."""

from collections.abc import Callable, Container
from datetime import date, timedelta

from chalicelib.earning.case import Case
from chalicelib.earning.selectors import Selectors
from chalicelib.programs import rules_conditions as when
from chalicelib.programs.birthdays import LeapDay, birthday_in

Test = Callable[[Case], bool]


def compiled(condition: when.Condition, selectors: Selectors) -> Test:
    """The function that says whether the condition holds."""
    match condition:
        case when.AllCondition():
            return every([compiled(one, selectors) for one in condition.of])
        case when.AnyCondition():
            return _some([compiled(one, selectors) for one in condition.of])
        case when.NotCondition():
            inner = compiled(condition.of, selectors)
            return lambda case: not inner(case)
    value = figure(condition, selectors)
    if value is not None:
        return _between(value, *bounds(condition))
    return _plain(condition)


def every(tests: list[Test]) -> Test:
    """The function that says whether all of them hold."""
    if len(tests) == 1:
        return tests[0]

    def test(case: Case) -> bool:
        for one in tests:  # noqa: SIM110 - a generator would cost more than what it asks
            if not one(case):
                return False
        return True

    return test


def bounds(condition: when.Condition) -> tuple[int, int | None]:
    """The lowest and the highest figure that fit."""
    if isinstance(condition, when.MembershipCondition):
        return condition.at_least, None if condition.below is None else condition.below - 1
    return getattr(condition, "at_least", 0), getattr(condition, "at_most", None)


def figure(condition: when.Condition, selectors: Selectors | None) -> Callable[[Case], int] | None:
    """The function that gives the figure which a condition bounds; None if it bounds none, or one
    of goods and there are no selections.
    """
    match condition:
        case when.PositionsCondition(count="lines"):
            return lambda case: len(case.event.lines)
        case when.PositionsCondition():
            return lambda case: case.pieces(0)
        case when.AmountCondition():
            return lambda case: sum(case.paid)
        case when.GoodsCondition() if selectors is not None:
            return _of_goods(condition, selectors.number(condition.goods))
        case when.HistoryCondition(counter=counter):
            return lambda case: case.event.history.counters.get(counter, 0)
        case when.MembershipCondition(unit=unit):
            return lambda case: membership(case.event.member.joined_on, case.day, unit)
        case when.NthCondition(within=within):
            return lambda case: int(getattr(case.event.history.today, within))
    return None


def membership(joined_on: date | None, day: date, unit: str) -> int:
    """Whole days or calendar months since joining; -1, which fits no bound, where it is unknown."""
    if joined_on is None or joined_on > day:
        return -1
    if unit == "day":
        return (day - joined_on).days
    return (
        (day.year - joined_on.year) * 12
        + day.month
        - joined_on.month
        - (day.day < joined_on.day and (day + timedelta(days=1)).day != 1)
    )


def months_before(day: date, count: int) -> list[str]:
    """The calendar months before that of ``day``, the latest first."""
    last = day.year * 12 + day.month - 1
    return [
        f"{month // 12:04}-{month % 12 + 1:02}" for month in range(last - 1, last - 1 - count, -1)
    ]


def near_birthday(
    birthday: date | None, day: date, before: int, after: int, leap_day: LeapDay = "february_28"
) -> bool:
    """Whether a birthday is at most ``before`` days ahead or ``after`` days past."""
    if birthday is None:
        return False
    return any(
        -after <= (birthday_in(year, birthday, leap_day) - day).days <= before
        for year in (day.year - 1, day.year, day.year + 1)
    )


def _some(tests: list[Test]) -> Test:
    def test(case: Case) -> bool:
        for one in tests:  # noqa: SIM110
            if one(case):
                return True
        return False

    return test


def _between(value: Callable[[Case], int], lowest: int, highest: int | None) -> Test:
    if highest is None:
        return lambda case: value(case) >= lowest
    return lambda case: lowest <= value(case) <= highest


def _of_goods(condition: when.GoodsCondition, selector: int) -> Callable[[Case], int]:
    if condition.count == "lines":
        return lambda case: len(case.chosen(selector))
    if condition.count == "pieces":
        return lambda case: case.pieces(selector)
    return lambda case: sum([case.paid[place] for place in case.chosen(selector)])


def _plain(condition: when.Condition) -> Test:
    """Conditions that bound no figure."""
    match condition:
        case when.RegularCondition(months=count):
            return lambda case: set(months_before(case.day, count)).issubset(
                case.event.history.months
            )
        case when.HoursCondition():
            return _hours(minute_of(condition.since), minute_of(condition.until))
        case when.DatesCondition():
            return within(condition.since, condition.until)
        case when.YearlyCondition():
            return _yearly(condition.since, condition.until)
        case when.BirthdayCondition(days_before=before, days_after=after):
            return lambda case: near_birthday(
                case.event.member.birthday, case.day, before, after, case.leap_day
            )
        case when.FirstCondition():
            return lambda case: case.event.history.first
    return _member_of(condition)


def within(since: date | None, until: date | None) -> Test:
    """Between two local days, both included."""
    first, last = since or date.min, until or date.max
    return lambda case: first <= case.day <= last


def minute_of(time: str) -> int:
    """The minute of the day of ``18:05``."""
    return int(time[:2]) * 60 + int(time[3:])


def _hours(since: int, until: int) -> Test:
    if since < until:
        return lambda case: since <= case.minute < until
    return lambda case: case.minute >= since or case.minute < until


def _yearly(since: str, until: str) -> Test:
    # A day of the year as text sorts in the order of the year.
    if since <= until:
        return lambda case: since <= case.day.isoformat()[5:] <= until
    return lambda case: not until < case.day.isoformat()[5:] < since


def _member_of(condition: when.Condition) -> Test:
    """Conditions on a value, or on several values, that must be among those named."""
    several = SEVERAL.get(type(condition))
    if several is not None:
        some = frozenset(named(condition))
        return lambda case: not some.isdisjoint(several(case))
    one = ONE[type(condition)]
    among: Container[str] = frozenset(named(condition))
    return lambda case: one(case) in among


def named(condition: when.Condition) -> tuple[str, ...]:
    """The values that fit a condition on one property, or one of several on the same."""
    if isinstance(condition, when.AnyCondition):
        return tuple(value for one in condition.of for value in named(one))
    if isinstance(condition, when.WeekdaysCondition):
        return condition.days
    found: tuple[str, ...] = getattr(condition, "any_of", ())
    return found


ONE: dict[type, Callable[[Case], str]] = {
    when.WeekdaysCondition: lambda case: case.weekday,
    when.OutletCondition: lambda case: f"{case.event.partner}/{case.event.outlet}",
    when.PartnerCondition: lambda case: case.event.partner,
    when.ChannelCondition: lambda case: case.event.channel,
    when.IdentifiedCondition: lambda case: case.event.identified,
    when.SubjectCondition: lambda case: case.event.subject,
    when.TierCondition: lambda case: case.event.member.tier,
    when.KindCondition: lambda case: case.event.member.kind,
    when.GenderCondition: lambda case: case.event.member.gender or "",
}
"""Properties with one value."""
SEVERAL: dict[type, Callable[[Case], tuple[str, ...]]] = {
    when.PaymentCondition: lambda case: case.event.payment,
    when.SegmentCondition: lambda case: case.event.member.segments,
    when.GroupCondition: lambda case: case.event.member.groups,
}
"""Properties with several values."""
