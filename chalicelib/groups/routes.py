"""HTTP: applications for verified groups, by members and as staff decide them."""

from datetime import date

from chalicelib.counters.gates import GateClosed
from chalicelib.groups import service
from chalicelib.groups.errors import (
    ApplicationDecided,
    ApplicationUnknown,
    ApplicationWaits,
    GroupUnknown,
)
from chalicelib.groups.room import WHOSE, room
from chalicelib.groups.service import Decision
from chalicelib.groups.shapes import ApplicationView, ApplyBody, DecisionBody, Groups
from chalicelib.groups.views import application_view, groups_view
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs.model import ProgramUnknown

__all__ = ["room"]


@room.route(
    "GET",
    "/v1/me/groups",
    access="member",
    summary="Verified groups, and how I stand with them",
    answers={200: Groups},
    refuses=(ProgramUnknown,),
)
def mine(call: Call[NoBody, NoBody]) -> Answer:
    """Which there are, what proves them, until when a proof holds, and what became of the last
    application.
    """
    who = call.member
    return Answer(groups_view(service.mine(who.program, who.member, call.at), call.language))


@room.route(
    "POST",
    "/v1/me/group-applications",
    access="member",
    summary="Apply for a verified group",
    body=ApplyBody,
    answers={201: Groups},
    refuses=(NotActive, ProgramUnknown, GateClosed, GroupUnknown, ApplicationWaits),
    example=Example(body={"group": "student", "evidence": "State University, card 1042-77"}),
    guarded=True,
)
def apply(call: Call[ApplyBody, NoBody]) -> Answer:
    """Staff check it. Apply again in time before a proof runs out: it holds until they decide, or
    until its last day.
    """
    who = call.member
    service.apply(who, call.body.group, call.body.evidence, call.at, call.guard())
    return Answer(groups_view(service.mine(who.program, who.member, call.at), call.language), 201)


@room.route(
    "GET",
    "/v1/staff/programs/{program}/group-applications",
    access="staff:members.group",
    summary="Applications for groups that wait, the oldest first",
    query=PageQuery,
    answers={200: Page[ApplicationView]},
    example=Example(path={"program": WHOSE["program"]}),
)
def waiting(call: Call[NoBody, PageQuery]) -> Answer:
    """With what members say as proof. One that was decided since is shown as it was decided."""
    program = call.path["program"]
    return Answer(
        page(
            call.query,
            keys.group_applications(program),
            lambda after, limit: service.queue(program, after, limit),
            lambda item: application_view(service.of_row(program, str(item.sk))),
        )
    )


@room.route(
    "POST",
    "/v1/staff/programs/{program}/members/{member}/group-applications/{group}/decision",
    access="staff:members.group",
    summary="Approve or refuse an application for a group",
    body=DecisionBody,
    answers={200: ApplicationView},
    refuses=(
        ProgramUnknown,
        GroupUnknown,
        ApplicationUnknown,
        ApplicationDecided,
        InvalidFields,
    ),
    example=Example(path=WHOSE, body={"approve": True, "reason": "The card is genuine"}),
    guarded=True,
)
def decide(call: Call[DecisionBody, NoBody]) -> Answer:
    """Rules ask for the group from then on, through its last day; the member is told."""
    body = call.body
    order = Decision(
        program=call.path["program"],
        member=call.path["member"],
        group=call.path["group"],
        approve=body.approve,
        until=date.fromisoformat(body.until) if body.until else None,
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(application_view(service.decide_on(order, call.guard())))
