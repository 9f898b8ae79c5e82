"""One round rereads the whole table, in runs that go on where the last one stopped.

A large table is swept in segments side by side, each in rounds of its own.

* A fact that a consumer should have and has not is queued again and counted: ``FactsMissed``.
* An account whose entries do not add up to its head is reported and counted:
  ``LedgerDisagreements``. Nothing is repaired in silence.
* Lots whose last day is over burn, where nothing else happened to the account since.
* What the agenda lacks of an account, a level, a gate or a birthday for the next two days is
  written there.
* Announced awards whose day has come are credited.
* An erasure that was interrupted is finished.
* A member whose name was told before staff could search by name is found by it.

An item that cannot be read or proved is logged, counted (``Parked``) and passed: the round must not
end at the damage that it exists to find. A round costs half a read unit per 4 KB of table, plus the
proofs; docs/access-patterns.md gives the bill.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from chalicelib.gates import service as gates
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.facts import Fact, Image, Projector, image, project
from chalicelib.kernel.observability import count, each, kept, logger
from chalicelib.kernel.queues import send
from chalicelib.kernel.table import scans
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import commit
from chalicelib.ledger.model import NEVER, LedgerLawBroken, Lot, last_day
from chalicelib.ledger.service import Order, account, burn_off, confirm_due, prove
from chalicelib.ledger.service_agenda import arm_soon
from chalicelib.members import service_birthdays as birthdays
from chalicelib.members.service import finish_erasure, index_name, is_indexed
from chalicelib.receipts import service_levels, service_months
from chalicelib.receipts.counting import Tally
from chalicelib.sweeper import store
from chalicelib.sweeper.store import WHOLE, Share

ROUND_EVERY = timedelta(hours=20)
"""A daily schedule that is a little early still starts its round."""
SETTLED_AFTER = timedelta(minutes=15)
"""Younger facts may still be on their way."""


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
    share: Share = WHOLE,
    *,
    force: bool = False,
) -> Found:
    """Go on with the round of a share, or begin one when it is time, while ``more_time()``."""
    place = store.place(share)
    if place.cursor is None:
        if place.finished_at and parse(place.started_at) + ROUND_EVERY > at and not force:
            return Found(finished=True)
        place = store.begun(place, render(at))
    since = parse(place.since) - SETTLED_AFTER if place.since else datetime.min.replace(tzinfo=UTC)
    total = Found()
    while place.cursor is not None and more_time():
        images, cursor = _page(place.cursor, share)
        total = _add(total, _check(images, projectors, consumers, since, at))
        place = store.advance(share, place, cursor, render(at))
    return _add(total, Found(finished=place.cursor is None))


def _page(cursor: Cursor, share: Share) -> tuple[list[Image], Cursor | None]:
    found, after = scans.page(cursor, segment=share.segment, segments=share.segments)
    return [image(item) for item in found], after


def _check(
    images: Sequence[Image],
    projectors: Sequence[Projector],
    consumers: Sequence[Consumer],
    since: datetime,
    at: datetime,
) -> Found:
    heads = [one for one in images if one["sk"] == "HEAD" and "#M#" in one["pk"]]
    disagreements = kept(heads, _disagrees, "account")
    each(heads, lambda head: _burn(head, at), "burn-off")
    each(heads, lambda head: _arm(head, at), "agenda")
    tallies = [one for one in images if one["sk"] == "TALLY" and not one.get("forgotten")]
    each(tallies, lambda one: _arm_level(one, at), "level")
    keeping = kept(images, lambda one: gates.calls(one, at), "gate")
    each(keeping, lambda month: commit(gates.look(*_member(month), at)), "gate")
    active = [one for one in images if one["sk"] == "MEMBER" and one.get("status") == "active"]
    each(active, lambda one: _arm_stay(one, at), "stay")
    promised = [one for one in images if one["sk"].startswith("PEND#") and _is_due(one, at)]
    each(promised, lambda award: _confirm(award, at), "announced award")
    erased = [one for one in images if one["sk"] == "MEMBER" and one.get("status") == "erased"]
    each(erased, lambda member: finish_erasure(*_member(member)), "erasure")
    born = [one for one in images if one["sk"] == "PROFILE" and birthdays.is_soon(one, at)]
    each(born, lambda one: birthdays.arm_soon(*_member(one), at), "birthday")
    unnamed = [one for one in images if one["sk"] == "PROFILE" and not is_indexed(one)]
    each(unnamed, lambda profile: index_name(*_member(profile)), "name")
    facts: list[Fact] = []
    each(images, lambda one: facts.extend(project([one], projectors)), "fact")
    young = [fact for fact in facts if since <= parse(fact.at) <= at - SETTLED_AFTER]
    missed = sum(_tell_again(young, consumer) for consumer in consumers)
    return Found(len(heads), len(young), missed, len(disagreements))


def _disagrees(head: Image) -> bool:
    program, member = _member(head)
    try:
        agrees = prove(program, member).agrees
    except LedgerLawBroken:
        agrees = False
    if not agrees:
        logger.error("ledger disagrees", program=program, member=member)
        count("LedgerDisagreements")
    return not agrees


def _burn(head: Image, at: datetime) -> None:
    lots = msgspec.json.decode(head["lots"], type=tuple[Lot, ...])
    # By the UTC day; the use case itself goes by the program's, so nothing burns early.
    renewed = str(head.get("renewed") or "")
    if any(last_day(lot.burns, renewed) < at.date().isoformat() for lot in lots):
        program, member = _member(head)
        burn_off(Order(program, member, "system", "", at))


def _arm(head: Image, at: datetime) -> None:
    if any(lot.burns != NEVER for lot in msgspec.json.decode(head["lots"], type=tuple[Lot, ...])):
        commit(arm_soon(account(*_member(head)), at))


def _arm_level(item: Image, at: datetime) -> None:
    tally = msgspec.json.decode(item["tally"], type=Tally)
    if tally.tiers or tally.assigned:
        commit(service_levels.arm_soon(*_member(item), tally, at))


def _arm_stay(item: Image, at: datetime) -> None:
    commit(service_levels.arm_stay(*_member(item), str(item["joined_at"]), at))
    commit(service_months.arm_soon(*_member(item), at))


def _is_due(award: Image, at: datetime) -> bool:
    # By the UTC day after, when the day has begun everywhere; the use case goes by the program's.
    tomorrow = (at.date() + timedelta(days=1)).isoformat()
    due = award.get("due")
    return award["state"] == "open" and due is not None and str(due) <= tomorrow


def _confirm(award: Image, at: datetime) -> None:
    program, member = _member(award)
    order = Order(program, member, "system", "", at)
    confirm_due(order, str(award["sk"]).removeprefix("PEND#"))


def _member(one: Image) -> tuple[str, str]:
    program, _, member = one["pk"].split("#")
    return program, member


def _tell_again(facts: list[Fact], consumer: Consumer) -> int:
    missed = kept(facts, consumer.missed, "fact")
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
