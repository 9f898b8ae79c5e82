"""Reading the audit: newest first over the months, filtered, as rows for people or as CSV."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, TypeVar

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.csv_text import rows_text
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table.audit import AuditItem, Outcome
from chalicelib.kernel.table.pages import Page, Sieve, sifted
from chalicelib.kernel.texts import knows, say
from chalicelib.programs import store as programs
from chalicelib.programs.model import ProgramUnknown

V = TypeVar("V")

LOOKED_AT = 500
"""Most records read for one page."""
AT_ONCE = 100
EXPORTED = 5_000
"""Most records read for one file."""
EXPORT_AT_ONCE = 1_000
EXPORT_BYTES = 2_000_000
"""Most bytes of cells in one file; the answer stays below 6 MB when quotes are doubled and
escaped.
"""
HEADER = ("at", "actor", "action", "what", "subject", "outcome", "reason", "before", "after")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which records of a program; what is empty does not matter."""

    program: str
    actor: str = ""
    action: str = ""
    """A whole name, or with a dot at its end the beginning of many."""
    subject: str = ""
    """One kind and id of those that a record names, or all of them as it names them."""
    outcome: Literal["", "done", "refused"] = ""
    since: datetime | None = None
    until: datetime | None = None
    """The first instant that is too late."""

    @property
    def anything(self) -> bool:
        """Whether every record of the time is wanted."""
        return not (self.actor or self.action or self.subject or self.outcome)

    def fits(self, item: AuditItem) -> bool:
        """Whether a record is one of these, its time left aside."""
        return (
            self.actor in ("", item.actor)
            and self.outcome in ("", item.outcome)
            and self.subject in ("", item.subject, *item.subject.split(" "))
            and self._names(item.action)
        )

    def _names(self, action: str) -> bool:
        if self.action.endswith("."):
            return action.startswith(self.action)
        return self.action in ("", action)


class RecordView(msgspec.Struct, frozen=True):
    """One thing that somebody of the staff did, or tried without the right to."""

    at: Instant
    """When; of a refused try, in which minute."""
    actor: str
    """Who: `staff:` and the id of a person, or `operator:` and the name of an operator's token."""
    action: str
    """Stable name of what was done; of a refused try, the right that was missing."""
    title: str
    """The same in the reader's language."""
    subject: str
    """What it was done to: kinds and ids, e.g. `hold:… member:…`."""
    before: dict[str, Any]
    """The fields that changed, as they were; null: not there."""
    after: dict[str, Any]
    """The same fields as they became, and what came into being."""
    reason: str
    """Words of the actor; empty: none were asked for, or the member's journal keeps them."""
    outcome: Outcome
    """`done`, or `refused`: the right was missing and nothing changed."""


def records(
    wanted: Wanted, cursor: str, limit: int, language: str, at: datetime
) -> Page[RecordView]:
    """A page of records, newest first.

    Raises:
        ProgramUnknown: there is no such program.
        InvalidCursor: it comes from another question.
    """
    sieve: Sieve[AuditItem, RecordView] = Sieve(
        wanted.fits, lambda item: _view(item, language), room=limit, most=LOOKED_AT
    )
    return _read(wanted, cursor, sieve, limit + 1 if wanted.anything else AT_ONCE, at)


def export(wanted: Wanted, cursor: str, language: str, at: datetime) -> tuple[str, str]:
    """Records as CSV, and the cursor for the rest of them; empty: there is none.

    Raises:
        ProgramUnknown, InvalidCursor.
    """
    sieve: Sieve[AuditItem, tuple[str, ...]] = Sieve(
        wanted.fits,
        lambda item: _cells(_view(item, language)),
        room=EXPORT_BYTES,
        most=EXPORTED,
        size=lambda row: sum(len(cell.encode()) for cell in row),
    )
    page = _read(wanted, cursor, sieve, EXPORT_AT_ONCE, at)
    return rows_text(HEADER, page.rows), page.next


def _read(
    wanted: Wanted, cursor: str, sieve: Sieve[AuditItem, V], at_once: int, at: datetime
) -> Page[V]:
    created = programs.created_at(wanted.program)
    if created is None:
        raise ProgramUnknown
    # Tries bear the minute in which they were made, so the first minute counts as a whole.
    began = parse(created).replace(second=0, microsecond=0)
    since = render(max(wanted.since or began, began))
    newest = audit.place(_until(wanted, began, at))

    def read(after: str | None) -> Iterator[AuditItem]:
        return audit.newest(wanted.program, after or newest, since, at_once)

    question = msgspec.json.encode(wanted).decode()
    return sifted(cursor, f"{keys.audit(wanted.program, '')} {question}", read, sieve)


def _until(wanted: Wanted, began: datetime, at: datetime) -> str:
    # Far instants have no text in UTC, so those outside the program's time become its ends.
    if wanted.until is None or wanted.until > at:
        return f"{render(at)}~"
    return render(max(wanted.until, began))


def _view(item: AuditItem, language: str) -> RecordView:
    told = item.told
    return RecordView(
        at=item.at,
        actor=item.actor,
        action=item.action,
        title=_title(item, language),
        subject=item.subject,
        before=told.before,
        after=told.after,
        reason=told.reason,
        outcome="done" if item.outcome == "done" else "refused",
    )


def _title(item: AuditItem, language: str) -> str:
    key = f"action.{item.action}"
    if knows(language, key):
        return say(language, key)
    # What was tried without the right is told by the right, which is no action.
    refused = item.outcome == "refused"
    return say(language, "audit.refused", right=item.action) if refused else item.action


def _cells(row: RecordView) -> tuple[str, ...]:
    before, after = (msgspec.json.encode(facts).decode() for facts in (row.before, row.after))
    told = (row.at, row.actor, row.action, row.title, row.subject, row.outcome, row.reason)
    return (*told, before, after)
