"""What is spent on gifts: which lots it comes from, which it comes back to, and what that owes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, rules, spending, store
from chalicelib.ledger.model import NEVER, Account, Lot, Reason
from chalicelib.ledger.rules import NotEnoughPoints
from tests.support.ledger import CAUSE, START, account, award, hold_item, program

GIFT = Reason("adjustment")
SOON, LATE = "2026-02-10", "2026-03-10"
TWO = (Lot(SOON, "", "", 40), Lot(LATE, "", "", 60))


def two_lots() -> Account:
    """40 points that burn soon and 60 that burn later."""
    return account(balance=100, lots=TWO)


def spent(head: Account, points: int, grace: int = 0) -> tuple[posting.Posting, store.HoldItem]:
    """Points spent at once, and the hold that keeps their lots."""
    posted = spending.spend(
        head, "h", points, CAUSE, GIFT, program(grace), START, owner="order:one"
    )
    lots = rules.spent_lots(posted.entry.movements)
    seq = posted.entry.seq
    return posted, store.HoldItem(
        "pk", "HOLD#h", state="captured", points=points, lots=lots, placed=seq, resolved=seq
    )


def test_points_spent_at_once_leave_by_one_entry_the_soonest_burning_first() -> None:
    posted, hold = spent(two_lots(), 70)
    assert [entry.points for entry in posted.entries] == [-70]
    assert posted.entry.contra == "gift"
    assert hold.lots == (Lot(SOON, "", "", 40), Lot(LATE, "", "", 30))
    assert (posted.account.balance, posted.account.held) == (30, 0)


def test_more_than_there_is_is_not_spent() -> None:
    with pytest.raises(NotEnoughPoints):
        spent(two_lots(), 101)


def test_refunded_points_come_back_to_their_lots_and_name_the_entry_that_took_them() -> None:
    posted, hold = spent(two_lots(), 70)
    back = spending.refund(posted.account, hold, CAUSE, GIFT, program(), START)
    assert back.account.lots == TWO
    assert (back.entry.points, back.entry.reverses) == (70, posted.entry.seq)


def test_a_refund_is_not_reversed_like_an_award() -> None:
    posted, hold = spent(two_lots(), 70)
    back = spending.refund(posted.account, hold, CAUSE, GIFT, program(), START)
    for entry in (posted.entry, back.entry):
        with pytest.raises(posting.NotReversible):
            posting.reverse(back.account, entry, [], CAUSE, program(), START)


def test_a_lot_that_burnt_meanwhile_comes_back_for_the_grace_period() -> None:
    posted, hold = spent(two_lots(), 70)
    later = START + timedelta(days=20)  # past the first lot's day, before the second one's
    back = spending.refund(posted.account, hold, CAUSE, GIFT, program(5), later)
    assert [(lot.burns, lot.points) for lot in back.account.lots] == [
        ("2026-02-25", 40),
        (LATE, 60),
    ]


def test_what_came_back_and_burnt_then_is_not_owed_when_its_award_is_taken_back() -> None:
    first = award(account(), 100)
    posted, hold = spent(first.account, 100)
    later = START + timedelta(days=40)
    back = spending.refund(posted.account, hold, CAUSE, GIFT, program(5), later)
    end = later + timedelta(days=10)
    burnt = posting.burn_off(back.account, program(), end)
    assert burnt is not None
    history = [posted.entry, *back.entries, *burnt.entries]
    undone = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), end)
    assert (undone.account.balance, undone.account.debt) == (0, 0)


def test_a_refund_repays_debt_first() -> None:
    first = award(account(), 100)
    posted, hold = spent(first.account, 100)
    owing = posting.reverse(posted.account, first.entry, [posted.entry], CAUSE, program(), START)
    assert owing.account.debt == 100
    back = spending.refund(owing.account, hold, CAUSE, GIFT, program(), START)
    assert (back.account.debt, back.account.balance, back.account.lots) == (0, 0, ())
    assert back.entry.points == 100


def test_a_smaller_hold_keeps_the_soonest_burning_points() -> None:
    held = holds.place(two_lots(), "h", 70, CAUSE, program(), START)
    less = spending.shrink(held.account, hold_item(held), 50, CAUSE, GIFT, program(), START)
    assert less.entry.points == 0
    assert (less.account.balance, less.account.held) == (100, 50)
    assert less.account.lots == (Lot(LATE, "", "", 50),)


def test_what_a_smaller_hold_gives_back_repays_debt_first() -> None:
    first = award(account(), 100)
    held = holds.place(first.account, "h", 100, CAUSE, program(), START)
    owing = posting.reverse(held.account, first.entry, [held.entry], CAUSE, program(), START)
    less = spending.shrink(owing.account, hold_item(held), 30, CAUSE, GIFT, program(), START)
    assert (less.account.held, less.account.debt, less.account.lots) == (30, 30, ())


def test_nothing_comes_back_to_a_closed_account_and_what_it_holds_ends_without_lots() -> None:
    held = holds.place(two_lots(), "h", 70, CAUSE, program(), START)
    closed = posting.write_off(held.account, CAUSE, program(), START).account
    with pytest.raises(posting.AccountClosed):
        spending.shrink(closed, hold_item(held), 50, CAUSE, GIFT, program(), START)
    with pytest.raises(posting.AccountClosed):
        spending.refund(closed, hold_item(held), CAUSE, GIFT, program(), START)
    ended = holds.resolve(closed, hold_item(held), "released", CAUSE, program(), START, reason=GIFT)
    assert (ended.account.balance, ended.account.held, ended.account.lots) == (0, 0, ())
    assert ended.entry.parts[0].reason.code == "erased"


def test_an_owned_hold_tells_its_own_reason() -> None:
    placed = holds.place(
        two_lots(), "h", 70, CAUSE, program(), START, reason=GIFT, owner="order:one"
    )
    assert placed.entry.parts[0].reason == GIFT
    for end in ("captured", "released"):
        done = holds.resolve(
            placed.account,
            hold_item(placed),
            end,  # type: ignore[arg-type]
            CAUSE,
            program(),
            START,
            reason=GIFT,
        )
        assert done.entry.parts[0].reason == GIFT


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 99)), min_size=1, max_size=12),
    st.integers(1, 10**4),
)
def test_held_lots_are_parted_without_loss(lots: list[tuple[int, int]], wish: int) -> None:
    days = {(date(2026, 2, 1) + timedelta(days=day)).isoformat(): points for day, points in lots}
    held = (*(Lot(day, "", "", points) for day, points in days.items()), Lot(NEVER, "", "", 7))
    whole = sum(lot.points for lot in held)
    kept, rest = rules.parted(account(), held, min(wish, whole))
    assert sum(lot.points for lot in kept) == min(wish, whole)
    assert sum(lot.points for lot in (*kept, *rest)) == whole
    assert all(lot.points for lot in (*kept, *rest))
    assert not kept or not rest or max(lot.burns for lot in kept) <= min(lot.burns for lot in rest)
