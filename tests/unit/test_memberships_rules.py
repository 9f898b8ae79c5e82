"""What is paid of a membership, by values alone: runs, grace, refunds, what is due when."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import local_date
from chalicelib.members.model import Member, Paid, in_groups_on
from chalicelib.memberships import model
from chalicelib.memberships.model import Payment
from chalicelib.programs.memberships import Plan
from chalicelib.programs.values import Texts

MONTHLY = Plan(name=Texts(en="Plus"), price=9900, months=1, grace_days=3)
YEARLY = Plan(name=Texts(en="Plus"), price=9900, months=12)


def pay(paid: tuple[Paid, ...], day: date, plan: Plan = MONTHLY) -> tuple[Paid, ...]:
    """What is paid after another payment."""
    return model.bought(paid, "plus", plan, day).paid


def payment(run: Paid, months: int = 1) -> Payment:
    """One of a run's payments."""
    return Payment(
        program="p",
        member="m",
        payment="x",
        plan="plus",
        at="",
        amount=9900,
        run=run.since,
        since="",
        until="",
        months=months,
    )


def holds(paid: tuple[Paid, ...], day: date) -> bool:
    """Whether the member is in the group of the membership."""
    member = Member(
        program="p",
        member="m",
        kind="buyer",
        status="active",
        session_version=1,
        language="en",
        card_number="",
        joined_at="",
        journal=1,
        paid=paid,
    )
    return in_groups_on(member, day) == ("plus",)


def test_a_month_from_the_31st_does_not_wander() -> None:
    paid = pay((), date(2026, 1, 31))
    assert [(one.until, one.keeps) for one in paid] == [("2026-02-27", "2026-03-02")]
    paid = pay(paid, date(2026, 2, 20))
    assert paid[0].until == "2026-03-30"
    assert [one.since for one in pay(paid, date(2026, 3, 31))] == ["2026-01-31"]


def test_a_year_from_the_leap_day_ends_with_the_27th() -> None:
    (run,) = pay((), date(2028, 2, 29), YEARLY)
    assert run.until == "2029-02-27"


@pytest.mark.parametrize(
    ("day", "since"), [(date(2026, 4, 13), "2026-04-11"), (date(2026, 4, 14), "2026-04-14")]
)
def test_who_pays_within_the_grace_goes_on_from_the_paid_day(day: date, since: str) -> None:
    paid = pay((), date(2026, 3, 11))
    found = model.bought(paid, "plus", MONTHLY, day)
    assert found.since.isoformat() == since
    assert holds(found.paid, date(2026, 3, 20))  # a receipt that is told of later


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 3, 11), "active"),
        (date(2026, 4, 10), "active"),
        (date(2026, 4, 11), "grace"),
        (date(2026, 4, 13), "grace"),
        (date(2026, 4, 14), "over"),
    ],
)
def test_it_holds_through_its_grace(day: date, state: str) -> None:
    paid = pay((), date(2026, 3, 11))
    assert model.state_of(model.newest(paid, "plus"), day) == state
    assert holds(paid, day) == (state != "over")
    assert not holds(paid, date(2026, 3, 10))


def test_a_refund_takes_its_months_off_the_end() -> None:
    paid = pay(pay((), date(2026, 3, 11)), date(2026, 3, 12))
    less = model.refunded(paid, payment(paid[0]), 3, date(2026, 3, 20))
    assert less == pay((), date(2026, 3, 11))
    ended = model.refunded(less, payment(less[0]), 3, date(2026, 3, 20))
    assert holds(ended, date(2026, 3, 19))
    assert not holds(ended, date(2026, 3, 20))
    assert model.bought(ended, "plus", MONTHLY, date(2026, 3, 20)).since == date(2026, 3, 20)
    assert model.refunded(less, payment(less[0]), 3, date(2026, 3, 11)) == ()


def test_a_run_that_is_over_stays_as_it_was() -> None:
    paid = pay((), date(2026, 3, 11))
    assert model.refunded(paid, payment(paid[0]), 3, date(2026, 4, 14)) == paid
    other = msgspec.structs.replace(payment(paid[0]), run="2025-01-01")
    assert model.refunded(paid, other, 3, date(2026, 3, 12)) == paid


@pytest.mark.parametrize(
    ("zone", "reminder", "lapse"),
    [
        ("UTC", "2026-03-27T00:00", "2026-04-14T00:00"),
        ("Europe/Moscow", "2026-03-26T21:00", "2026-04-13T21:00"),
        ("Africa/Cairo", "2026-03-26T22:00", "2026-04-13T22:00"),
    ],
)
def test_reminder_and_lapse_are_due_when_their_local_day_begins(
    zone: str, reminder: str, lapse: str
) -> None:
    (run,) = paid = pay((), date(2026, 3, 11))
    assert model.due(run, 14, zone) == datetime.fromisoformat(reminder).replace(tzinfo=UTC)
    end = datetime.fromisoformat(lapse).replace(tzinfo=UTC)
    assert model.due(run, 0, zone) == end
    (reminded,) = model.told(paid, run, "reminded")
    assert model.due(reminded, 14, zone) == end
    (over,) = model.told((reminded,), reminded, "lapsed")
    assert model.due(over, 14, zone) is None


@pytest.mark.parametrize(
    ("day", "told", "what"),
    [
        (date(2026, 3, 26), "", None),
        (date(2026, 3, 27), "", "reminded"),
        (date(2026, 3, 27), "reminded", None),
        (date(2026, 4, 12), "", "reminded"),  # the agenda comes late, within the grace
        (date(2026, 4, 13), "reminded", None),
        (date(2026, 4, 14), "reminded", "lapsed"),
        (date(2026, 4, 14), "", "lapsed"),
        (date(2026, 6, 1), "lapsed", None),
    ],
)
def test_each_thing_is_told_once(day: date, told: str, what: str | None) -> None:
    (run,) = pay((), date(2026, 3, 11))
    before = Paid(run.plan, run.since, run.until, run.keeps, run.months, told)  # type: ignore[arg-type]
    assert model.step(before, 14, day) == what


def test_a_day_that_begins_an_hour_late_is_due_when_it_begins() -> None:
    """Cairo skips from 0 to 1 o'clock on 24 April 2026."""
    run = Paid("plus", "2026-03-24", "2026-04-23", "2026-04-23", 1)
    due = model.due(run, 0, "Africa/Cairo")
    assert due is not None
    assert local_date(due, "Africa/Cairo") == date(2026, 4, 24)
    assert local_date(due - timedelta(milliseconds=1), "Africa/Cairo") == date(2026, 4, 23)


@given(st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=12))
def test_no_day_that_was_paid_is_lost(steps: list[tuple[int, bool]]) -> None:
    """However payments and refunds follow: a payment always adds its whole period, and the
    membership holds on the day of a payment.
    """
    paid: tuple[Paid, ...] = ()
    day = date(2026, 1, 31)
    for wait, refund in steps:
        day += timedelta(days=wait)
        run = model.newest(paid, "plus")
        if refund and run is not None:
            paid = model.refunded(paid, payment(run), 3, day)
            continue
        found = model.bought(paid, "plus", MONTHLY, day)
        assert 28 <= (found.until - found.since).days + 1 <= 31
        assert holds(found.paid, day)
        assert found.until >= day or found.since < day
        paid = found.paid
    assert len(paid) <= model.KEPT
