"""What members are told, in the reader's words."""

from datetime import date

import msgspec

from chalicelib.kernel.http.shapes import Day, Instant
from chalicelib.kernel.texts import say, say_count
from chalicelib.ledger.views import PartView, part_view
from chalicelib.outreach import store
from chalicelib.programs import service_changes
from chalicelib.programs.service import version
from chalicelib.programs.store_announcements import AnnouncementItem
from chalicelib.programs.words import calendar_day, money

CHANGES_SHOWN = 20
"""How many changes a notification tells; of the others, how many there are."""


class NotificationView(msgspec.Struct, frozen=True):
    """One notification, in the reader's language."""

    id: str
    """Names the notification; the newest one read goes into `up_to`."""
    at: Instant
    """When it happened."""
    text: str
    """The message, in the reader's language."""
    code: str
    """Stable name of what it tells; programs may decide by it."""
    points: int
    """Change of the balance that it tells of; of an order: what it costs; of a warning: how many
    will burn; of a coupon, a gate or terms: 0."""
    entry: int | None
    """Number of the ledger entry it tells of; null: it tells of something else."""
    order: str | None
    """Id of the order it tells of; null: it tells of something else."""
    coupon: str | None
    """Id of the coupon it tells of; null: it tells of something else."""
    burns_on: Day | None
    """Last day of the points that it warns of; null: it tells of something else."""
    gate: str | None
    """Name of the gate it tells of, in the program's document; null: it tells of something else."""
    version: int | None
    """Number of the version of the terms that it tells of; null: it tells of something else."""
    effective_at: Instant | None
    """From when that version holds, or would have held."""
    changes: list[str]
    """What that version changes, a sentence each; all of them stand at `/v1/me/terms`."""
    parts: list[PartView]
    """The reasons that make up `points`."""
    seen: bool
    """Whether the member has read it."""


def own(item: store.NotificationItem, seen: str, language: str) -> NotificationView:
    """What one member was told."""
    return NotificationView(
        id=item.sk,
        at=item.at,
        text=_text(item, language),
        code=item.code,
        points=item.points,
        entry=item.seq or None,
        order=item.order,
        coupon=item.coupon,
        burns_on=item.burns_on,
        gate=item.gate.gate if item.gate else None,
        version=None,
        effective_at=None,
        changes=[],
        parts=[part_view(part, language) for part in item.parts],
        seen=item.sk <= seen,
    )


def _text(item: store.NotificationItem, language: str) -> str:
    key = f"notification.{item.code}"
    if item.order:
        return say(language, key, number=item.number or "")
    name = item.names.get(language) if item.names else ""
    if item.gate:
        missing = money(item.gate.missing, item.gate.currency, language)
        day = calendar_day(date.fromisoformat(item.gate.date), language)
        return say(language, key, name=name, missing=missing, date=day)
    if item.names:
        return say(language, key, name=name)
    if item.burns_on:
        day = calendar_day(date.fromisoformat(item.burns_on), language)
        return say_count(language, key, item.points, date=day)
    return say_count(language, key, item.points, balance=item.balance)


def announced(item: AnnouncementItem, seen: str, program: str, language: str) -> NotificationView:
    """What all members were told of a version."""
    return NotificationView(
        id=item.sk,
        at=item.at,
        text=_sentences(item, program, language),
        code=item.code,
        points=0,
        entry=None,
        order=None,
        coupon=None,
        burns_on=None,
        gate=None,
        version=item.version,
        effective_at=item.effective_at,
        changes=_changes(item, program, language),
        parts=[],
        seen=item.sk <= seen,
    )


def _sentences(item: AnnouncementItem, program: str, language: str) -> str:
    document = version(program, item.version)
    touched = "overtaken" if item.code == "version.announced" else "again"
    told = [(f"notification.{item.code}", item.version, item.effective_at)]
    told += [
        (f"notification.version.{touched}", other.version, other.effective_at)
        for other in item.others
    ]
    return " ".join(
        say(language, key, version=number, date=service_changes.day(document, at, language))
        for key, number, at in told
    )


def _changes(item: AnnouncementItem, program: str, language: str) -> list[str]:
    if item.code != "version.announced":
        return []
    told = service_changes.told(program, item.base, item.version, language)
    more = len(told) - CHANGES_SHOWN
    if more <= 0:
        return told
    return [*told[:CHANGES_SHOWN], say_count(language, "notification.more_changes", more)]
