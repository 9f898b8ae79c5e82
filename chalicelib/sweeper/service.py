"""One round rereads every entry, journal item and account head, in runs that go on where the last
one stopped.

* A fact that a consumer should have and has not is queued again and counted: ``FactsMissed``.
* An account whose entries do not add up to its head is reported and counted:
  ``LedgerDisagreements``. Nothing is repaired in silence.
* An erasure that was interrupted is finished.

A round costs half a read unit per 4 KB of table, plus the proofs; docs/access-patterns.md gives
the bill.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.facts import Fact, Image, Projector, image, project
from chalicelib.kernel.observability import count, logger
from chalicelib.kernel.queues import send
from chalicelib.kernel.table.items import client
from chalicelib.ledger.service import prove
from chalicelib.members.service import finish_erasure
from chalicelib.sweeper import store

ROUND_EVERY = timedelta(hours=20)
"""A daily schedule that is a little early still starts its round."""
SETTLED_AFTER = timedelta(minutes=15)
"""Younger facts may still be on their way."""
FORGOTTEN_AFTER = timedelta(days=7)
"""Older facts were checked by earlier rounds."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Who listens: where its queue is, and how to ask whether it missed a fact."""

    queue_url: str
    missed: Callable[[Fact], bool]


@dataclass(frozen=True, slots=True)
class Found:
    """What one run saw."""

    accounts: int = 0
    facts: int = 0
    missed: int = 0
    disagreements: int = 0
    finished: bool = False


def sweep(
    projectors: Sequence[Projector],
    consumers: Sequence[Consumer],
    at: datetime,
    more_time: Callable[[], bool],
    *,
    force: bool = False,
) -> Found:
    """Go on with the round, or begin one when it is time, while ``more_time()``."""
    place = store.place()
    if place.cursor is None:
        if place.finished_at and parse(place.finished_at) + ROUND_EVERY > at and not force:
            return Found(finished=True)
        place = store.Place(cursor={}, started_at=render(at))
    total = Found()
    while place.cursor is not None and more_time():
        images, cursor = _page(place.cursor)
        total = _add(total, _check(images, projectors, consumers, at))
        place = store.advance(place, cursor, render(at))
    return _add(total, Found(finished=place.cursor is None))


def _page(cursor: dict[str, Any]) -> tuple[list[Image], dict[str, Any] | None]:
    from chalicelib.kernel.settings import settings

    more = {"ExclusiveStartKey": cursor} if cursor else {}
    answer = client().scan(TableName=settings().table, **more)
    return [image(item) for item in answer["Items"]], answer.get("LastEvaluatedKey")


def _check(
    images: Iterable[Image],
    projectors: Sequence[Projector],
    consumers: Sequence[Consumer],
    at: datetime,
) -> Found:
    seen = list(images)
    heads = [one["pk"].split("#") for one in seen if one["sk"] == "HEAD" and "#M#" in one["pk"]]
    disagreements = [(p, m) for p, _, m in heads if not prove(p, m).agrees]
    for program, member in disagreements:
        logger.error("ledger disagrees", program=program, member=member)
        count("LedgerDisagreements", program=program)
    for one in seen:
        if one["sk"] == "MEMBER" and one["status"] == "erased":
            finish_erasure(*one["pk"].split("#M#"))
    facts = [
        fact
        for fact in project(seen, projectors)
        if SETTLED_AFTER <= at - parse(fact.at) <= FORGOTTEN_AFTER
    ]
    missed = sum(_tell_again(facts, consumer) for consumer in consumers)
    return Found(len(heads), len(facts), missed, len(disagreements))


def _tell_again(facts: list[Fact], consumer: Consumer) -> int:
    missed = [fact for fact in facts if consumer.missed(fact)]
    if missed:
        count("FactsMissed", len(missed))
        send(consumer.queue_url, missed)
    return len(missed)


def _add(one: Found, other: Found) -> Found:
    return Found(
        one.accounts + other.accounts,
        one.facts + other.facts,
        one.missed + other.missed,
        one.disagreements + other.disagreements,
        other.finished,
    )
