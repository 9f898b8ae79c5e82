"""HTTP: a member's notifications."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.outreach import service, store, views
from chalicelib.outreach.room import room
from chalicelib.outreach.service import Told
from chalicelib.outreach.views import NotificationView


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
    """What the caller was told, and what all members were told since the caller joined."""
    who, language = call.member, call.reads
    seen = store.seen_up_to(who.program, who.member)

    def show(item: Told) -> NotificationView:
        if isinstance(item, store.NotificationItem):
            return views.own(item, seen, language)
        return views.announced(item, seen, who.program, language)

    found = page(
        call.query,
        keys.member(who.program, who.member) + "#N",
        lambda after, limit: service.told(who, call.at, after, limit),
        show,
    )
    return Answer(found, headers=(("Content-Language", language),))


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
