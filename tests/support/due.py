"""Things that are due, one of each kind that the agenda knows, worked off again and again from the
same beginning.

A new kind of thing is one line in :data:`MAKERS`: how a member comes to have something due.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSResponse

from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import Entry, Page
from chalicelib.counters.earned import EARNED, TAKEN_BACK
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.ledger.service import prove
from tests.support import diary, memberships, sellers
from tests.support.club import Club, House, Member
from tests.support.faults import FAULTS, OBJECTS, alike
from tests.support.gifts import PNG, good, post
from tests.support.kept import Kept
from tests.support.purchases import GATES, TIERS
from tests.support.stored import Stored
from tests.support.till import FIVE_PERCENT, Till, rule, shop
from tests.support.wire import Perform, Sent, Wire
from tests.support.world import forget

MOST_STEPS = 12
HORIZON = timedelta(days=800)
"""What is due later is not waited for: birthdays come for ever."""
LATER = {**FIVE_PERCENT, "id": "later", "pending_days": 9}
SOLD = rule({"type": "points", "points": 20}, id="sold", trigger="item_sold")
OCCASIONS = [
    rule({"type": "points", "points": 30}, id=trigger.replace("_", "-"), trigger=trigger)
    for trigger in ("birthday", "member_joined", "profile_completed", "monthly_check")
]
STUDENTS = {
    "name": {"en": "Students", "ru": "Студенты", "uk": "Студенти", "ar": "طلاب"},
    "evidence": {"en": "Card", "ru": "Билет", "uk": "Квиток", "ar": "بطاقة"},
    "months": 2,
    "remind_days": 5,
}
TERMS: dict[str, Any] = {
    "burn": {"type": "after", "count": 10, "unit": "day", "warn_days": [7, 3]},
    "earning": {"rules": [FIVE_PERCENT, LATER, SOLD, *OCCASIONS]},
    "profile": {"complete": ["city"]},
    "groups": {"student": STUDENTS},
    "tiers": TIERS,
    "gates": GATES,
    "claims": {"deadline_days": 5},
}
"""What makes a club in which everything can become due."""
REACHED = rule({"type": "points", "points": 40}, id="reached", trigger="level_reached")
ITEMS = {
    "earning": {
        "rules": [FIVE_PERCENT, REACHED],
        "item_points": {"default": 1_000_000},
    },
    "tiers": {**TIERS, "measure": "points"},
}
BY_POINTS: dict[str, Any] = {EARNED: ITEMS, TAKEN_BACK: ITEMS}
"""What it has instead for some kinds: levels by points, an item lifts to silver."""


@dataclass
class Somebody:
    """To whom things happen."""

    club: Club
    till: Till
    member: Member

    def prove(self) -> None:
        """Ask to be in a group by a picture, and be approved."""
        body = {"media_type": "image/png", "size": len(PNG)}
        key = {"Idempotency-Key": "of the member's file"}
        made = good(self.member.call("POST", "/evidence-files", json=body, headers=key))
        assert post(made["upload"], PNG).is_success
        self.apply(made["file"])

    def register(self) -> str:
        """Register an item that lifts to silver; its serial."""
        (tag,) = self.club.tags(1)
        good(self.member.register(tag))
        return tag["serial"]

    def give_back(self) -> None:
        """The same, and have it released once the level was come to."""
        serial = self.register()
        for entry in diary.waiting(self.member, EARNED):
            diary.work(entry, self.club.house.now)
        why = {"reason": "Bought by somebody else"}
        good(self.club.staff("POST", f"/tags/{serial}/release", json=why))

    def sell(self) -> None:
        """Have somebody claim to have sold an item, which nobody registers."""
        (tag,) = self.club.tags(1)
        sellers.claimed(sellers.seller(self.club), tag)

    def apply(self, *files: str) -> None:
        """Ask to be in a group, and be approved."""
        said = {"group": "student", "evidence": "State University, card 1042-77"}
        key = {"Idempotency-Key": "of the member"}
        asked = {**said, "files": list(files)}
        good(self.member.call("POST", "/group-applications", json=asked, headers=key))
        until = local_date(self.club.house.now, self.club.document["zone"]) + timedelta(days=20)
        body = {"approve": True, "until": until.isoformat(), "reason": "The card is genuine"}
        good(self.member.staff("POST", "/group-applications/student/decision", json=body))


MAKERS: dict[str, Callable[[Somebody], object]] = {
    "ledger.burn_off": lambda one: one.member.adjust(50),
    "ledger.announced": lambda one: one.till.sell(10_000, member=one.member),
    "memberships.end": lambda one: memberships.pay(one.till.system, one.member, "plus"),
    "groups.end": Somebody.apply,
    "groups.evidence": Somebody.prove,
    "tags.lapse": Somebody.sell,
    "members.birthday": lambda one: good(
        one.member.call("PATCH", "", json={"birthday": "1990-06-15"})
    ),
    "members.joined": lambda one: one.member,
    "members.profile_completed": lambda one: good(
        one.member.call("PATCH", "", json={"city": "Tver"})
    ),
    "gates.check": lambda one: one.till.sell(1_250_000, member=one.member),
    "receipts.month": lambda one: one.till.sell(10_000, member=one.member),
    "receipts.level": lambda one: one.till.sell(6_000_000, member=one.member),
    EARNED: Somebody.register,
    TAKEN_BACK: Somebody.give_back,
}
"""By kind, how a member comes to have something due."""


@dataclass(frozen=True)
class Came:
    """What it came to when nothing was left to do."""

    items: Counter[str]
    proofs: tuple[object, ...]
    steps: tuple[str, ...]
    """When the entries that were done had been due."""


class Diary(Kept):
    """A member with one thing due of a kind, and all that follows from it."""

    def __init__(self, house: House, wire: Wire, kind: str) -> None:
        """Make it; ``wire`` must be tapped."""
        super().__init__(wire)
        club = house.new_club(**{**TERMS, **BY_POINTS.get(kind, {})})
        self.clubs = {club.id}
        self._kind, self._member = kind, club.join()
        MAKERS[kind](Somebody(club, shop(club), self._member))
        self.before = self.dump()
        self._page, self._at = Page(()), house.now
        self._end = render(house.now + HORIZON)
        self.calls: list[Sent] = []
        assert self._standing(self.before), f"nothing of {kind} is due"

    def play(self, name: str = "", call: int = 0, times: int = 1) -> Came:
        """Do what is due until nothing is, each entry so many ``times`` before it is struck out;
        the fault ``name`` meets a ``call``.
        """
        self.put_back()
        forget()
        done = []
        faults = {**FAULTS, "overtaken": self._overtaken}
        with self.wire.watching({call: faults[name]} if name else {}) as calls:
            while standing := self._standing(self.dump()):
                self._page, self._at = Page((standing[0],)), parse(standing[0].due)
                for _ in range(times - 1):  # workers that die when all but that is done
                    AGENDA_HANDLERS[standing[0].kind](standing[0], self._at)
                self._worker()
                done.append(standing[0].due)
                assert len(done) < MOST_STEPS, "it is never done"
            self.calls = list(calls)
        proof = prove(self._member.club.id, self._member.id)
        assert proof.agrees
        return Came(self.seen(), (proof,), tuple(sorted(set(done))))

    def seen(self) -> Counter[str]:
        """What there is now, without what no two runs have in common."""
        return Counter(map(alike, self.dump().values()))

    def running(self, at: datetime, name: str = "", call: int = 0) -> list[int]:
        """One run of the agenda in a process of its own; the fault ``name`` meets a ``call``.

        Returns which calls sent or wrote something.
        """
        store.reopen(min(one.day for one in self._standing(self.before)))
        with self.wire.watching({call: FAULTS[name]} if name else {}) as calls:
            process = threading.Thread(target=agenda.run, args=(at,))
            process.start()
            process.join()
            acts = [call.writes or call.action == "SendMessageBatch" for call in calls]
        return [place for place, act in enumerate(acts) if act]

    def writes(self) -> list[int]:
        """The calls of the last play that wrote, objects included."""
        calls = enumerate(self.calls)
        return [place for place, call in calls if call.writes or call.service == OBJECTS]

    def _worker(self) -> None:
        """A worker of its own takes the page, and may die of it."""
        worker = threading.Thread(target=self._work)
        worker.start()
        worker.join()

    def _work(self) -> None:
        try:
            agenda.work(self._page, AGENDA_HANDLERS, self._at)
        except agenda.NotDone:
            return  # the queue brings the page again

    def _overtaken(self, sent: Sent, perform: Perform) -> AWSResponse:
        """Another worker does all of it just before this call."""
        agenda.work(self._page, AGENDA_HANDLERS, self._at)
        return perform()

    def _standing(self, items: Stored) -> list[Entry]:
        found = sorted(_entries(items, self._kind), key=lambda one: one.due)
        return [one for one in found if one.due < self._end]


def _entries(items: Stored, kind: str) -> Iterator[Entry]:
    for pk, sk in items:
        if pk.startswith("_#AGENDA"):
            due, program, found, ref = sk.split("#", 3)
            if found == kind:
                yield Entry(program, kind, ref, due)
