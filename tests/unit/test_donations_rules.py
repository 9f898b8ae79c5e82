"""Donations by values alone: months, totals, and points that go and come back."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.donations import model
from chalicelib.donations.model import Donation, Total
from chalicelib.donations.service import report
from chalicelib.kernel.errors import InvalidQuery
from chalicelib.ledger import posting, spending
from chalicelib.ledger.model import Account, Cause, Lot, Reason
from chalicelib.ledger.posting import NotReversible
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.programs.model import Program
from chalicelib.programs.values import Texts
from tests.support.common import JEWELS

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
CAUSE = Cause("points.donated", "trees", "member:m")
PROGRAM = msgspec.convert(JEWELS, Program)
ZONE = "Europe/Moscow"


def donation(at: str) -> Donation:
    """A donation of this instant."""
    return Donation(
        program="jewels", member="m", donation=1, to="trees", name=Texts(), points=5, at=at
    )


def account(*lots: tuple[str, int], held: int = 0) -> Account:
    """An account with lots by burn date."""
    points = sum(number for _, number in lots)
    made = tuple(sorted(Lot(burns, "", "", number) for burns, number in lots))
    return Account("jewels", "m", balance=points + held, held=held, lots=made)


def donate(of: Account, points: int) -> posting.Posting:
    """Give points."""
    return spending.donate(of, points, CAUSE, Reason("donated"), PROGRAM, AT)


def returned(given: posting.Posting) -> posting.Posting:
    """Take the donation back."""
    cause = Cause("donation.returned", "1", "staff:s")
    entry = given.entry
    contras = (spending.CHARITY,)
    return posting.reverse(given.account, entry, (), cause, PROGRAM, AT, contras=contras)


def test_the_month_is_that_of_the_programs_zone() -> None:
    late = "2026-11-30T21:30:00.000Z"  # half past midnight of 1 December in Moscow
    assert model.month_of(datetime(2026, 11, 30, 21, 30, tzinfo=UTC), ZONE) == "2026-12"
    assert model.may_return(donation(late), datetime(2026, 12, 31, 20, tzinfo=UTC), ZONE)
    assert not model.may_return(donation(late), datetime(2026, 12, 31, 22, tzinfo=UTC), ZONE)
    assert not model.may_return(donation(late), AT, ZONE)


def test_months_are_counted_from_the_first_to_the_last() -> None:
    assert model.months_between("2026-11", "2026-11") == 1
    assert model.months_between("2025-12", "2026-01") == 2
    assert model.months_between("2024-01", "2026-12") == 36


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [("2026-02", "2026-01", "before_from"), ("2024-01", "2027-01", "too_many_months")],
)
def test_a_report_over_months_that_cannot_be(first: str, last: str, code: str) -> None:
    with pytest.raises(InvalidQuery) as refused:
        report("jewels", first, last)
    assert [fault.code for fault in refused.value.fields] == [code]


def test_parts_add_up_by_charity_and_what_was_all_taken_back_is_left_out() -> None:
    parts = [Total("a", 5, 1), Total("b", 7, 2), Total("a", 4, 1), Total("c", 0, 0)]
    assert model.added(parts) == [Total("a", 9, 2), Total("b", 7, 2)]


def test_points_that_burn_soonest_go_first_and_come_back_to_their_lots() -> None:
    before = account(("2026-12-31", 30), ("2027-12-31", 100))
    given = donate(before, 40)
    assert given.entry.contra == "charity"
    assert given.account.lots == (Lot("2027-12-31", "", "", 90),)
    back = returned(given)
    assert back.account.lots == before.lots
    assert back.entry.points == 40


def test_staff_cannot_take_it_back_past_the_donations_books() -> None:
    given = donate(account(("2027-12-31", 100)), 40)
    with pytest.raises(NotReversible):
        posting.reverse(given.account, given.entry, (), CAUSE, PROGRAM, AT)


def test_the_donations_room_takes_back_nothing_else() -> None:
    lots = account(("2027-12-31", 100))
    taken = posting.adjust(lots, -40, Cause("points.adjusted", "", "staff:s"), PROGRAM, AT)
    with pytest.raises(NotReversible):
        returned(taken)


def test_only_available_points_can_be_given() -> None:
    with pytest.raises(NotEnoughPoints):
        donate(account(("2027-12-31", 10), held=50), 11)


@given(
    st.lists(
        st.tuples(st.dates(date(2026, 11, 24), date(2029, 1, 1)), st.integers(1, 500)),
        min_size=1,
        max_size=12,
        unique_by=lambda lot: lot[0],
    ),
    st.data(),
)
def test_whatever_is_given_and_taken_back_leaves_the_account_as_it_was(
    lots: list[tuple[date, int]], data: st.DataObject
) -> None:
    before = account(*((day.isoformat(), points) for day, points in lots))
    points = data.draw(st.integers(1, before.balance))
    given = donate(before, points)
    assert given.account.balance == before.balance - points
    back = returned(given).account
    assert (back.lots, back.balance) == (before.lots, before.balance)
