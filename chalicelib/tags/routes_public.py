"""HTTP: what anyone may ask of a tag, as JSON and as the page behind its QR code."""

import re
from typing import Annotated, Any
from urllib.parse import quote, unquote

import msgspec
from msgspec import Meta

from chalicelib.kernel.http import cookies
from chalicelib.kernel.http.call import Answer, Call, MemberCaller
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.members.routes_sessions import COOKIE
from chalicelib.programs.values import PROGRAM_PATTERN
from chalicelib.tags import service
from chalicelib.tags.pages import HEADERS, landing
from chalicelib.tags.routes_common import room
from chalicelib.tags.shapes import VerdictView
from chalicelib.tags.views import verdict_view

SERIAL = {"serial": "7K3M9QWX2B4D"}
HTML = "text/html; charset=utf-8"


class ScanQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What else the scanned link held."""

    gtin: Annotated[
        str, Meta(max_length=20, description="The GTIN in the link; checked against the tag.")
    ] = ""


@room.route(
    "GET",
    "/v1/tags/{serial}",
    access="optional",
    summary="Is this item genuine?",
    query=ScanQuery,
    answers={200: VerdictView},
    example=Example(path=SERIAL),
)
def verify(call: Call[NoBody, ScanQuery]) -> Answer:
    """The verdict on a tag; a serial that does not exist is an answer, not an error."""
    caller = call.caller if isinstance(call.caller, MemberCaller) else None
    seen = service.verify(unquote(call.path["serial"]), call.query.gtin, caller, call.at)
    return Answer(verdict_view(seen, call.language))


@room.route(
    "GET",
    "/t/{serial}",
    access="public",
    summary="The page behind a QR code",
    answers={200: str, 303: None},
    media_types=("text/html",),
    example=Example(path=SERIAL),
)
def page(call: Call[NoBody, NoBody]) -> Answer:
    """The verdict as a page for people; members' browsers are led on to the item in their app."""
    return _page(call, "")


@room.route(
    "GET",
    "/01/{gtin}/21/{serial}",
    access="public",
    summary="The page behind a GS1 Digital Link",
    answers={200: str, 303: None},
    media_types=("text/html",),
    example=Example(path={**SERIAL, "gtin": "04607012345677"}),
)
def digital_link(call: Call[NoBody, NoBody]) -> Answer:
    """The same for an item with a GTIN, which must be the tag's own."""
    return _page(call, unquote(call.path["gtin"]))


def _page(call: Call[Any, Any], gtin: str) -> Answer:
    serial = unquote(call.path["serial"])
    # Whether the session is still good, the app will see; here it only says where to go (AQ-2).
    club = cookies.read(COOKIE, call.headers.get("cookie", "")).partition(".")[0]
    if re.fullmatch(PROGRAM_PATTERN, club):
        query = f"?gtin={quote(gtin, safe='')}" if gtin else ""
        to = f"/c/{club}/items/{quote(serial, safe='')}{query}"
        return Answer(None, 303, (("Location", to),), HTML)
    seen = service.verify(serial, gtin, None, call.at)
    return Answer(landing(seen, call.language), headers=HEADERS, media_type=HTML)
