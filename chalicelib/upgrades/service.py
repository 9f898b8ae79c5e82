"""Upgrades as the ``migrate`` function carries them out: ask how they stand, check, run.

A pass is a job; each of its parts reads one segment of the table and keeps its place. An item is
written if it stands just as it was read: whoever lives in the table meanwhile is never overwritten,
and what they changed is looked at again. Kill a worker anywhere, or let two do the same part: the
items that were written stand as they should, and are only counted again.
"""

from datetime import datetime

import msgspec

from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobFailed, JobUnknown, Unfinished, Work
from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.observability import count, logger
from chalicelib.kernel.table import format as stored_format
from chalicelib.kernel.table.keys import PLATFORM
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit, transact
from chalicelib.upgrades import model, store
from chalicelib.upgrades.model import (
    SAMPLES,
    Counts,
    Mode,
    Pass,
    Raw,
    Record,
    Refused,
    Shape,
    Upgrade,
)
from chalicelib.upgrades.steps import UPGRADES
from chalicelib.upgrades.store import SEGMENTS, Place, PlaceItem

KIND = "upgrades.pass"
"""The kind of job that does a pass."""
PAGES = 20
"""Pages of the table after which a part lets others work."""
WRITES = 1_000
"""Items after which it does so too, at the end of the page: some ten seconds of writing, of the
worker's thirty.
"""
LOOKS = 8
"""How often an item is read again that others keep changing, before its part comes later."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How one upgrade stands."""

    upgrade: int
    name: str
    state: model.State
    parts: int = 0
    """Of the newest pass."""
    parts_done: int = 0
    counts: Counts = Counts()
    """Of the newest pass, so far."""
    samples: tuple[tuple[Shape, ...], ...] = ()
    """How items that a check met are stored and would be: never what they say."""
    passes: tuple[Pass, ...] = ()


class Overview(msgspec.Struct, frozen=True):
    """How all upgrades stand."""

    known: int
    """The newest that this code has."""
    stored: int
    """The newest that has begun to write to the table."""
    upgrades: tuple[Standing, ...]


def overview() -> Overview:
    """How the upgrades of this code stand. Strong reads, two or three for each."""
    standing = tuple(_standing(one) for one in UPGRADES)
    return Overview(len(UPGRADES), stored_format.newest(), standing)


def ask(mode: Mode, number: int, code: str, ids: Ids, at: datetime) -> Standing:
    """Begin a pass, or take up the one that stopped; a wish that is being done is only told of.

    Raises:
        Refused: see :func:`chalicelib.upgrades.model.plan`; `upgrade_unknown`, `data_newer`.
    """
    upgrade = _known(number)
    if stored_format.newest() > len(UPGRADES):
        raise Refused("data_newer")
    job = in_time_order(at, ids.new())

    def decide(_: bool) -> tuple[Writes, bool]:
        item = store.read(number)
        before = [store.read(one.number).record for one in UPGRADES[: number - 1]]
        act = model.plan(item.record, mode, before, code, works=_works(item.record))
        if act == "nothing":
            return Writes(), False
        if act == "take up":
            after = model.taken_up(item.record, job, code)
        else:
            after = model.begun(item.record, mode, job, code, render(at))
        writes = store.write(item, after)
        if mode == "run":
            writes += stored_format.begin(number, upgrade.name, render(at))
        writes += jobs.start(
            PLATFORM, job, KIND, str(number), parts=SEGMENTS, units=SEGMENTS, at=at
        )
        return writes, True

    if transact(decide):
        jobs.announce(PLATFORM, job)
        logger.info("upgrade asked", upgrade=number, mode=mode, code=code)
    return _standing(upgrade)


def do_part(work: Work) -> int:
    """Go on with one part of a pass; raises Unfinished until it is at its end."""
    number = int(work.job.ref)
    if number > len(UPGRADES):
        raise Refused("data_newer")  # newer code takes it up, or the queue's dead letters keep it
    now = store.read(number).record.open
    if now is None:
        return 1
    if now.job != work.job.job:
        raise JobFailed("upgrade_taken_over")
    place = store.place(number, now, work.part)
    if not place.over and not _go_on(UPGRADES[number - 1], now, place, work.part):
        raise Unfinished
    _end(number, now, work.at)
    return 1


def _go_on(upgrade: Upgrade, now: Pass, place: PlaceItem, part: int) -> bool:
    """Read on and keep the place after each page; whether the part is over."""
    written = 0
    for _ in range(PAGES):
        images, cursor = store.page(upgrade.kind, place.place.cursor, part)
        after = _page(upgrade, now, place.place, images, cursor)
        written += after.counts.changed - place.place.counts.changed
        try:
            commit(store.move(place, after, over=cursor is None))
        except ConditionFailed:
            return False  # somebody else is faster: from their place
        if cursor is None:
            return True
        if written >= WRITES:
            return False
        place = store.place(upgrade.number, now, part)
    return False


def _page(
    upgrade: Upgrade, now: Pass, place: Place, images: list[Raw], cursor: Cursor | None
) -> Place:
    counts, samples = place.counts, list(place.samples)
    for image in images:
        try:
            before, after = _look(upgrade, now, image)
        except _Parked:
            counts += Counts(seen=1, parked=1)
            continue
        counts += Counts(seen=1, changed=int(after is not None))
        if before is not None and after is not None and len(samples) < SAMPLES:
            samples.append(model.shapes(before, after))
    return Place(now.number, cursor or {}, counts, tuple(samples))


class _Parked(Exception):
    """An item cannot be read."""


def _look(upgrade: Upgrade, now: Pass, image: Raw) -> tuple[Raw | None, Raw | None]:
    """An item as it was and as it should be, and in a run is now; twice nothing: it stands so."""
    before: Raw | None = image
    for _ in range(LOOKS):
        if before is None:
            return None, None
        after = _changed(upgrade, before)
        if after is None:
            return None, None
        if now.mode == "check" or store.rewrite(before, after):
            return before, after
        before = store.again(image)
    raise Unfinished


def _changed(upgrade: Upgrade, image: Raw) -> Raw | None:
    try:
        return upgrade.change(image)
    except Exception as defect:
        # Nothing of the item's content: an upgrade may look at anything.
        logger.error("parked", what="upgrade", upgrade=upgrade.number, fault=type(defect).__name__)
        count("Parked", what="upgrade")
        raise _Parked from defect


def _end(number: int, now: Pass, at: datetime) -> None:
    """Write down what the pass came to, once all of its parts are over."""

    def decide(_: bool) -> tuple[Writes, Counts | None]:
        item = store.read(number)
        if item.record.open is None or item.record.open.number != now.number:
            return Writes(), None
        places = [one for one in store.places(number, now) if one.over]
        if len(places) < SEGMENTS:
            return Writes(), None
        total = sum((one.place.counts for one in places), Counts())
        return store.write(item, model.ended(item.record, total, render(at))), total

    total = transact(decide)
    if total is not None:
        figures = msgspec.structs.asdict(total)
        logger.info("upgrade pass ended", upgrade=number, mode=now.mode, figures=figures)


def _standing(upgrade: Upgrade) -> Standing:
    record = store.read(upgrade.number).record
    last = record.last
    places = store.places(upgrade.number, last) if last else []
    samples = tuple(sample for one in places for sample in one.place.samples)
    return Standing(
        upgrade=upgrade.number,
        name=upgrade.name,
        state=model.state(record, works=_works(record)),
        parts=SEGMENTS if last else 0,
        parts_done=sum(one.over for one in places),
        counts=sum((one.place.counts for one in places), Counts()),
        samples=samples[:SAMPLES],
        passes=record.passes,
    )


def _works(record: Record) -> bool:
    """Whether the job of the open pass is at work, or waits to be."""
    if record.open is None:
        return False
    try:
        return jobs.read(PLATFORM, record.open.job, strong=True).is_open
    except JobUnknown:
        return False


def _known(number: int) -> Upgrade:
    if not 0 < number <= len(UPGRADES):
        raise Refused("upgrade_unknown")
    return UPGRADES[number - 1]


JOB_HANDLERS = {KIND: do_part}
"""What the jobs queue calls for this room's jobs."""
