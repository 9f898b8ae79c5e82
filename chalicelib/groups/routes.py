"""HTTP: applications for verified groups, by members and as staff decide them."""

from datetime import date

from chalicelib.counters.gates import GateClosed, LevelNeeded
from chalicelib.files.errors import (
    FileInUse,
    FileMissing,
    FileTooLarge,
    FileUnknown,
    WrongFileType,
)
from chalicelib.files.routes import upload_form
from chalicelib.groups import service
from chalicelib.groups.errors import (
    ApplicationDecided,
    ApplicationUnknown,
    ApplicationWaits,
    GroupUnknown,
    TooManyFiles,
)
from chalicelib.groups.room import WHOSE, room
from chalicelib.groups.service import LINK_S, Asked, Decision
from chalicelib.groups.shapes import (
    ApplicationView,
    ApplyBody,
    DecisionBody,
    Groups,
    NewEvidence,
    NewEvidenceView,
    Proof,
    Proofs,
)
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
    refuses=(
        NotActive,
        ProgramUnknown,
        GateClosed,
        LevelNeeded,
        GroupUnknown,
        ApplicationWaits,
        FileUnknown,
        FileMissing,
        FileTooLarge,
        WrongFileType,
        FileInUse,
    ),
    example=Example(body={"group": "student", "evidence": "State University, card 1042-77"}),
    guarded=True,
)
def apply(call: Call[ApplyBody, NoBody]) -> Answer:
    """Staff check it. Apply again in time before a proof runs out: it holds until they decide, or
    until its last day.
    """
    who = call.member
    asked = Asked(call.body.group, call.body.evidence, tuple(dict.fromkeys(call.body.files)))
    service.apply(who, asked, call.at, call.guard())
    return Answer(groups_view(service.mine(who.program, who.member, call.at), call.language), 201)


@room.route(
    "POST",
    "/v1/me/evidence-files",
    access="member",
    summary="Announce a picture or a page that proves something",
    body=NewEvidence,
    answers={201: NewEvidenceView},
    refuses=(NotActive, InvalidFields, FileUnknown, TooManyFiles),
    example=Example(body={"media_type": "image/jpeg", "size": 480_213}),
    guarded=True,
)
def announce(call: Call[NewEvidence, NoBody]) -> Answer:
    """Upload it with the form that is answered, within a quarter of an hour; then name it in an
    application. Nobody but staff who decide can open it.
    """
    item = service.announce(call.member, call.body.media_type, call.body.size, call)
    return Answer(NewEvidenceView(file=item.file, upload=upload_form(item, call.settings)), 201)


@room.route(
    "GET",
    "/v1/staff/programs/{program}/members/{member}/group-applications/{group}/files",
    access="staff:members.group",
    summary="Files by which an application can be checked",
    answers={200: Proofs},
    refuses=(ApplicationUnknown,),
    example=Example(path=WHOSE),
)
def proofs(call: Call[NoBody, NoBody]) -> Answer:
    """With addresses to open them for some minutes."""
    path = call.path
    found = service.proof(path["program"], path["member"], path["group"])
    return Answer(Proofs(files=[Proof(**one._asdict()) for one in found], good_for_s=LINK_S))


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
