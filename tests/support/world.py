"""One example club in which the example of every operation works.

Examples name things ("jewels", a serial, a challenge) that exist in no real table. Here stand
things of those names in every state that an operation may want to meet them in, and the live values
take the place of the example's by FIELD NAME. A new route whose example uses known names needs
nothing new; a new kind of thing is one line in :meth:`things.Things.all`.
"""

import itertools
import sys
import time
import uuid
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import httpx
import msgspec

from chalicelib.jobs import store as jobs
from chalicelib.kernel.http.client import network
from chalicelib.kernel.http.routing import Operation
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes, commit
from chalicelib.ledger import store as ledger
from chalicelib.programs import service as programs
from infra.local.resources import client
from tests.support import purchases, stored
from tests.support.club import House, bearer
from tests.support.kept import Kept
from tests.support.stored import Stored
from tests.support.things import Live, Things
from tests.support.wire import Wire

PROGRAM_NAME = "program"
PROGRAM = "jewels"
"""The examples' club, replaced wherever it stands as a value: a document calls its own name `id`.
"""
GOOD_FOR_S = 420
"""A world's access tokens live for ten minutes; a test should not meet their end."""
HERE = "127.0.0.1"
"""The address of the client that tests are."""
LONG_AGO = "2020-01-31"
DUE = 100
"""Points of the member that should have burnt by now."""


class World(Kept):
    """The club, and the table as it was when everything had just been made."""

    def __init__(self, house: House, wire: Wire) -> None:
        """Make everything; ``wire`` must be tapped, so that each written partition is known."""
        super().__init__(wire)
        self.house = house
        self.born = time.monotonic()
        terms = {**purchases.TERMS, "tiers": purchases.PACKAGES, "gates": purchases.GATES}
        self.club = house.new_club(**terms)
        self.member = self.club.join(kind="seller")
        self.employee = self.club.employ("owner")
        self.neighbour = house.new_club()
        """Another club, which invites the employee."""
        self.clubs = {self.club.id, self.neighbour.id}
        things = Things(self.club, self.member, self.employee, self.neighbour)
        self.things = things.all()
        self.system = things.system
        self._silence_jobs()
        house.run_due(days=1)  # who just joined is welcomed before anything is compared
        self._burn_due()
        house.pump()  # what all this told is told before anything is compared
        self._chosen: dict[str, Live] = {}
        self.before = self._without_tries()
        self._objects = stored.objects(self.club.id)
        wire.removed = False

    def requests(self, operation: Operation) -> Iterator[httpx.Request]:
        """The operation's example, ready to send, with each state of the things that it names."""
        return (self._request(operation, live) for live in self._lives(operation))

    def request(self, operation: Operation) -> httpx.Request:
        """The operation's example in the state in which it works, with an Idempotency-Key never
        used before.

        Raises:
            AssertionError: it works in none.
        """
        return self._request(operation, self.live(operation))

    def live(self, operation: Operation) -> Live:
        """The live things with which the operation's example works, by their names."""
        if operation.name not in self._chosen:
            self._chosen[operation.name] = self._working(operation)
        return {PROGRAM_NAME: self.club.id, **self._chosen[operation.name]}

    def token(self, access: str) -> str:
        """Who may call a route of this access; empty where anybody may."""
        kind, _, right = access.partition(":")
        if right:
            return self.house.staff((self.club.id,), (right,))
        if kind == "staff":
            return str(self.employee.session["access_token"])
        return "" if kind in ("public", "partner") else self.member.token

    def restore(self, *, warm: bool = False) -> None:
        """Put the table back to the beginning, and unless ``warm`` what the process remembers."""
        self.put_back()
        if self.wire.removed:
            stored.put_objects(self._objects)
            self.wire.removed = False
        if not warm:
            forget()

    def _without_tries(self) -> Stored:
        """The table as it is, but for the counters of tries: one of a window that ends meanwhile
        would stand beside the next window's, and tell two runs of the same request apart.
        """
        made = self.dump()
        kept = {key: item for key, item in made.items() if "#TRIES#" not in key[0]}
        stored.put_back(kept, made)
        return kept

    def _silence_jobs(self) -> None:
        """Lose the message of the job that has not begun, so that it never begins by itself, and
        take it off the list from which other tests' tidying would take it up.
        """
        found = self.house.platform.environment
        queues = client("sqs", found["AWS_ENDPOINT_URL"])
        queues.purge_queue(QueueUrl=found["CLUBKEEPER_JOBS_QUEUE_URL"])
        self.silenced = [one for one in jobs.open_jobs() if one.program == self.club.id]
        for one in self.silenced:
            one.delete()

    def _burn_due(self) -> None:
        """Some of the member's points should have burnt: a burn-off has work, and goes before any
        other change.
        """
        account = ledger.read(self.club.id, self.member.id, strong=True)
        assert account
        first, *others = account.lots
        due = msgspec.structs.replace(first, burns=LONG_AGO, points=DUE)
        left = msgspec.structs.replace(first, points=first.points - DUE)
        head = ledger.HeadItem(keys.member(self.club.id, self.member.id), ledger.HEAD)
        commit(
            Writes().update(
                head, [ledger.HeadItem.lots.set((due, left, *others))], ledger.HeadItem.pk.exists()
            )
        )

    def _lives(self, operation: Operation) -> Iterator[Live]:
        named = set(
            _names([operation.example.path, operation.example.query, operation.example.body])
        )
        wanted = [states for states in self.things if named & states[0].keys()]
        for chosen in itertools.product(*wanted):
            yield {name: value for state in chosen for name, value in state.items()}

    def _working(self, operation: Operation) -> Live:
        answers = []
        for live in self._lives(operation):
            self.restore()
            answer = self.house.http.send(self._request(operation, live))
            self.restore()
            if answer.status_code in operation.answers and answer.is_success:
                return live
            answers.append(f"{answer.status_code} {answer.text[:300]}")
        raise AssertionError(
            f"The example of {operation.name} does not work: " + "; ".join(answers)
        )

    def _request(self, operation: Operation, live: Live) -> httpx.Request:
        live = {PROGRAM_NAME: self.club.id, **live}
        example = operation.example
        path = operation.path.format_map(
            {**example.path, **{n: live.get(n, v) for n, v in example.path.items()}}
        )
        token = self.token(operation.access)
        signed = operation.access.partition(":")[0] == "partner"
        guarded = operation.mutates and not signed
        headers = {"Idempotency-Key": uuid.uuid4().hex} if guarded else {}
        request = self.house.http.build_request(
            operation.method,
            path,
            params=self._live(example.query, live) or None,
            json=None if example.body is None else self._live(example.body, live),
            headers=bearer(token, **headers) if token else headers,
        )
        return self.system.signing(request) if signed else request

    def _live(self, value: Any, live: Live) -> Any:
        if isinstance(value, dict):
            return {
                name: live[name] if name in live else self._live(each, live)
                for name, each in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._live(each, live) for each in value]
        return self.club.id if value == PROGRAM else value


class Worlds:
    """The world of this process: made once, put back for each test, made anew when its tokens grow
    old.
    """

    def __init__(self, house: House) -> None:
        """Nothing is made yet."""
        self.wire = Wire()
        self._house = house
        self._world: World | None = None

    def as_new(self) -> World:
        """The world as at its beginning. The wire must be tapped."""
        if self._world is None or time.monotonic() - self._world.born > GOOD_FOR_S:
            self._world = World(self._house, self.wire)
        self._world.restore()
        return self._world


def forget() -> None:
    """Empty the caches in front of the table, as a fresh process would have them."""
    programs.forget()
    for limit in _limits(len(sys.modules)):
        limit._seen.clear()


@lru_cache(maxsize=1)
def _limits(loaded: int) -> tuple[Limit, ...]:
    """All limits there are while so many modules are ``loaded``."""
    modules = [module for name, module in sys.modules.items() if name.startswith("chalicelib.")]
    found = (one for module in modules for one in vars(module).values() if isinstance(one, Limit))
    return tuple({id(one): one for one in found}.values())


def forget_tries(house: House, limit: Limit) -> None:
    """As if the tests' own client had not tried yet within this hour."""
    client_of = keyed_hash(house.stage, "client address", network(HERE))[:32]
    limit._item(keys.PLATFORM, client_of, house.now).delete()
    limit._seen.clear()


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        value = list(value.values())
    if isinstance(value, list | tuple):
        for each in value:
            yield from _names(each)
