"""HTTP: pilots, from their beginning to what they judged."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.forecasts import service_pilots, store_pilots
from chalicelib.forecasts.errors import PilotOver, PilotSpan, PilotUnknown
from chalicelib.forecasts.room import room
from chalicelib.forecasts.service_pilots import Joined, Order, Plan
from chalicelib.forecasts.store_pilots import JoinedItem
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant, Moment, Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs import pilots as numbers
from chalicelib.programs import store_pilots as stored
from chalicelib.programs.model import DraftInvalid, Program, ProgramUnknown
from chalicelib.programs.service import require
from chalicelib.programs.store_pilots import PilotItem

PATH = "/v1/staff/programs/{program}/pilots"
CLUB = {"program": "jewels"}
PILOT = {**CLUB, "pilot": "1"}
MEMBER = "5h2q8w0n1c7x4v9k3j6m"
BODY_BYTES = 64 * 1024
Name = Annotated[str, Meta(min_length=1, max_length=100)]
MemberId = Annotated[str, Meta(pattern=r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)")]
MemberIds = Annotated[tuple[MemberId, ...], Meta(max_length=1_000)]
PilotState = Literal["planned", "running", "over"]


class NewPilot(Why, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pilot of the draft as it stands."""

    name: Name
    """What it is called."""
    members: MemberIds = ()
    """Ids of the members; more of them can join later."""
    begins: Annotated[Moment | None, Meta(description="From when it judges; missing: at once.")] = (
        msgspec.field(default=None, name="from")
    )
    until: Moment
    """Before which it judges."""


class MorePilots(Why, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members who are to join a pilot."""

    members: Annotated[tuple[MemberId, ...], Meta(min_length=1, max_length=1_000)]
    """Their ids; those who are in it already stay."""


class PilotRow(msgspec.Struct, frozen=True, kw_only=True):
    """A pilot."""

    pilot: int
    """Its number."""
    version: int
    """The version number of its document, as receipts and entries that it judged show it."""
    name: str
    """What it is called."""
    state: PilotState
    """Whether it judges now."""
    begins: Instant = msgspec.field(name="from")
    """From when it judges."""
    until: Instant
    """Before which it judges."""
    ended_at: Instant | None
    """When staff ended it early; null: they did not."""
    members: int
    """How many members it was given."""
    created_at: Instant
    """When it was made."""
    created_by: str
    """By whom."""


class PilotView(PilotRow, frozen=True, kw_only=True):
    """A pilot with its document."""

    document: Program
    """The draft as it was then."""


class JoinedView(PilotRow, frozen=True, kw_only=True):
    """A pilot, and who of those asked for is not in it."""

    unknown: list[str]
    """Ids of nobody, or of erased members."""
    elsewhere: list[str]
    """Members of another pilot that judges at a time of this one; they stay there."""


class PilotMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member of a pilot, and what it judged of them."""

    member: str
    """Id of the member."""
    joined_at: Instant
    """Since when."""
    receipts: int
    """Receipts that it judged."""
    events: int
    """Other events."""
    given: int
    """Points that it gave, announced ones included."""
    returned: int
    """Points of them that returns took back."""
    spent: int
    """Points that paid for these receipts."""
    whole: bool
    """Whether every entry since its beginning was looked at: the newest 500 are."""


@room.route(
    "POST",
    PATH,
    access="staff:programs.publish",
    summary="Publish the draft to some members",
    body=NewPilot,
    answers={201: JoinedView},
    refuses=(ProgramUnknown, DraftInvalid, PilotSpan, PilotUnknown, IdempotencyKeyReused),
    example=Example(
        path=CLUB,
        body={
            "name": "Seven percent, for a hundred members",
            "members": [MEMBER],
            "until": "2099-01-01T00:00:00Z",
            "reason": "Before it is published to all",
        },
    ),
    guarded=True,
    max_bytes=BODY_BYTES,
)
def begin_pilot(call: Call[NewPilot, NoBody]) -> Answer:
    """Their receipts, quotes and events are judged by the draft as it stands now, between two
    instants; everybody else's by the version in force, as before.
    """
    body = call.body
    plan = Plan(body.name, parse(body.begins) if body.begins else None, parse(body.until))
    order = _order(call.path["program"], call.principal, body.reason, call.at)
    done = service_pilots.begin(order, plan, body.members, call.guard())
    return Answer(_joined(done, call.at), 201)


@room.route(
    "GET",
    PATH,
    access="staff:programs.read",
    summary="Pilots, newest first",
    query=PageQuery,
    answers={200: Page[PilotRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def pilots(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's pilots."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            f"{keys.program(program)} pilots",
            lambda after, limit: stored.pilots(program, after, limit),
            lambda item: _row(item, call.at),
        )
    )


@room.route(
    "GET",
    PATH + "/{pilot}",
    access="staff:programs.read",
    summary="A pilot with its document",
    answers={200: PilotView},
    refuses=(PilotUnknown,),
    example=Example(path=PILOT),
)
def pilot(call: Call[NoBody, NoBody]) -> Answer:
    """One pilot."""
    found = service_pilots.find(call.path["program"], _number(call.path["pilot"]))
    shown = msgspec.structs.asdict(_row(found, call.at))
    document = stored.unpack(found, numbers.ABOVE + int(found.number))
    plain = msgspec.structs.replace(document, version=0)
    return Answer(PilotView(**shown, document=plain))


@room.route(
    "GET",
    PATH + "/{pilot}/members",
    access="staff:members.read",
    summary="The members of a pilot, and what it judged of them",
    query=PageQuery,
    answers={200: Page[PilotMember]},
    refuses=(PilotUnknown,),
    example=Example(path=PILOT),
)
def pilot_members(call: Call[NoBody, PageQuery]) -> Answer:
    """Counted from their accounts as they are now, so the sums of all pages are exact."""
    program, number = call.path["program"], _number(call.path["pilot"])
    found = service_pilots.find(program, number)
    version, since = numbers.ABOVE + number, str(found.begins)

    def show(item: JoinedItem) -> PilotMember:
        sums = store_pilots.judged(program, item.member, version, since)
        return PilotMember(member=item.member, joined_at=item.at, **msgspec.structs.asdict(sums))

    return Answer(
        page(
            call.query,
            keys.pilot(program, number),
            lambda after, limit: store_pilots.of_pilot(program, number, after, limit),
            show,
        )
    )


@room.route(
    "POST",
    PATH + "/{pilot}/members",
    access="staff:programs.publish",
    summary="Let more members join a pilot",
    body=MorePilots,
    answers={200: JoinedView},
    refuses=(PilotUnknown, PilotOver, IdempotencyKeyReused),
    example=Example(path=PILOT, body={"members": [MEMBER], "reason": "They asked to take part"}),
    guarded=True,
    max_bytes=BODY_BYTES,
)
def add_pilot_members(call: Call[MorePilots, NoBody]) -> Answer:
    """Up to a thousand at once; also what they bought before, since it began, is judged by it, if
    it is told later.
    """
    body = call.body
    order = _order(call.path["program"], call.principal, body.reason, call.at)
    number = _number(call.path["pilot"])
    return Answer(_joined(service_pilots.add(order, number, body.members, call.guard()), call.at))


@room.route(
    "POST",
    PATH + "/{pilot}/end",
    access="staff:programs.publish",
    summary="End a pilot before its time",
    body=Why,
    answers={200: PilotRow},
    refuses=(PilotUnknown, PilotOver),
    example=Example(path=PILOT, body={"reason": "It costs more than was forecast"}),
)
def end_pilot(call: Call[Why, NoBody]) -> Answer:
    """From now on its members are judged like everybody else; what it judged stays."""
    order = _order(call.path["program"], call.principal, call.body.reason, call.at)
    return Answer(_row(service_pilots.end(order, _number(call.path["pilot"])), call.at))


def _order(program: str, actor: str, reason: str, at: datetime) -> Order:
    return Order(program, actor, reason, at)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise PilotUnknown
    return int(text)


def _joined(done: Joined, at: datetime) -> JoinedView:
    shown = msgspec.structs.asdict(_row(done.pilot, at))
    return JoinedView(**shown, unknown=list(done.unknown), elsewhere=list(done.elsewhere))


def _row(item: PilotItem, at: datetime) -> PilotRow:
    now = render(at)
    state: PilotState = "running" if item.judges(now) else "planned"
    return PilotRow(
        pilot=item.number,
        version=numbers.ABOVE + int(item.number),
        name=item.name,
        state="over" if item.until <= now else state,
        begins=item.begins,
        until=item.until,
        ended_at=item.ended_at,
        members=item.members,
        created_at=item.created_at,
        created_by=item.created_by,
    )
