"""HTTP: registering an item, and a member's items."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.counters.gates import GateClosed, LevelNeeded
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.service import in_force
from chalicelib.tags import errors, service, store
from chalicelib.tags.routes_common import room
from chalicelib.tags.service_register import Attempt
from chalicelib.tags.shapes import OwnItemView, RegisteredView
from chalicelib.tags.views import own_view, registered_view


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A serial and a code as typed: case, spaces, dashes and look-alike letters do not matter."""

    serial: Annotated[
        str, Meta(min_length=1, max_length=100, description="The serial printed on the tag.")
    ]
    scratch_code: Annotated[
        str, Meta(min_length=1, max_length=60, description="The code under the scratch layer.")
    ]


@room.route(
    "POST",
    "/v1/me/items",
    access="member",
    summary="Register my item by its scratch code",
    body=Registration,
    answers={201: RegisteredView},
    refuses=(
        NotActive,
        RulesNotAccepted,
        errors.TagUnknown,
        errors.TagWithdrawn,
        errors.TagRegistered,
        GateClosed,
        LevelNeeded,
        errors.CodeTriesExhausted,
        errors.CodeMistyped,
        errors.CodeWrong,
        AccountUnknown,
        AccountClosed,
    ),
    example=Example(body={"serial": "7K3M9QWX2B4D", "scratch_code": "H4XK-7QMN-2RTB-W"}),
)
def register(call: Call[Registration, NoBody]) -> Answer:
    """The item is the caller's and its points are credited; the same again answers the same."""
    who, body = call.member, call.body
    attempt = Attempt(who, body.serial, body.scratch_code, call.client, call.at, call.settings)
    done = service.register(attempt)
    today = local_date(call.at, in_force(who.program, call.at).zone)
    return Answer(registered_view(done, today, call.language), 201)


@room.route(
    "GET",
    "/v1/me/items",
    access="member",
    summary="My registered items, newest first",
    query=PageQuery,
    answers={200: Page[OwnItemView]},
)
def items(call: Call[NoBody, PageQuery]) -> Answer:
    """The caller's items."""
    who = call.member
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#ITEM",
            lambda after, limit: store.own_items(who.program, who.member, after, limit),
            lambda item: own_view(item, call.language),
        )
    )
