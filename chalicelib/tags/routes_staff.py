"""HTTP: what staff do to one tag."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.tags import errors, service
from chalicelib.tags.routes_common import TAG, order_of, room
from chalicelib.tags.shapes import StaffTagView
from chalicelib.tags.views import tag_view

PATH = "/v1/staff/programs/{program}/tags/{serial}"


@room.route(
    "GET",
    PATH,
    access="staff:tags.read",
    summary="A tag with its history",
    answers={200: StaffTagView},
    refuses=(errors.TagUnknown,),
    example=Example(path=TAG),
)
def tag(call: Call[NoBody, NoBody]) -> Answer:
    """All that is known of a tag."""
    found = service.inspect(call.path["program"], call.path["serial"])
    return Answer(tag_view(found, call.language))


@room.route(
    "POST",
    PATH + "/withdrawal",
    access="staff:tags.withdraw",
    summary="Withdraw a tag",
    body=Why,
    answers={200: StaffTagView},
    refuses=(errors.TagUnknown, errors.TagWithdrawn),
    example=Example(body={"reason": "Stolen in transit"}, path=TAG),
    guarded=True,
)
def withdraw(call: Call[Why, NoBody]) -> Answer:
    """From now on it verifies as withdrawn and cannot be registered."""
    return Answer(tag_view(service.withdraw(order_of(call), call.guard()), call.language))


@room.route(
    "POST",
    PATH + "/reinstatement",
    access="staff:tags.withdraw",
    summary="Undo a withdrawal",
    body=Why,
    answers={200: StaffTagView},
    refuses=(errors.TagUnknown, errors.TagNotWithdrawn),
    example=Example(body={"reason": "Found again"}, path=TAG),
    guarded=True,
)
def reinstate(call: Call[Why, NoBody]) -> Answer:
    """The tag is as it was before."""
    return Answer(tag_view(service.reinstate(order_of(call), call.guard()), call.language))


@room.route(
    "POST",
    PATH + "/release",
    access="staff:tags.release",
    summary="Free a registered tag and take its points back",
    body=Why,
    answers={200: StaffTagView},
    refuses=(errors.TagUnknown, errors.TagNotRegistered),
    example=Example(body={"reason": "Item returned to the shop"}, path=TAG),
    guarded=True,
)
def release(call: Call[Why, NoBody]) -> Answer:
    """The registration's entry is reversed and anybody may register the item again."""
    return Answer(tag_view(service.release(order_of(call), call.guard()), call.language))
