"""Write down what is due; find it when its time has come; have it done.

An entry is put with the change that makes it due, and deleted when it is done: what stands is not
done. A run reads every shard of every day that is still open, back to the oldest, so after days
without one nothing is forgotten, and a run costs what is due, whatever the number of members. What
it finds goes to a queue by pages; workers call the room that a kind belongs to, which looks again
what is true. So late, repeated, overlapping and killed runs come to the same.
"""

from datetime import UTC, datetime, timedelta
from itertools import islice

from chalicelib.agenda import store
from chalicelib.agenda.model import (
    SHARDS,
    Entry,
    Handlers,
    Page,
    alternately,
    days,
    is_over,
    pages,
)
from chalicelib.kernel import queues
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.observability import count, gauge, logger
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.writes import Writes, commit

MOST = 60_000
"""Entries that one run sends; the next run, a minute later, sends what is left. Some 4 s of a whole
CPU and 120 MB: a third of its time with the memory that it is given.
"""
BUSY = 200
"""Pages on their way with which no run sends more: they would only be the same ones again."""
FIRST_LOOK = timedelta(days=2)
"""How far back the very first run looks."""


class NotDone(Exception):
    """Some entries of a page could not be done: the queue brings it again."""


def arm(program: str, kind: str, ref: str, due: datetime, at: datetime) -> Writes:
    """Write down that something is due; to commit with what makes it so. One write unit.

    What should have been done before ``at`` is due at once. The same again is the same item.
    """
    return store.put(Entry(program, kind, ref, render(max(due, at))))


def disarm(program: str, kind: str, ref: str, due: datetime) -> Writes:
    """Strike out what is no longer to be done, as it was armed. One write unit."""
    return store.gone(Entry(program, kind, ref, render(due)))


def run(at: datetime) -> int:
    """Send everything that is due to the workers, and close the days that are done.

    Returns how many entries were sent.
    """
    url = settings().agenda_queue_url
    if queues.waiting(url) > BUSY:
        logger.info("agenda busy")
        return 0
    was, today = store.first_open(), at.astimezone(UTC).date()
    first = was or (today - FIRST_LOOK).isoformat()
    if first > today.isoformat():  # the local platform's clock was set back
        first = (today - FIRST_LOOK).isoformat()
    found: list[Entry] = []
    still_open = ""
    for day in days(first, today):
        of_day = _due(day, at, MOST - len(found))
        found += of_day
        if not still_open and (of_day or not is_over(day, at)):
            still_open = day
    queues.send(url, pages(found))
    count("AgendaSent", len(found))
    oldest = min((entry.due for entry in found), default=render(at))
    gauge("AgendaLagSeconds", int((at - parse(oldest)).total_seconds()))
    if still_open and still_open != was:
        store.close_before(still_open, was)
    return len(found)


def work(page: Page, handlers: Handlers, at: datetime) -> None:
    """Do what a page says and is not done yet.

    Raises:
        NotDone: something could not be done; the rest is.
    """
    failed = 0
    for entry in store.standing(page.entries):
        try:
            _do(entry, handlers, at)
        except Exception:
            logger.exception("not done", program=entry.program, kind=entry.kind, ref=entry.ref)
            failed += 1
    count("AgendaDone", len(page.entries) - failed)
    if failed:
        count("AgendaFailed", failed)
        raise NotDone(f"{failed} of {len(page.entries)}")


def _do(entry: Entry, handlers: Handlers, at: datetime) -> None:
    if entry.kind not in handlers:
        raise LookupError(f"nobody does {entry.kind}")
    again = handlers[entry.kind](entry, at)
    writes = store.gone(entry)
    if again is not None:
        later = max(again, parse(entry.due) + timedelta(milliseconds=1))
        writes += arm(entry.program, entry.kind, entry.ref, later, at)
    commit(writes)


def _due(day: str, at: datetime, most: int) -> list[Entry]:
    shards = [store.due(day, shard, render(at)) for shard in range(SHARDS)]
    return list(islice(alternately(shards), most))
