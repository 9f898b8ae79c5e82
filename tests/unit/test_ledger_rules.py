"""The ledger's law and rules, on random histories against a model that is obviously right."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, rules
from chalicelib.ledger.model import (
    MAX_LOTS,
    MERGE,
    NEVER,
    Account,
    Award,
    Cause,
    LedgerLawBroken,
    Lot,
    Movement,
    Part,
    Reason,
    apply,
    check_law,
    compaction,
    worth,
)
from chalicelib.ledger.rules import NotEnoughPoints
from tests.support.ledger import CAUSE, START, account, award, hold_item, program


def test_spending_takes_the_soonest_burning_lots_first() -> None:
    head = account(balance=60, lots=(Lot("2026-02-01", "", "", 10), Lot("2026-03-01", "", "", 50)))
    taken = rules.spend(head, 15, date(2026, 1, 1))
    assert [(move.burns, move.points) for move in taken] == [
        ("2026-02-01", -10),
        ("2026-03-01", -5),
    ]


def test_a_lot_is_spendable_through_its_last_day_and_not_a_day_longer() -> None:
    head = account(balance=10, lots=(Lot("2026-02-01", "", "", 10),))
    assert head.available(date(2026, 2, 1)) == 10
    assert rules.burn(head, date(2026, 2, 1)) == []
    assert head.available(date(2026, 2, 2)) == 0
    assert worth(rules.burn(head, date(2026, 2, 2))) == -10
    with pytest.raises(NotEnoughPoints):
        rules.spend(head, 1, date(2026, 2, 2))


def test_a_late_burn_off_cannot_let_burnt_points_be_spent() -> None:
    head = award(account(), 100).account
    later = START + timedelta(days=90)
    posted = award(head, 7, later)
    assert [entry.points for entry in posted.entries] == [-100, 7]
    assert posted.account.balance == 7


def test_an_award_taken_back_after_it_was_spent_becomes_debt_that_new_points_repay() -> None:
    first = award(account(), 100)
    spent = posting.adjust(first.account, -80, CAUSE, program(), START)
    back = posting.reverse(spent.account, first.entry, [spent.entry], CAUSE, program(), START)
    assert (back.account.balance, back.account.debt) == (-80, 80)
    assert back.account.available(START.date()) == 0
    repaid = award(back.account, 100)
    assert (repaid.account.balance, repaid.account.debt) == (20, 0)


def test_an_award_that_burnt_unspent_owes_nothing_when_it_is_taken_back() -> None:
    first = award(account(), 100)
    spent = posting.adjust(first.account, -30, CAUSE, program(), START)
    later = START + timedelta(days=90)
    burnt = posting.burn_off(spent.account, program(), later)
    assert burnt is not None
    history = [spent.entry, *burnt.entries]
    back = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), later)
    assert back.account.debt == 30  # only what was really used


def test_two_awards_of_one_lot_share_what_burnt_once() -> None:
    first = award(account(), 100)
    second = award(first.account, 100)
    spent = posting.adjust(second.account, -150, CAUSE, program(), START)
    later = START + timedelta(days=90)
    burnt = posting.burn_off(spent.account, program(), later)
    assert burnt is not None
    history = [second.entry, spent.entry, *burnt.entries]
    one = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), later)
    two = posting.reverse(
        one.account, second.entry, [spent.entry, *burnt.entries, one.entry], CAUSE, program(), later
    )
    assert two.account.debt == 150  # 200 earned, 50 burnt, 150 used


def test_what_burnt_in_another_lot_than_it_was_earned_in_is_not_owed_either() -> None:
    first = award(account(), 100)
    held = holds.place(first.account, "h", 100, CAUSE, program(), START)
    later = START + timedelta(days=40)
    back = holds.resolve(held.account, hold_item(held), "released", CAUSE, program(14), later)
    assert back.account.lots[0].burns == "2026-03-26"  # past its own date: the grace period
    end = later + timedelta(days=30)
    burnt = posting.burn_off(back.account, program(), end)
    assert burnt is not None
    history = [held.entry, *back.entries, *burnt.entries]
    undone = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), end)
    assert (undone.account.balance, undone.account.debt) == (0, 0)


def test_what_burnt_once_is_excused_once_also_when_two_awards_met_in_one_lot() -> None:
    first = award(account(), 100)
    held = holds.place(first.account, "h", 100, CAUSE, program(), START)
    later = START + timedelta(days=40)
    # 30 days of grace, and a life of 30 days: both awards end on the same day.
    back = holds.resolve(held.account, hold_item(held), "released", CAUSE, program(30), later)
    second = award(back.account, 100, later)
    assert len(second.account.lots) == 1
    spent = posting.adjust(second.account, -100, CAUSE, program(), later)
    end = later + timedelta(days=40)
    burnt = posting.burn_off(spent.account, program(), end)
    assert burnt is not None
    history = [held.entry, *back.entries, second.entry, spent.entry, *burnt.entries]
    one = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), end)
    assert one.account.debt == 0
    since = [spent.entry, *burnt.entries, *one.entries]
    two = posting.reverse(one.account, second.entry, since, CAUSE, program(), end)
    assert two.account.debt == 100  # 200 earned, 100 spent, 100 burnt


def test_merged_lots_are_followed_to_where_their_points_went() -> None:
    first = award(account(), 100)
    merge = Cause(MERGE, "", "system")
    lot = first.account.lots[0]
    moved = [Movement("open", -100, lot.burns), Movement("open", 100, "2026-06-01")]
    book = posting.Book(first.account, program(), START)
    book.enter(MERGE, moved, merge, [])
    end = START + timedelta(days=200)
    burnt = posting.burn_off(book.account, program(), end)
    assert burnt is not None
    history = [*book.entries, *burnt.entries]
    undone = posting.reverse(burnt.account, first.entry, history, CAUSE, program(), end)
    assert undone.account.debt == 0
    assert sum(part.points for part in undone.entry.parts) == undone.entry.points == 0


def test_a_closed_account_takes_nothing_and_what_is_held_ends_without_opening_lots() -> None:
    held = holds.place(award(account(), 100).account, "h", 60, CAUSE, program(), START)
    closed = posting.write_off(held.account, CAUSE, program(), START).account
    assert (closed.balance, closed.held, closed.open_points) == (60, 60, 0)
    with pytest.raises(posting.AccountClosed):
        award(closed, 1)
    ended = holds.resolve(closed, hold_item(held), "released", CAUSE, program(), START)
    assert ended.account.balance == ended.account.open_points == 0


def test_an_empty_account_is_closed_by_an_entry_too_so_that_nothing_can_slip_past() -> None:
    closed = posting.write_off(account(), CAUSE, program(), START)
    assert (closed.account.version, closed.account.closed) == (1, True)


def test_reasons_that_do_not_add_up_are_refused() -> None:
    book = posting.Book(account(), program(), START)
    with pytest.raises(LedgerLawBroken):
        book.enter("x", [], CAUSE, [Part(1, Reason("adjustment"))])


def test_held_points_neither_spend_nor_burn_and_come_back_with_their_grace() -> None:
    head = award(account(), 100).account
    held = holds.place(head, "h", 60, CAUSE, program(), START)
    assert (held.account.balance, held.account.held) == (100, 60)
    assert held.account.available(START.date()) == 40
    later = START + timedelta(days=90)
    item = hold_item(held)
    back = holds.resolve(held.account, item, "released", CAUSE, program(), later)
    assert back.account.balance == 60  # the 40 beside it burnt, the held ones did not
    assert back.account.available(later.date()) == 60


def test_the_first_item_award_counts_once_and_again_after_it_was_taken_back() -> None:
    once = [Award(50, Reason("first_item"), once="first-item")]
    first = posting.award(account(), once, CAUSE, program(), START)
    again = posting.award(first.account, once, CAUSE, program(), START)
    assert again.entry.points == 0
    back = posting.reverse(again.account, first.entry, [again.entry], CAUSE, program(), START)
    anew = posting.award(back.account, once, CAUSE, program(), START)
    assert anew.entry.points == 50


def test_lots_are_merged_to_the_later_date_and_never_into_another_issuer() -> None:
    lots = tuple(Lot(f"2026-{1 + i // 28:02}-{1 + i % 28:02}", "", "", 1) for i in range(MAX_LOTS))
    other = (Lot("2026-01-01", "partner", "", 5),)
    moves = compaction(lots + other)
    after = apply(account(balance=MAX_LOTS + 5, lots=tuple(sorted(lots + other))), moves, ())
    assert len(after.lots) < MAX_LOTS
    assert after.balance == MAX_LOTS + 5
    assert [lot.points for lot in after.lots if lot.issuer == "partner"] == [5]
    assert max(lot.burns for lot in after.lots) == max(lot.burns for lot in lots)


def test_points_that_never_burn_are_not_merged_with_those_that_do() -> None:
    mine = (Lot("2026-05-05", "", "", 1), Lot(NEVER, "", "", 1))
    partners = (Lot("2026-05-05", f"p{number:02}", "", 1) for number in range(40))
    assert compaction((*mine, *partners)) == ()


@pytest.mark.parametrize(
    "broken",
    [
        account(balance=1),
        account(balance=-1, debt=1, lots=(Lot(NEVER, "", "", 0),)),
        account(balance=-1, held=-1),
        account(balance=5, lots=(Lot(NEVER, "", "", 5),), pending=-1),
    ],
)
def test_the_law_refuses_what_cannot_be(broken: Account) -> None:
    with pytest.raises(LedgerLawBroken):
        check_law(broken)


def test_a_change_that_breaks_the_law_is_refused_before_it_is_stored() -> None:
    with pytest.raises(LedgerLawBroken):
        apply(account(), [Movement("open", -1)], ())


@given(
    lives=st.dictionaries(st.integers(0, 60), st.integers(1, 9), max_size=5),
    warn=st.lists(st.integers(1, 40), max_size=3),
    looks=st.lists(st.integers(0, 12), max_size=8),
)
def test_whoever_looks_only_when_told_to_or_later_warns_of_everything_once(
    lives: dict[int, int], warn: list[int], looks: list[int]
) -> None:
    """``looks``: how many days late the first looks are; those after them are on time."""
    born = START.date()
    lots = tuple(
        Lot((born + timedelta(days=n)).isoformat(), "", "", points) for n, points in lives.items()
    )
    head = account(balance=sum(lives.values()), lots=lots)
    told: list[tuple[date, int]] = []
    due, late = rules.next_day(head, warn, born), iter(looks)
    while due:
        today = due + timedelta(days=next(late, 0))
        told += [(last, points) for last, _, points in rules.warned_of(head, warn, due, today)]
        due = rules.next_day(head, warn, today)
    wanted = {born + timedelta(days=n): points for n, points in lives.items()}
    assert set(told) <= set(wanted.items())
    for last in wanted:
        times = len({n for n in warn if (last - born).days > n})
        assert sum(day == last for day, _ in told) <= times
        if not any(looks):
            assert sum(day == last for day, _ in told) == times


def test_each_day_of_a_warning_comes_and_then_the_day_after_the_last() -> None:
    last = date(2026, 3, 1)
    head = account(balance=60, lots=(Lot("2026-03-01", "", "", 10), Lot("2026-03-01", "p", "", 50)))
    first, second, burnt = date(2026, 2, 1), date(2026, 2, 22), date(2026, 3, 2)
    day = date(2026, 1, 1)
    assert [day := rules.next_day(head, (28, 7), day) or last for _ in range(3)] == [
        first,
        second,
        burnt,
    ]
    assert rules.next_day(head, (28, 7), burnt) is None
    assert rules.warned_of(head, (28, 7), first, first) == [(last, 28, 60)]
    assert rules.warned_of(head, (28, 7), second, second) == [(last, 7, 60)]
    assert rules.warned_of(head, (28, 7), first, last) == [(last, 7, 60)]
    assert rules.warned_of(head, (28, 7), burnt, burnt) == []
