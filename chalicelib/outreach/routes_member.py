"""HTTP: a member's notifications."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.texts import say, say_count
from chalicelib.ledger.views import PartView, part_view
from chalicelib.outreach import service, store
from chalicelib.outreach.room import room


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
    """Change of the balance that it tells of; of an order: what it costs; of a coupon: 0."""
    entry: int | None
    """Number of the ledger entry it tells of; null: it tells of something else."""
    order: str | None
    """Id of the order it tells of; null: it tells of something else."""
    coupon: str | None
    """Id of the coupon it tells of; null: it tells of something else."""
    parts: list[PartView]
    """The reasons that make up `points`."""
    seen: bool
    """Whether the member has read it."""


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far the member has read."""

    up_to: Annotated[
        str,
        Meta(
            pattern=r"^N#[0-9A-Za-z:.#\-]{10,120}$(?!\n)",
            description="`id` of the newest one read.",
        ),
    ]


@room.route(
    "GET",
    "/v1/me/notifications",
    access="member",
    summary="My notifications, newest first",
    query=PageQuery,
    answers={200: Page[NotificationView]},
)
def my_notifications(call: Call[NoBody, PageQuery]) -> Answer:
    """The caller's notifications."""
    who = call.member
    seen = store.seen_up_to(who.program, who.member)
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#N",
            lambda after, limit: store.newest(who.program, who.member, after, limit),
            lambda item: _view(item, seen, call.language),
        )
    )


@room.route(
    "PUT",
    "/v1/me/notifications/seen",
    access="member",
    summary="Mark notifications as read",
    body=Seen,
    answers={200: Seen},
    example=Example(body={"up_to": "N#2026-11-23T10:00:00.000Z#E#000000000001"}),
)
def seen(call: Call[Seen, NoBody]) -> Answer:
    """All up to the one named; the mark moves forward only."""
    who = call.member
    return Answer(Seen(service.mark_seen(who.program, who.member, call.body.up_to)))


def _view(item: store.NotificationItem, seen: str, language: str) -> NotificationView:
    return NotificationView(
        id=item.sk,
        at=item.at,
        text=_text(item, language),
        code=item.code,
        points=item.points,
        entry=item.seq or None,
        order=item.order,
        coupon=item.coupon,
        parts=[part_view(part, language) for part in item.parts],
        seen=item.sk <= seen,
    )


def _text(item: store.NotificationItem, language: str) -> str:
    key = f"notification.{item.code}"
    if item.order:
        return say(language, key, number=item.number or "")
    if item.names:
        return say(language, key, name=item.names.get(language))
    return say_count(language, key, item.points, balance=item.balance)
