"""HTTP: pick-up points, for staff and for members (GC-3)."""

from typing import Any

from chalicelib.kernel.errors import InvalidFields, NotFound
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force
from chalicelib.rewards import errors, service_me, store
from chalicelib.rewards import service_points as service
from chalicelib.rewards.opening import PointDetails
from chalicelib.rewards.routes_common import CLUB, POINT, POINTS_PATH, room
from chalicelib.rewards.service_points import Order
from chalicelib.rewards.shapes import PlaceView, PointView
from chalicelib.rewards.views import place_view, point_view

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ARBAT = {
    "name": {
        "en": "Club on Arbat",
        "ru": "Клуб на Арбате",
        "uk": "Клуб на Арбаті",
        "ar": "النادي في شارع أربات",
    },
    "address": {
        "en": "Moscow, Arbat 12",
        "ru": "Москва, Арбат, 12",
        "uk": "Москва, Арбат, 12",
        "ar": "موسكو، أربات 12",
    },
    "phone": "+7 495 123-45-67",
    "hours": {day: [["10:00", "14:00"], ["15:00", "18:00"]] for day in WORKDAYS},
    "closed": [
        {
            "on": "2027-01-01",
            "text": {
                "en": "New Year",
                "ru": "Новый год",
                "uk": "Новий рік",
                "ar": "رأس السنة",
            },
        }
    ],
}


@room.route(
    "PUT",
    POINTS_PATH + "/{point}",
    access="staff:points.write",
    summary="Add or change a pick-up point",
    body=PointDetails,
    answers={200: PointView},
    refuses=(ProgramUnknown, NotFound, InvalidFields, errors.TooManyPickupPoints),
    example=Example(path=POINT, body=ARBAT),
)
def write_point(call: Call[PointDetails, NoBody]) -> Answer:
    """The point as it now stands, whole; the same again changes nothing."""
    return Answer(point_view(service.write(_order(call), call.body), call.at, _zone(call)))


@room.route(
    "GET",
    POINTS_PATH + "/{point}",
    access="staff:points.read",
    summary="A pick-up point",
    answers={200: PointView},
    refuses=(ProgramUnknown, errors.PointUnknown),
    example=Example(path=POINT),
)
def point(call: Call[NoBody, NoBody]) -> Answer:
    """All that is known of it, and whether it is open."""
    found = service.read(call.path["program"], call.path["point"])
    return Answer(point_view(found, call.at, _zone(call)))


@room.route(
    "GET",
    POINTS_PATH,
    access="staff:points.read",
    summary="All pick-up points",
    query=PageQuery,
    answers={200: Page[PointView]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def points(call: Call[NoBody, PageQuery]) -> Answer:
    """One page, by id."""
    program, zone = call.path["program"], _zone(call)
    return Answer(
        page(
            call.query,
            keys.pickup(program),
            lambda after, limit: store.point_items(program, after, limit),
            lambda item: point_view(item.value(), call.at, zone),
        )
    )


@room.route(
    "DELETE",
    POINTS_PATH + "/{point}",
    access="staff:points.write",
    summary="Delete a pick-up point",
    answers={204: None},
    refuses=(errors.PointInUse,),
    example=Example(path=POINT),
)
def delete_point(call: Call[NoBody, NoBody]) -> Answer:
    """Only what no reward names can go; deleting again changes nothing."""
    service.delete(_order(call))
    return Answer(None, 204)


@room.route(
    "GET",
    "/v1/me/pickup-points",
    access="member",
    summary="Where rewards are handed out",
    query=PageQuery,
    answers={200: Page[PlaceView]},
    refuses=(ProgramUnknown, errors.CatalogueForMembers),
)
def my_points(call: Call[NoBody, PageQuery]) -> Answer:
    """The club's pick-up points by id, with their opening hours."""
    program, zone = call.member.program, service_me.zone_of(call.member, call.at)
    return Answer(
        page(
            call.query,
            f"{keys.pickup(program)} members",
            lambda after, limit: store.point_items(program, after, limit),
            lambda item: place_view(item.value(), call.at, zone, call.language),
        )
    )


def _order(call: Call[Any, Any]) -> Order:
    return Order(call.path["program"], call.path["point"], call.principal, call.at)


def _zone(call: Call[Any, Any]) -> str:
    return in_force(call.path["program"], call.at).zone
