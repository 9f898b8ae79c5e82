"""What can go wrong between a request and its stores, and how a client that sends the same request
again gets along.
"""

import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any
from unittest.mock import patch

import httpx
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError

from chalicelib import entrance
from chalicelib.kernel.http.routing import Operation
from chalicelib.members.service import finish_erasure
from tests.support.refused import cancelled, object_refused, refused
from tests.support.stored import Image, Stored, census
from tests.support.wire import Crash, Fault, Perform, Sent
from tests.support.world import World

TRIES = 5
"""How often the client sends a request before it gives up."""
QUEUES = "AmazonSQS"
OBJECTS = "S3"
LOOSE = frozenset({"tried", "tries", "times", "scans", "ttl", "policy", "qr"})
"""Counts that a lost reply may raise once too often, on the safe side, and what depends on the
second (the policy of an upload form says when it ends, the picture of an app's code holds one).
"""
LOOK = {"S": "member.searched"}
"""An action on record each time, also when the same request comes again: a look changes nothing."""
SESSION_OVER = 401
"""What a repeated request meets when the first one ended the very session that it came with: it is
done.
"""
_VOLATILE = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"), "<instant>"),
    (re.compile(r"\b\d{8}T\d{6}Z\b"), "<instant>"),
    (re.compile(r"_#AGENDA#[\d-]+#\d+"), "<agenda>"),
    (re.compile(r"(?<=<instant>#)[0-9a-f]{16}\b"), "<digest>"),  # of a record with random ids
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "<token>"),
    (re.compile(r"\b[0-9a-f]{32,}\b"), "<hash>"),
    (re.compile(r"\bwhsec_[\w+/]{43}="), "<secret>"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{34}\b"), "<app code>"),
    (re.compile(r"urn:request:[\w-]+"), "<request>"),
    (re.compile(r"\b[0-9a-hjkmnp-tv-z]{20}\b"), "<id>"),
    (re.compile(r"\b\d{4} ?\d{4} ?\d{4} ?\d{4}\b"), "<card>"),
    (re.compile(r"\b(?!\d{12}\b)[0-9A-HJKMNP-TV-Z]{12}\b"), "<serial>"),
    (re.compile(r"\b(?!\d{10}\b)[0-9A-HJKMNP-TV-Z]{10}\b"), "<number>"),
    (re.compile(r"\b(once|\d+ times?)\b"), "<times>"),
    (re.compile(r"(?<=['\"])[\w-]{43}(?=['\"])"), "<digest>"),
    (re.compile(r"(?<=<instant>#)[0-9a-f]{16}(?=')"), "<digest>"),
)


def crash_before(sent: Sent, perform: Perform) -> AWSResponse:
    """The process dies before the call."""
    raise Crash


def crash_after(sent: Sent, perform: Perform) -> AWSResponse:
    """The call was made, and the process dies before it knows."""
    perform()
    raise Crash


def lost_reply(sent: Sent, perform: Perform) -> AWSResponse:
    """The call was made, and its reply never arrives."""
    perform()
    raise ReadTimeoutError(endpoint_url=sent.url)


def connect_timeout(sent: Sent, perform: Perform) -> AWSResponse:
    """The store cannot be reached."""
    raise ConnectTimeoutError(endpoint_url=sent.url)


def throttle(sent: Sent, perform: Perform) -> AWSResponse:
    """The store is asked for too much."""
    if sent.action == "TransactWriteItems":
        return cancelled(sent, "ThrottlingError")
    if sent.service == OBJECTS:
        return object_refused(sent, 503, "SlowDown")
    if sent.service == QUEUES:
        return refused(sent, 400, "com.amazonaws.sqs#RequestThrottled")
    return refused(
        sent, 400, "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"
    )


def conflict(sent: Sent, perform: Perform) -> AWSResponse:
    """Another transaction holds one of the items. Reads, queues and objects know no
    conflicts.
    """
    if sent.action == "TransactWriteItems":
        return cancelled(sent, "TransactionConflict")
    if sent.writes:
        return refused(sent, 400, "com.amazonaws.dynamodb.v20120810#TransactionConflictException")
    return perform()


def server_error(sent: Sent, perform: Perform) -> AWSResponse:
    """The store breaks."""
    if sent.service == OBJECTS:
        return object_refused(sent, 500, "InternalError")
    return refused(sent, 500, "com.amazonaws.dynamodb.v20120810#InternalServerError")


FAULTS: dict[str, Fault] = {
    fault.__name__: fault
    for fault in (
        crash_before,
        crash_after,
        lost_reply,
        connect_timeout,
        throttle,
        conflict,
        server_error,
    )
}
ONLY_OF_CHANGES = frozenset({"crash_after", "lost_reply", "conflict"})
"""A read changes nothing: broken after it was made, it is as if broken before."""
Plan = dict[int, Fault]


@dataclass(frozen=True)
class Outcome:
    """What a request came to, in a form in which two runs can be compared."""

    status: int
    body: str
    kinds: Counter[str]
    """How many items of each kind there are."""
    items: Counter[str]
    """The items themselves, their volatile values made alike."""
    accounts: Counter[str]
    """Every account as its member sees it."""
    calls: list[Sent] = field(compare=False)


class Trial:
    """One operation's example, sent again and again from the same beginning."""

    def __init__(self, world: World, operation: Operation) -> None:
        """Find the example's request, and what it comes to when nothing goes wrong."""
        self._world, self._operation = world, operation
        self._request = world.request(operation)
        self._accounts: dict[str, str] = {}
        self._texts = _texts(world)
        self.clean = self.run({})
        if any(call.service == QUEUES for call in self.clean.calls):
            # What earlier requests left in the stream is not to be mistaken for this one's work.
            skip_facts(world)
            self.clean = self.run({})

    def is_of(self, world: World, operation: Operation) -> bool:
        """Whether it tries this operation in this world."""
        return self._world is world and self._operation is operation

    def run(self, plan: Plan, *, times: int = 1) -> Outcome:
        """Send the request, breaking calls by plan; again while nobody answers; ``times`` over."""
        self._world.restore()
        with self._world.wire.watching(plan) as calls:
            for _ in range(times):
                answer = self._until_answered()
            made = list(calls)
        self._settle()
        return self._outcome(answer, made)

    @cached_property
    def again(self) -> Outcome:
        """What the request comes to when it is sent once more after it was answered."""
        return self.run({}, times=2)

    def wanted(self, got: Outcome) -> Outcome:
        """What a run that came to ``got`` should have come to: the same as the clean one."""
        if got.status == self.again.status == SESSION_OVER:
            return replace(self.clean, status=SESSION_OVER, body=self.again.body)
        return self.clean

    def _until_answered(self) -> httpx.Response:
        trouble = ""
        for _ in range(TRIES):
            try:
                answer = self._world.house.http.send(self._request)
            except httpx.TransportError as error:
                trouble = repr(error)
                continue
            if answer.status_code < 500:
                return answer
            trouble = answer.text
        raise AssertionError(f"No answer after {TRIES} tries: {trouble}")

    def _settle(self) -> None:
        """Let what was left for later happen: by its queue, or by the schedules."""
        world = self._world
        if begun := self._open_jobs() - self._open_jobs(world.before):
            world.house.pump()
            if begun & self._open_jobs():
                self._tidy()
            assert not begun & self._open_jobs(), "a job was forgotten"
        # The sweeper calls this for every erased member; for others it does nothing.
        finish_erasure(world.club.id, world.member.id)

    def _tidy(self) -> None:
        house = self._world.house
        assert house.platform.events is not None
        with house.later("PT5M"):
            house.platform.events.fire("tidy")
            house.pump()

    def _open_jobs(self, at: Stored | None = None) -> set[str]:
        found = self._world.dump() if at is None else at
        return {sk for pk, sk in found if pk == "_#JOBS"}

    def _outcome(self, answer: httpx.Response, calls: list[Sent]) -> Outcome:
        # Notifications follow the stream, not the request; tests/test_crash.py counts them.
        dumped = self._world.dump().items()
        items = {
            key: item
            for key, item in dumped
            if not key[1].startswith("N#") and item.get("action") != LOOK
        }
        return Outcome(
            status=answer.status_code,
            body=_body(answer),
            kinds=census(items),
            items=Counter(self._texts.get(id(item)) or alike(item) for item in items.values()),
            accounts=Counter(self._account(member, items) for member in _members(items)),
            calls=calls,
        )

    def _account(self, member: str, items: Stored) -> str:
        """The member's account; asked again only when something of it is stored otherwise."""
        pk = f"{self._world.club.id}#M#{member}"
        found = [item for key, item in items.items() if key[0] == pk and key[1][:2] in ("HE", "E#")]
        state = repr(sorted(map(repr, found)))
        if state not in self._accounts:
            self._accounts[state] = self._proved(member)
        return self._accounts[state]

    def _proved(self, member: str) -> str:
        """The member's account, after proof that entries and head agree."""
        below = f"/members/{member}"
        proof = self._world.club.staff("GET", f"{below}/proof").json()
        assert proof["agrees"], proof
        account = self._world.club.staff("GET", f"{below}/account").json()
        open_points = sum(lot["points"] for lot in account["lots"])
        assert account["balance"] == open_points + account["held"] - account["debt"], account
        return json.dumps(account)


def matters(kind: str, call: Sent) -> bool:
    """Whether a kind of fault does to a call what no other kind does."""
    reads = call.service not in (QUEUES, OBJECTS) and not call.writes
    return not reads or kind not in ONLY_OF_CHANGES


def skip_facts(world: World) -> None:
    """Let the stream run dry without telling anybody what was in it."""
    world.house.leave_untold()
    with patch.object(entrance, "publish_facts", lambda _: None):
        world.house.pump()


def differences(got: Outcome, wanted: Outcome) -> Iterator[str]:
    """Everything in which two outcomes are not the same, for people."""
    if (got.status, got.body) != (wanted.status, wanted.body):
        yield f"answered {got.status} {got.body}, not {wanted.status} {wanted.body}"
    for name in ("kinds", "items", "accounts"):
        mine: Counter[str] = getattr(got, name)
        other: Counter[str] = getattr(wanted, name)
        if mine != other:
            yield f"{name}: too many {dict(mine - other)}, too few {dict(other - mine)}"


def _body(answer: httpx.Response) -> str:
    if "json" not in answer.headers.get("Content-Type", ""):
        return _plain(answer.text)
    return _plain(json.dumps(_without_loose(answer.json()), sort_keys=True))


def _without_loose(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_loose(each) for name, each in value.items() if name not in LOOSE}
    return [_without_loose(each) for each in value] if isinstance(value, list) else value


def alike(item: Image) -> str:
    """An item as a text in which what no two runs have in common is made alike."""
    told = ((name, _opened(value)) for name, value in item.items() if name not in LOOSE)
    return _plain(repr(sorted(told)))


@lru_cache(maxsize=1)
def _texts(world: World) -> dict[int, str]:
    """Items that were there before as texts, by their identity: most of a run's are the same."""
    return {id(item): alike(item) for item in world.before.values()}


def _opened(value: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"B": zlib.decompress(value["B"])} if "B" in value else value
    except zlib.error:  # bytes that are no packed value
        return value


@lru_cache(maxsize=50_000)  # most items of a world come out of a run as they went into it
def _plain(text: str) -> str:
    for pattern, stand_in in _VOLATILE:
        text = pattern.sub(stand_in, text)
    return text


def _members(items: Stored) -> set[str]:
    return {pk.rpartition("#")[2] for pk, sk in items if "#M#" in pk and sk == "HEAD"}
