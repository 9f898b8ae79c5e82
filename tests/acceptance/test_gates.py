"""What is open only while a member buys enough: the same answer for routes and views, the monthly
telling, and what time, returns, late receipts and broken runs do to it.
"""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from dateutil.relativedelta import relativedelta

from chalicelib.agenda.model import Entry
from chalicelib.counters.gates import CHECK
from chalicelib.gates.service import check
from chalicelib.kernel.clock import day_begins, local_date, render
from chalicelib.kernel.texts import LANGUAGES
from tests.acceptance.test_notifications import sweep
from tests.support import donations, gifts, groups
from tests.support.checkout import club_of
from tests.support.club import Club, House, Member, at_once, figure
from tests.support.common import bearer
from tests.support.faults import crash_after, crash_before
from tests.support.shop import Shop, order
from tests.support.till import Json, Till, shop
from tests.support.wire import Wire

ZONE = "Europe/Berlin"
ENOUGH = 1_000_000
NAME = dict.fromkeys(LANGUAGES, "Club options")
FEED: Json = {
    "name": NAME,
    "category": "feed",
    "at_least": ENOUGH,
    "options": ["donations", "groups", "items"],
    "warn_days": [7, 2],
}
EVERYTHING: Json = {
    "name": NAME,
    "at_least": ENOUGH,
    "options": ["orders", "donations", "groups", "items"],
}


def club_with(house: House, zone: str = ZONE, **gates: Json) -> Till:
    """A till of a club with these gates, whose points never burn."""
    student = {"name": NAME, "evidence": NAME, "months": 6}
    club = house.new_club(
        zone=zone,
        gates=gates or {"active": FEED},
        burn={"type": "never"},
        groups={"student": student},
    )
    return shop(club)


@contextmanager
def on(club: Club, day: int, months: int = 1) -> Iterator[Callable[[str | int], int]]:
    """At noon on a day of a later month, by the program's zone."""
    zone = club.document["zone"]
    first = local_date(club.house.now, zone).replace(day=1) + relativedelta(months=months)
    at = day_begins(first.replace(day=day), zone) + timedelta(hours=12)
    with club.house.later(int((at - club.house.now).total_seconds())) as go:
        yield go


def first_of_next(club: Club, months: int = 1) -> date:
    """The first day of a later month."""
    today = local_date(club.house.now, club.document["zone"])
    found: date = today.replace(day=1) + relativedelta(months=months)
    return found


def seconds_before(club: Club, day: date) -> int:
    """Seconds until a local day begins."""
    return int((day_begins(day, club.document["zone"]) - club.house.now).total_seconds())


def buy(till: Till, member: Member, amount: int, category: str = "feed", **more: Any) -> str:
    """A purchase; the id of its receipt."""
    lines = [{"sku": "F-1", "price": amount, "category": category}]
    return str(till.sell(member=member, lines=lines, **more)["receipt"])


def seen(member: Member, gate: str = "active") -> Json:
    """A gate as staff see it, whose token is good at any time."""
    answer = member.staff("GET", "/gates")
    assert answer.status_code == 200, answer.text
    (found,) = [one for one in answer.json()["gates"] if one["gate"] == gate]
    return dict(found)


def told(member: Member) -> list[str]:
    """What the member was told of gates, the oldest first."""
    rows = member.club.sign_in(member.phone).rows("/notifications")
    return [row["code"] for row in reversed(rows) if row["gate"]]


def refused(answer: httpx.Response) -> bool:
    """Whether a gate is closed; what else is refused is so in both cases."""
    closed = answer.status_code == 403 and answer.json()["code"] == "gate_closed"
    assert closed or answer.is_success, answer.text
    return closed


@pytest.mark.req("AL-9")
def test_a_purchase_opens_at_once_and_a_return_closes(house: House) -> None:
    till = club_with(house)
    with on(till.club, 10):
        member = till.club.join()
        member.adjust(100)
        mine = member.call("GET", "/gates").json()["gates"][0]
        assert mine == seen(member)
        assert (mine["open"], mine["since"], mine["until"]) == (False, None, None)
        assert (mine["bought"], mine["missing"]) == (0, ENOUGH)
        buy(till, member, ENOUGH - 2_550)
        buy(till, member, ENOUGH, category="toy")
        assert seen(member)["missing"] == 2_550
        answer = donations.give(member, 5)
        assert refused(answer)
        last = first_of_next(till.club) - timedelta(days=1)
        detail = answer.json()["detail"]
        assert all(part in detail for part in ("Club options", "25.50", f"{last.day} ")), detail
        assert mine["by"] == last.isoformat()
        # Prizes, points and one's own data stay open.
        for path in ("/rewards", "/account", "/receipts", ""):
            assert member.call("GET", path).is_success
        receipt = buy(till, member, 2_550)
        now = seen(member)
        assert (now["open"], now["missing"]) == (True, 0)
        assert now["since"] == local_date(house.now, ZONE).isoformat()
        assert now["until"] == (first_of_next(till.club, 2) - timedelta(days=1)).isoformat()
        given = donations.give(member, 5, key="once")
        assert given.status_code == 201
        till.returned(receipt, (0, 1))
        assert not seen(member)["open"]
        assert refused(donations.give(member, 5))
        # What was given while it was open is answered as it was.
        assert donations.give(member, 5, key="once").json() == given.json()
        buy(till, member, 2_550)
        assert donations.give(member, 5).is_success


@pytest.mark.req("AL-9")
def test_every_option_asks_the_gate_and_tells_it_in_the_members_language(house: House) -> None:
    till = club_with(house, everything=EVERYTHING)
    club = till.club
    Shop(club).reward("ring-box")
    tag, member = club.tags()[0], club.join()
    member.adjust(1000)

    def tries() -> list[bool]:
        return [
            refused(order(member)),
            refused(donations.give(member, 5)),
            refused(groups.ask(member, "student")),
            refused(member.register(tag)),
        ]

    assert tries() == [True] * 4
    details = {
        member.call(
            "POST",
            "/donations",
            json={"to": donations.HOSPICE, "points": 5},
            headers={"Idempotency-Key": uuid.uuid4().hex, "Accept-Language": language},
        ).json()["detail"]
        for language in LANGUAGES
    }
    assert len(details) == 4
    assert all("10000\u00a0RUB" in one for one in details)
    buy(till, member, ENOUGH, category="ring")
    assert tries() == [False] * 4


def test_of_several_gates_all_have_to_be_open_and_only_ones_own_count(house: House) -> None:
    """A seller's gate is none of a buyer's business."""
    small = {**EVERYTHING, "at_least": 100, "options": ["donations"]}
    sellers = {**EVERYTHING, "kinds": ["seller"]}
    till = club_with(house, active=FEED, small=small, sellers=sellers)
    member = till.club.join()
    member.adjust(100)
    mine = [one["gate"] for one in member.call("GET", "/gates").json()["gates"]]
    assert sorted(mine) == ["active", "small"]
    buy(till, member, 100, category="toy")
    assert (seen(member, "small")["open"], seen(member)["open"]) == (True, False)
    assert refused(donations.give(member, 5))
    buy(till, member, ENOUGH)
    assert donations.give(member, 5).is_success
    stranger = f"/members/{'0' * 20}/gates"
    assert till.club.staff("GET", stranger).json()["code"] == "member_unknown"
    free = house.new_club().join()
    assert free.call("GET", "/gates").json() == {"gates": []}


@pytest.mark.req("AL-9")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "Pacific/Kiritimati"])
def test_it_closes_with_the_month_after_the_one_that_was_enough(house: House, zone: str) -> None:
    """Bought in a month; through the last half a minute of the next one it is open."""
    till = club_with(house, zone)
    with on(till.club, 28) as go:
        member = till.club.join()
        buy(till, member, ENOUGH)
        over = first_of_next(till.club, 2)
        go(seconds_before(till.club, over) - 30)
        now = seen(member)
        assert (now["open"], now["until"]) == (True, (over - timedelta(days=1)).isoformat())
        assert now["missing"] == ENOUGH
        go(31)
        now = seen(member)
        assert (now["open"], now["since"], now["until"]) == (False, over.isoformat(), None)
        again = till.club.sign_in(member.phone)
        again.adjust(10)
        assert refused(donations.give(again, 5))
        buy(till, again, ENOUGH)
        assert donations.give(again, 5).is_success


@pytest.mark.req("AL-9")
def test_a_receipt_that_is_told_late_counts_for_its_own_month(house: House) -> None:
    till = club_with(house)
    with on(till.club, 3) as go:
        member = till.club.join()
        last_month = day_begins(first_of_next(till.club, 0), ZONE) - timedelta(seconds=1)
        late = buy(till, member, ENOUGH, at=render(last_month))
        now = seen(member)
        assert (now["open"], now["bought"], now["missing"]) == (True, 0, ENOUGH)
        assert now["until"] == (first_of_next(till.club) - timedelta(days=1)).isoformat()
        go("P2D")
        till.returned(late, (0, 1))
        assert not seen(member)["open"]


@pytest.mark.req("AL-9")
@pytest.mark.req("SV-1")
def test_the_monthly_check_warns_and_closes_once_each(house: House) -> None:
    till = club_with(house)
    with on(till.club, 10) as go:
        member = till.club.join()
        buy(till, member, ENOUGH - 1)
        house.run_due()
        assert told(member) == []
        buy(till, member, 1)
        for _ in range(2):
            house.run_due()
        assert told(member) == ["gate.opened"]
        last = first_of_next(till.club, 2) - timedelta(days=1)
        go(seconds_before(till.club, last - timedelta(days=7)) - 30)
        house.run_due()
        assert told(member) == ["gate.opened"]
        go(31)
        for _ in range(3):
            house.run_due()
        assert told(member) == ["gate.opened", "gate.closing"]
        newest = till.club.sign_in(member.phone).rows("/notifications")[0]
        assert newest["gate"] == "active"
        assert f"{last.day} " in newest["text"]
        assert "10000\u00a0RUB" in newest["text"]
        go("P5D")
        house.run_due()
        go(seconds_before(till.club, last + timedelta(days=1)) + 1)
        house.run_due()
        house.run_due()
        every = ["gate.opened", "gate.closing", "gate.closing", "gate.closed"]
        assert told(member) == every
        again = till.club.sign_in(member.phone)
        buy(till, again, ENOUGH)
        assert seen(member)["open"]
        house.run_due()
        assert told(member) == [*every, "gate.opened"]


@pytest.mark.req("SV-1")
def test_a_return_is_told_at_once_and_a_late_run_tells_what_is_true(house: House) -> None:
    till = club_with(house)
    with on(till.club, 10) as go:
        member, patient = till.club.join(), till.club.join()
        receipt = buy(till, member, ENOUGH)
        buy(till, patient, ENOUGH)
        house.run_due()
        till.returned(receipt, (0, 1))
        house.run_due()
        assert told(member) == ["gate.opened", "gate.closed"]
        go("P100D")  # nobody ran anything
        assert not seen(patient)["open"]
        house.run_due()
        assert told(patient) == ["gate.opened", "gate.closed"]
        assert told(member) == ["gate.opened", "gate.closed"]


@pytest.mark.whole_table
@pytest.mark.req("SV-1")
def test_a_gate_that_comes_later_is_warned_of_by_the_daily_round(house: House) -> None:
    club = house.new_club(zone=ZONE, burn={"type": "never"})
    till = shop(club)
    with on(club, 10) as go:
        member = club.join()
        buy(till, member, ENOUGH)
        club.document = {**club.document, "gates": {"active": {**FEED, "warn_days": [7]}}}
        club.publish()
        last = first_of_next(club, 2) - timedelta(days=1)
        go(seconds_before(club, last - timedelta(days=7)) + 60)
        sweep(house)
        house.run_due()
        assert told(member) == ["gate.closing"]
        go("P8D")
        sweep(house)
        house.run_due()
        assert told(member) == ["gate.closing", "gate.closed"]


def test_whoever_left_is_told_nothing(house: House) -> None:
    till = club_with(house)
    member = till.club.join()
    buy(till, member, ENOUGH)
    card = member.call("GET", "/card").json()["card_number"]
    assert member.call("DELETE", "", json={"confirm": card}).status_code == 204
    assert check(Entry(till.club.id, CHECK, member.id, render(house.now)), house.now) is None
    assert member.staff("GET", "/gates").json()["code"] == "member_unknown"


def test_many_at_once_and_killed_at_every_call_it_is_told_once(house: House) -> None:
    """The process dies before and after each of its calls, and the agenda comes again."""
    wire, till = Wire(), club_with(house)

    def opened() -> Member:
        member = till.club.join()
        buy(till, member, ENOUGH)
        return member

    def look(member: Member) -> object:
        return check(Entry(till.club.id, CHECK, member.id, render(house.now)), house.now)

    crowded, clean = opened(), opened()
    with wire.tapped():
        at_once(lambda _: look(crowded), range(6))
        with wire.watching() as calls:
            look(clean)
        deaths = [crash_before, crash_after]
        places = range(0, len(calls), figure(2, 1))
        victims = [(place, fault, opened()) for place in places for fault in deaths]
        for place, fault, member in victims:
            with wire.watching({place: fault}):
                dying = threading.Thread(target=look, args=(member,))
                dying.start()
                dying.join()
            look(member)
            look(member)
    house.pump()
    every = [crowded, clean, *(member for *_, member in victims)]
    assert [told(member) for member in every] == [["gate.opened"]] * len(every)


@pytest.mark.req("AL-9")
def test_the_breeders_club_opens_its_options_for_feed_of_10_000(house: House) -> None:
    club = club_of(house, "paws", kinds={"breeder": {"joins": "active"}})
    member, till = club.join(kind="breeder"), shop(club)
    (mine,) = member.call("GET", "/gates", headers=bearer(member.token)).json()["gates"]
    assert (mine["open"], mine["at_least"], mine["category"]) == (False, ENOUGH, "feed")
    assert "orders" not in mine["options"]
    assert mine["opens"]
    assert member.call("GET", "/rewards").is_success
    buy(till, member, ENOUGH)
    assert seen(member, mine["gate"])["open"]
    assert gifts.good(member.call("GET", "/gates"))["gates"][0]["missing"] == 0
