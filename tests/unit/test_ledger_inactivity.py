"""Points that burn after inactivity: the ledger against a model that knows only days and points."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.ledger import holds, posting, rules
from chalicelib.ledger.model import MAX_LOTS, Account, Award, Lot, Reason, compaction, worth
from chalicelib.ledger.posting import Book
from chalicelib.ledger.service import burnt_since
from chalicelib.ledger.views import account_view
from chalicelib.members.model import Member, Profile
from chalicelib.programs.burning import Activity, Inactive
from chalicelib.programs.model import Program, burn_date
from chalicelib.transfers.export_rows import Person, balance_rows
from tests.support.club import figure
from tests.support.ledger import CAUSE, START, account, hold_item
from tests.support.ledger import program as dated

POLICY = Inactive(count=10, unit="day", renewed_by=("purchase",))
GIVEN = Reason("adjustment")


def program(policy: Inactive = POLICY) -> Program:
    return msgspec.structs.replace(dated(), burn=policy)


def after(days: int) -> datetime:
    return START + timedelta(days=days)


def day(days: int) -> date:
    return after(days).date()


def award(
    head: Account, points: int, days: int, activity: Activity | None = None
) -> posting.Posting:
    given = [Award(points, GIVEN)]
    return posting.award(head, given, CAUSE, program(), after(days), activity=activity)


def lots(head: Account, days: int) -> dict[str, int]:
    """What burns when, as its member sees it."""
    return {str(lot.burns_on): lot.points for lot in account_view(head, day(days)).lots}


def test_an_activity_renews_everything_that_stands_and_nothing_else_does() -> None:
    head = award(account(), 100, 0, "purchase").account
    assert lots(head, 0) == {day(10).isoformat(): 100}
    head = award(head, 7, 4).account  # from staff: it has its own ten days, and renews nothing
    assert lots(head, 4) == {day(10).isoformat(): 100, day(14).isoformat(): 7}
    head = award(head, 1, 9, "spending").account  # is not named
    assert lots(head, 9)[day(10).isoformat()] == 100
    head = award(head, 0, 10, "purchase").account
    assert lots(head, 10) == {day(20).isoformat(): 108}


def test_what_burnt_before_the_activity_stays_burnt() -> None:
    head = award(account(), 100, 0, "purchase").account
    posted = award(head, 5, 11, "purchase")
    assert [entry.points for entry in posted.entries] == [-100, 5]
    assert lots(posted.account, 11) == {day(21).isoformat(): 5}


def test_an_older_activity_moves_nothing_back() -> None:
    head = award(account(), 100, 0, "purchase").account
    for known, told, until in ((5, 5, 15), (8, 2, 15), (9, 7, 17), (9, 30, 19)):
        book = Book(head, program(), after(known))
        book.renew("purchase", day(told))
        book.enter("test", [], CAUSE, [])
        head = book.close().account
        assert lots(head, known) == {day(until).isoformat(): 100}


def test_points_with_a_day_of_their_own_are_not_renewed_and_go_in_the_order_of_burning() -> None:
    head = award(account(), 100, 0, "purchase").account
    last = day(12).isoformat()
    head = posting.adjust(head, 30, CAUSE, program(), after(0), burns=last).account
    taken = rules.spend(head, 110, day(0))
    assert [(head.last_day(move), move.points) for move in taken] == [
        (day(10).isoformat(), -100),
        (last, -10),
    ]
    head = award(head, 1, 5, "purchase").account
    assert lots(head, 5) == {last: 30, day(15).isoformat(): 101}
    assert [move.points for move in rules.spend(head, 31, day(5))] == [-30, -1]


def test_what_ran_out_while_it_was_held_has_the_grace_unless_it_was_renewed() -> None:
    head = award(account(), 100, 0, "purchase").account
    held = holds.place(head, "h", 60, CAUSE, program(), after(1))
    renewed = award(held.account, 1, 8, "purchase").account
    for head, days, until in ((held.account, 12, 12 + 14), (renewed, 12, 18)):
        back = holds.resolve(head, hold_item(held), "released", CAUSE, program(), after(days))
        assert lots(back.account, days)[day(until).isoformat()] >= 60


def test_a_reversal_owes_nothing_for_what_burnt_and_all_for_what_was_used() -> None:
    first = award(account(), 100, 0, "purchase")
    spent = posting.adjust(first.account, -30, CAUSE, program(), after(1))
    second = award(spent.account, 40, 9, "purchase")
    burnt = posting.burn_off(second.account, program(), after(30))
    assert burnt is not None
    assert worth(burnt.entry.movements) == -110
    own = [Lot(move.burns, "", "", move.points) for move in first.entry.movements]
    head = award(burnt.account, 5, 31, "purchase").account
    history = [spent.entry, second.entry, *burnt.entries]
    back = posting.reverse(head, first.entry, history, CAUSE, program(), after(31))
    assert (back.account.balance, back.account.debt) == (5 - 30, 25)
    # The history is read as soon as a lot's own day is over, whatever renewed it.
    assert burnt_since(second.account, own, 0, day(10)) == ()


def test_renewed_lots_are_merged_with_their_own_kind_only() -> None:
    many = [Lot(f"~{day(number).isoformat()}", "", "", 1) for number in range(MAX_LOTS)]
    moves = compaction([*many, Lot(day(90).isoformat(), "", "", 5)])
    assert moves
    assert all(move.burns.startswith("~") for move in moves)
    assert compaction([Lot(day(number).isoformat(), "", "", 1) for number in range(MAX_LOTS)])


@dataclass
class Model:
    """Points by the day on which they were earned, and the day of the last activity."""

    earned: dict[int, int] = field(default_factory=dict)
    active: int | None = None

    def last(self, earned: int) -> date:
        known = [earned] if self.active is None else [earned, self.active]
        ends = [burn_date(POLICY, day(each)) for each in known]
        return max(end for end in ends if end)

    def burn(self, today: int) -> None:
        self.earned = {on: n for on, n in self.earned.items() if n and self.last(on) >= day(today)}

    def spend(self, points: int) -> None:
        for on in sorted(self.earned, key=lambda each: (self.last(each), each)):
            part = min(points, self.earned[on])
            self.earned[on] -= part
            points -= part

    def lots(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for on, points in self.earned.items():
            if points:
                last = self.last(on).isoformat()
                found[last] = found.get(last, 0) + points
        return found


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("days"), st.integers(1, 8)),
        st.tuples(st.sampled_from(["buy", "given", "spend"]), st.integers(1, 60)),
        st.tuples(st.just("late"), st.integers(0, 15)),
        st.tuples(st.just("burn"), st.just(0)),
    ),
    max_size=20,
)


@settings(max_examples=figure(120, 3000))
@given(STEPS)
def test_any_history_agrees_with_the_model(steps: list[tuple[str, int]]) -> None:
    head, model, today, total = account(), Model(), 0, 0
    for verb, number in steps:
        before = head.balance
        today += number if verb == "days" else 0
        model.burn(today)
        for posted in _posted(head, verb, number, today):
            head = posted.account
            total += sum(entry.points for entry in posted.entries)
            assert head.balance - before == sum(entry.points for entry in posted.entries)
        if verb in ("buy", "late"):
            told = today - number if verb == "late" else today
            model.active = told if model.active is None else max(model.active, told)
        if verb in ("buy", "given"):
            model.earned[today] = model.earned.get(today, 0) + number
        if verb == "spend" and number <= sum(model.earned.values()):
            model.spend(number)
        assert lots(head, today) == model.lots()
        assert head.available(day(today)) == sum(model.earned.values())
        ends = [date.fromisoformat(last) for last in model.lots()]
        assert rules.next_day(head, (), day(today)) == min(
            (end + timedelta(days=1) for end in ends), default=None
        )
    assert head.balance == total


def _posted(head: Account, verb: str, number: int, today: int) -> Iterator[posting.Posting]:
    if verb == "buy":
        yield award(head, number, today, "purchase")
    elif verb == "given":
        yield award(head, number, today)
    elif verb == "late":
        book = Book(head, program(), after(today))
        book.renew("purchase", day(today - number))
        book.enter("test", [], CAUSE, [])
        yield book.close()
    elif verb == "spend" and number <= head.available(day(today)):
        yield posting.adjust(head, -number, CAUSE, program(), after(today))
    else:
        burnt = posting.burn_off(head, program(), after(today))
        if burnt:
            yield burnt


def test_the_day_counts_in_the_zone_of_the_program() -> None:
    moscow = msgspec.structs.replace(program(), zone="Europe/Moscow")
    night = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)  # 1 January there
    posted = posting.award(account(), [Award(5, GIVEN)], CAUSE, moscow, night, activity="purchase")
    assert posted.account.renewed == "2027-01-11"


def test_an_export_tells_the_day_on_which_points_burn_now() -> None:
    head = award(award(account(), 100, 0).account, 5, 4, "purchase").account
    who = Member(
        program="test",
        member="m",
        kind="buyer",
        status="active",
        session_version=1,
        language="en",
        card_number="4000123412341234",
        joined_at="2026-01-31T12:00:00.000Z",
        journal=1,
    )
    rows = list(balance_rows(Person(who, Profile()), head))
    assert [(row["points"], row["burns_on"]) for row in rows] == [
        (100, day(14).isoformat()),
        (5, day(14).isoformat()),
    ]
    assert len({row["row_id"] for row in rows}) == 2
