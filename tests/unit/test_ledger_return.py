"""Points that come back: to which day, and that holding them never makes them live longer."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, rules, spending, store
from chalicelib.ledger.model import BURN, NEVER, Account, Lot, Reason
from tests.support.ledger import CAUSE, START, account, award, hold_item, program

WHY = Reason("adjustment")
FIRST, SECOND = "2026-02-05", "2026-02-10"
LOTS = (Lot(FIRST, "", "", 40), Lot(SECOND, "partner", "", 60), Lot(NEVER, "", "", 7))
GRACE = 14
Way = Callable[[int], Account]


def after(days: int) -> date:
    """A day that many days later."""
    return START.date() + timedelta(days=days)


def rich() -> Account:
    """40 points that burn in five days, 60 that burn in ten, 7 that never do."""
    return account(balance=107, lots=LOTS)


def by_release(days: int, *, grace: bool = True) -> Account:
    """All points were held, and are released."""
    held = holds.place(rich(), "h", 107, CAUSE, program(), START)
    return give_up(held.account, held, days, grace=grace).account


def by_refund(days: int) -> Account:
    """All points were spent, and are refunded."""
    spent = spending.spend(rich(), "h", 107, CAUSE, WHY, program(), START, owner="order:o")
    lots, seq = rules.spent_lots(spent.entry.movements), spent.entry.seq
    item = store.HoldItem("pk", "HOLD#h", state="captured", points=107, lots=lots, resolved=seq)
    at = START + timedelta(days=days)
    return spending.refund(spent.account, item, CAUSE, WHY, program(GRACE), at).account


def by_reversal(days: int) -> Account:
    """All points were taken by hand, and the withdrawal is taken back."""
    taken = posting.adjust(rich(), -107, CAUSE, program(), START)
    at = START + timedelta(days=days)
    return posting.reverse(taken.account, taken.entry, [], CAUSE, program(GRACE), at).account


def by_shrinking(days: int) -> Account:
    """Points that burn before all others stay held, the rest of the hold comes back."""
    lots = (Lot("2026-02-01", "", "", 5), *LOTS)
    held = holds.place(account(balance=112, lots=lots), "h", 112, CAUSE, program(), START)
    at = START + timedelta(days=days)
    less = spending.shrink(held.account, hold_item(held), 5, CAUSE, WHY, program(GRACE), at)
    assert less.account.held == 5
    return less.account


def give_up(
    head: Account, held: posting.Posting, days: int, *, grace: bool = False
) -> posting.Posting:
    """The end of a hold, by its member if there is no grace."""
    at = START + timedelta(days=days)
    return holds.resolve(
        head, hold_item(held), "released", CAUSE, program(GRACE), at, reason=WHY, grace=grace
    )


CLUBS_WAYS = [by_release, by_refund, by_reversal, by_shrinking]


@pytest.mark.parametrize("way", CLUBS_WAYS)
@pytest.mark.parametrize("days", [0, 5])
def test_a_lot_whose_last_day_is_not_over_keeps_its_day(way: Way, days: int) -> None:
    assert way(days).lots == LOTS


def test_it_keeps_its_day_also_when_the_member_gives_up() -> None:
    assert by_release(5, grace=False).lots == LOTS


@pytest.mark.parametrize("way", CLUBS_WAYS)
def test_what_the_club_gives_back_after_its_last_day_has_grace(way: Way) -> None:
    until = after(6 + GRACE).isoformat()
    assert way(6).lots == (LOTS[1], Lot(until, "", "", 40), LOTS[2])


def test_a_day_of_grace_is_not_added_to_a_lot_that_would_burn_within_it() -> None:
    one_day_left = by_release(9)
    assert LOTS[1] in one_day_left.lots


def test_what_the_member_gives_up_after_its_last_day_burns_by_an_entry_of_its_own() -> None:
    held = holds.place(rich(), "h", 107, CAUSE, program(), START)
    back = give_up(held.account, held, 6)
    released, burnt = back.entries
    assert back.entry is released
    assert (released.kind, released.points, released.change_of("held")) == ("test", 0, -107)
    assert (burnt.kind, burnt.points, burnt.contra) == (BURN, -40, "burn")
    assert burnt.parts[0].reason.code == "burnt"
    assert back.account.lots == LOTS[1:]
    assert (back.account.balance, back.account.held) == (67, 0)


def test_what_is_open_and_due_burns_before_what_is_given_up() -> None:
    held = holds.place(rich(), "h", 30, CAUSE, program(), START)
    back = give_up(held.account, held, 6)
    assert [(entry.kind, entry.points) for entry in back.entries] == [
        (BURN, -10),
        ("test", 0),
        (BURN, -30),
    ]
    assert back.entry is back.entries[1]


def test_what_is_given_up_repays_debt_first_and_only_the_rest_burns() -> None:
    first = award(account(), 100)
    held = holds.place(first.account, "h", 100, CAUSE, program(), START)
    more = award(held.account, 70)
    owing = posting.reverse(more.account, first.entry, [held.entry], CAUSE, program(), START)
    assert (owing.account.debt, owing.account.held) == (30, 100)
    back = give_up(owing.account, held, 40)
    assert [(entry.kind, entry.points) for entry in back.entries] == [("test", 0), (BURN, -70)]
    assert (back.account.debt, back.account.balance) == (0, 0)


def test_what_burnt_when_it_was_given_up_is_not_owed_when_its_award_is_taken_back() -> None:
    first = award(account(), 100)
    held = holds.place(first.account, "h", 60, CAUSE, program(), START)
    back = give_up(held.account, held, 40)
    history = [held.entry, *back.entries]
    at = START + timedelta(days=41)
    undone = posting.reverse(back.account, first.entry, history, CAUSE, program(), at)
    assert (undone.account.balance, undone.account.debt) == (0, 0)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("hold"), st.integers(1, 107)),
        st.tuples(st.just("give_up"), st.integers(0, 5)),
        st.tuples(st.just("days"), st.integers(1, 7)),
    ),
    max_size=30,
)


@given(STEPS)
def test_holding_and_giving_up_again_and_again_never_moves_a_burn_date(
    steps: list[tuple[str, int]],
) -> None:
    head, days, held = rich(), 0, list[posting.Posting]()

    def end(which: int) -> Account:
        return give_up(head, held.pop(which % len(held)), days).account

    for verb, number in steps:
        if verb == "days":
            days += number
        elif verb == "give_up" and held:
            head = end(number)
        elif verb == "hold" and number <= head.available(after(days)):
            at = START + timedelta(days=days)
            held.append(holds.place(head, "h", number, CAUSE, program(GRACE), at))
            head = held[-1].account
    while held:
        head = end(0)
    left = [lot for lot in head.lots if lot.burns >= after(days).isoformat()]
    assert left == [lot for lot in LOTS if lot.burns >= after(days).isoformat()]


def test_what_one_award_put_into_one_lot_twice_is_taken_from_there() -> None:
    """An award came in two parts on one day: both are its own, before lots that burn sooner."""
    own = (Lot(SECOND, "", "", 10), Lot(SECOND, "", "", 20))
    lots = (Lot(FIRST, "", "", 40), Lot(SECOND, "", "", 30))
    taken = rules.take_back(account(balance=70, lots=lots), own, 25, {})
    assert [(move.burns, move.points) for move in taken] == [(SECOND, -25)]
    burnt = rules.take_back(account(balance=40, lots=lots[:1]), own, 30, {(SECOND, "", ""): 30})
    assert [(move.bucket, move.points) for move in burnt] == [("excused", 30)]
