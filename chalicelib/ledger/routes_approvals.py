"""HTTP: corrections of points that need a second person, or are given one."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, sifted
from chalicelib.ledger import approvals, rules, service_approvals, store_approvals
from chalicelib.ledger.approvals import END, Decision, State
from chalicelib.ledger.routes_common import room
from chalicelib.ledger.routes_staff import POSTING, STAFF, WHO, Adjustment, Note, order_of
from chalicelib.ledger.store_approvals import ApprovalItem
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require

REQUESTS = "/v1/staff/programs/{program}/adjustment-requests"
ONE = {"program": "jewels", "approval": "01k2m3n4p5q6r7s8t9v0"}
LOOKED_AT = 500
"""Most requests read for one page."""
AT_ONCE = 100


class RequestView(msgspec.Struct, frozen=True):
    """A correction of points that somebody asked for."""

    approval: str
    """Id of the request; ids sort in the order of time."""
    member: str
    """Whose points."""
    points: int
    """To add, or with a minus to take."""
    reason: str
    """Why, in the words of whoever asked."""
    state: State
    """`waiting` until it is approved, rejected or withdrawn, for good."""
    asked_by: str
    """Who asked: `staff:` and their id, or `operator:` and a name."""
    asked_at: Instant
    """When."""
    ended_by: str | None
    """Who approved, rejected or withdrew it; null: it is waiting."""
    ended_at: Instant | None
    """When."""
    ended_why: str | None
    """Why, in the words of whoever decided."""
    entry: int | None
    """Number of the entry of the member's account; null: none was posted."""


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a second person says."""

    decision: Decision
    """`approve` posts the correction at once; `reject` ends the request without it."""
    reason: Note


class RequestsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which requests."""

    state: Annotated[
        Literal["", "waiting", "approved", "rejected", "withdrawn"],
        Meta(description="Only those in this state; empty: all."),
    ] = ""
    member: Annotated[
        str, Meta(max_length=64, description="Only those for this member; empty: all.")
    ] = ""


@room.route(
    "POST",
    STAFF + "/adjustment-requests",
    access="staff:ledger.adjust",
    summary="Ask a second person for a correction",
    body=Adjustment,
    answers={201: RequestView},
    refuses=POSTING,
    example=Example(body={"points": 25_000, "reason": "Prize of the spring contest"}, path=WHO),
    guarded=True,
)
def ask(call: Call[Adjustment, NoBody]) -> Answer:
    """Nothing changes before somebody else approves; small corrections may be asked for too."""
    order = order_of(call, call.body.reason)
    made = service_approvals.ask(order, call.body.points, call.guard(), call.ids)
    return Answer(_view(made), 201)


@room.route(
    "GET",
    REQUESTS,
    access="staff:ledger.read",
    summary="Requests for corrections, newest first",
    query=RequestsQuery,
    answers={200: Page[RequestView]},
    refuses=(ProgramUnknown,),
    example=Example(path={"program": "jewels"}, query={"state": "waiting"}),
)
def requests(call: Call[NoBody, RequestsQuery]) -> Answer:
    """A page can hold fewer rows than asked for and still have a `next`: what is rare is found by
    going on.
    """
    program, asked = call.path["program"], call.query
    require(program)
    sieve: Sieve[ApprovalItem, RequestView] = Sieve(
        lambda item: asked.state in ("", item.state) and asked.member in ("", item.member),
        _view,
        room=asked.limit,
        most=LOOKED_AT,
    )
    at_once = AT_ONCE if asked.state or asked.member else asked.limit + 1
    return Answer(
        sifted(
            asked.cursor,
            f"{keys.approvals(program)} {asked.state} {asked.member}",
            lambda after: store_approvals.newest(program, after, at_once),
            sieve,
        )
    )


@room.route(
    "GET",
    REQUESTS + "/{approval}",
    access="staff:ledger.read",
    summary="One request for a correction",
    answers={200: RequestView},
    refuses=(approvals.ApprovalUnknown,),
    example=Example(path=ONE),
)
def request(call: Call[NoBody, NoBody]) -> Answer:
    """The request as it stands."""
    return Answer(_view(service_approvals.read(call.path["program"], call.path["approval"])))


@room.route(
    "POST",
    REQUESTS + "/{approval}/decision",
    access="staff:ledger.approve",
    summary="Approve or reject what somebody else asked for",
    body=Verdict,
    answers={200: RequestView},
    refuses=(
        *POSTING,
        rules.NotEnoughPoints,
        approvals.ApprovalUnknown,
        approvals.ApprovalEnded,
        approvals.OwnRequest,
    ),
    example=Example(body={"decision": "approve", "reason": "Agreed with the jury"}, path=ONE),
)
def decide(call: Call[Verdict, NoBody]) -> Answer:
    """Points that are to be taken and are not there any more refuse the approval; the request goes
    on waiting. The same decision again answers the same; the other one is refused.
    """
    ending = _ending(call, END[call.body.decision], call.body.reason)
    return Answer(_view(service_approvals.decide(ending)))


@room.route(
    "POST",
    REQUESTS + "/{approval}/withdrawal",
    access="staff:ledger.adjust",
    summary="Withdraw one's own request",
    answers={200: RequestView},
    refuses=(approvals.ApprovalUnknown, approvals.ApprovalEnded, approvals.NotOwnRequest),
    example=Example(path=ONE),
)
def withdraw(call: Call[NoBody, NoBody]) -> Answer:
    """For who asked; again answers the same."""
    return Answer(_view(service_approvals.withdraw(_ending(call, "withdrawn", ""))))


def _ending(call: Call[Any, Any], state: State, why: str) -> service_approvals.Ending:
    path = call.path
    return service_approvals.Ending(
        path["program"], path["approval"], state, call.principal, why, call.at
    )


def _view(item: ApprovalItem) -> RequestView:
    return RequestView(
        approval=item.approval,
        member=item.member,
        points=item.points,
        reason=item.reason,
        state=msgspec.convert(item.state, State),
        asked_by=item.asked_by,
        asked_at=item.asked_at,
        ended_by=item.ended_by,
        ended_at=item.ended_at,
        ended_why=item.ended_why,
        entry=item.entry,
    )
