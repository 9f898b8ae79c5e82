"""``kill -9`` under load: what was acknowledged stays, and the books agree, every time.

The platform under test is a process of its own with its data on disk, because it is killed.
"""

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.support.club import Club, House, Member, figure
from tests.support.server import Server

CLIENTS = 6
KILLS = 3
GIVES_UP = 0.3
"""Share of clients that do not send a request again whose outcome they do not know."""
PATIENCE_S = 60
ITEM, BONUS = 300, 500


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A durable platform in a process of its own."""
    started = Server(tmp_path)
    try:
        yield started
    finally:
        started.stop()


@dataclass
class Load:
    """Clients that credit points and register items, whatever happens to the platform."""

    members: list[Member]
    tags: list[dict[str, str]]
    over: threading.Event = field(default_factory=threading.Event)
    sent: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Words of the change -> whose account, how many points."""
    acknowledged: set[str] = field(default_factory=set)
    registered: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        """Begin."""
        works = [lambda seed=seed: self._credit(seed) for seed in range(CLIENTS)]
        self._threads = [threading.Thread(target=work) for work in (*works, self._register)]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End when every client has its answer, or has given up."""
        self.over.set()
        for thread in self._threads:
            thread.join()

    def floor(self) -> Counter[str]:
        """The points that were acknowledged so far, by member."""
        return self._sum(self.acknowledged.copy())

    def ceiling(self) -> Counter[str]:
        """The points that were ever asked for, by member."""
        return self._sum(set(self.sent))

    def _sum(self, words: set[str]) -> Counter[str]:
        total: Counter[str] = Counter()
        for one in words:
            member, points = self.sent[one]
            total[member] += points
        return total

    def _credit(self, seed: int) -> None:
        chance = random.Random(seed)
        while not self.over.is_set():
            member, points, word = (
                chance.choice(self.members),
                chance.randint(1, 9),
                uuid.uuid4().hex,
            )
            self.sent[word] = (member.id, points)
            body = {"points": points, "reason": word}
            answer = self._insist(
                lambda who=member, key=word, what=body: who.staff(
                    "POST", "/adjustments", key=key, json=what
                ),
                gives_up=chance.random() < GIVES_UP,
            )
            if answer is not None and answer.status_code == 201:
                self.acknowledged.add(word)
            elif answer is not None:
                self.surprises.append(answer.text)

    def _register(self) -> None:
        for tag in self.tags:
            if self.over.is_set():
                return
            answer = self._insist(lambda what=tag: self.members[0].register(what))
            if answer is not None and answer.status_code == 201:
                self.registered.append(tag["serial"])
            else:
                self.surprises.append(answer.text if answer else "no answer")
            time.sleep(0.05)

    def _insist(self, send: object, *, gives_up: bool = False) -> httpx.Response | None:
        """Send the same request until there is an answer."""
        assert callable(send)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            try:
                answer: httpx.Response = send()
            except httpx.TransportError:
                answer = httpx.Response(503)
            if answer.status_code < 500:
                return answer
            if gives_up:
                return None
            time.sleep(0.1)
        return None


def check(load: Load, members: list[Member], floor: Counter[str]) -> None:
    """Balance = ledger, and nothing that was acknowledged is missing."""
    for member in members:
        proof = member.proof()
        assert proof["agrees"], proof
        assert proof["balance"] >= floor[member.id]
    assert not load.surprises


def notes(member: Member) -> Counter[str]:
    """How often each reason stands in a member's history, as staff read it."""
    found: Counter[str] = Counter()
    cursor = ""
    while True:
        page = member.staff("GET", "/entries", params={"limit": 100, "cursor": cursor}).json()
        found.update(row["note"] for row in page["rows"] if row["note"])
        cursor = page["next"]
        if not cursor:
            return found


def everything_told(member: Member) -> bool:
    """Whether each credited entry has its one notification, waited for."""
    credited = sorted(row["seq"] for row in member.entries() if row["points"] > 0)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        told = sorted(row["entry"] for row in member.rows("/notifications"))
        if told == credited:
            return True
        time.sleep(0.3)
    return False


@pytest.mark.soak
@pytest.mark.timeout(figure(300, 1200))
def test_nothing_acknowledged_is_lost_by_kill_9(server: Server) -> None:
    house = House(server)
    club = house.new_club()
    tags = new_tags(club, figure(40, 400))
    members = [club.join() for _ in range(3)]
    load = Load(members, tags)
    load.start()
    try:
        for _ in range(figure(KILLS, 10)):
            time.sleep(figure(1, 3))
            server.kill_engine()
            floor = load.floor()
            time.sleep(0.3)
            server.restart_engine()
            check(load, members, floor)
            assert sum(load.floor().values()) >= sum(floor.values())
        floor = load.floor()
        server.kill()
        check(load, members, floor)
        time.sleep(figure(1, 3))
    finally:
        load.stop()
    check(load, members, load.floor())
    assert len(load.acknowledged) > 50
    settle(load, members)
    house.close()


def settle(load: Load, members: list[Member]) -> None:
    """When all is quiet: each acknowledged change stands once, each other at most once."""
    floor, ceiling = load.floor(), load.ceiling()
    brought = len(load.registered) * ITEM + BONUS
    for member in members:
        items = brought if member is members[0] else 0
        assert floor[member.id] + items <= member.proof()["balance"] <= ceiling[member.id] + items
        seen = notes(member)
        assert set(seen.values()) <= {1}
        mine = {word for word in load.acknowledged if load.sent[word][0] == member.id}
        assert mine <= seen.keys()
        assert everything_told(member)
    own = Counter(row["serial"] for row in members[0].rows("/items"))
    assert own == Counter(load.registered)


def new_tags(club: Club, count: int) -> list[dict[str, str]]:
    """Tags of a platform that delivers by itself."""
    batch = club.make_batch(count)
    deadline = time.monotonic() + PATIENCE_S
    while club.staff("GET", f"/batches/{batch}").json()["state"] != "ready":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return club.printed(batch)
