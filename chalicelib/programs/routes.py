"""The routes of programs: what visitors and members read, and how staff write and publish."""

from chalicelib.kernel.errors import Forbidden, IdempotencyKeyReused
from chalicelib.kernel.http.call import Answer, Call, MemberCaller
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.texts import LANGUAGES, Language, say
from chalicelib.programs import examples, service, service_drafts, service_versions, store
from chalicelib.programs.model import (
    BaseVersionStale,
    DraftInvalid,
    EffectiveOutOfRange,
    NoticeOutOfOrder,
    OwnDraft,
    Program,
    ProgramIdDiffers,
    ProgramUnknown,
    RulesForMembers,
    VersionUnknown,
)
from chalicelib.programs.views import (
    CheckView,
    DraftProblem,
    DraftView,
    ProgramView,
    PublishBody,
    RulesQuery,
    RulesView,
    VersionDocument,
    VersionView,
)

room = Room(
    "programs",
    "A program is one club's published rules: a document with numbered, immutable, dated versions. "
    "Staff write a draft, check it and publish it with a notice and an effective date.",
)
CLUB = Example(path={"program": "jewels"})
VERSION = Example(path={"program": "jewels", "version": "1"})


@room.route(
    "GET",
    "/v1/programs/{program}",
    access="public",
    summary="What anyone may know of a club",
    answers={200: ProgramView},
    refuses=(ProgramUnknown,),
    example=CLUB,
)
def read_program(call: Call[NoBody, NoBody]) -> Answer:
    """The version in force, in the caller's language; the terms only where they are public."""
    found = service.in_force(call.path["program"], call.at)
    spoken = _spoken(found, call.language)
    view = ProgramView(
        id=found.id,
        version=found.version,
        name=found.name.get(spoken),
        zone=found.zone,
        currency=found.currency,
        languages=found.languages,
        unit=found.unit.get(spoken),
        kinds=found.kinds,
        rules_public=found.rules_public,
        rules=found.rules.get(spoken) if found.rules_public else None,
    )
    return Answer(view, headers=(("Content-Language", spoken),))


@room.route(
    "GET",
    "/v1/programs/{program}/rules",
    access="optional",
    summary="The terms of a club",
    query=RulesQuery,
    answers={200: RulesView},
    refuses=(ProgramUnknown, VersionUnknown, RulesForMembers),
    example=CLUB,
)
def read_rules(call: Call[NoBody, RulesQuery]) -> Answer:
    """The terms in force or of an announced version; members' clubs show them to members only."""
    found = service_versions.readable(
        call.path["program"], call.query.version or None, call.caller, call.at
    )
    wished = call.language
    if isinstance(call.caller, MemberCaller) and not call.headers.get("accept-language"):
        wished = call.caller.language
    spoken = _spoken(found, wished)
    view = RulesView(
        program=found.id, version=found.version, language=spoken, rules=found.rules.get(spoken)
    )
    return Answer(view, headers=(("Content-Language", spoken),))


@room.route(
    "PUT",
    "/v1/staff/programs/{program}/draft",
    access="staff:programs.write",
    summary="Write the draft",
    body=Program,
    max_bytes=service_drafts.MOST_WRITTEN,
    answers={200: DraftView},
    refuses=(ProgramIdDiffers, Forbidden),
    example=Example(path={"program": "jewels"}, body=examples.DOCUMENT),
)
def write_draft(call: Call[Program, NoBody]) -> Answer:
    """Replace the draft as a whole; the first draft creates the program."""
    item = service_drafts.write_draft(call.path["program"], call.body, call.staff, call.at)
    return Answer(_draft(item))


@room.route(
    "GET",
    "/v1/staff/programs/{program}/draft",
    access="staff:programs.read",
    summary="Read the draft",
    answers={200: DraftView},
    refuses=(ProgramUnknown,),
    example=CLUB,
)
def read_draft(call: Call[NoBody, NoBody]) -> Answer:
    """The draft as it stands."""
    return Answer(_draft(service_drafts.read_draft(call.path["program"])))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/draft/check",
    access="staff:programs.write",
    summary="Check the draft without publishing it",
    answers={200: CheckView},
    refuses=(ProgramUnknown,),
    example=CLUB,
)
def check_draft(call: Call[NoBody, NoBody]) -> Answer:
    """Everything that keeps the draft from being published now; changes nothing."""
    found = service_drafts.check_draft(call.path["program"], call.at)
    problems = [
        DraftProblem(it.pointer, it.code, say(call.language, f"field.{it.code}", **it.params))
        for it in found
    ]
    return Answer(CheckView(not problems, problems))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/versions",
    access="staff:programs.publish",
    summary="Publish the draft as the next version",
    body=PublishBody,
    answers={201: VersionView},
    refuses=(
        ProgramUnknown,
        BaseVersionStale,
        EffectiveOutOfRange,
        NoticeOutOfOrder,
        DraftInvalid,
        OwnDraft,
        IdempotencyKeyReused,
    ),
    example=Example(path={"program": "jewels"}, body={"effective_at": "2099-01-01T00:00:00Z"}),
    guarded=True,
)
def publish_version(call: Call[PublishBody, NoBody]) -> Answer:
    """The draft becomes a version for good, in force from its effective date. One that loosens
    `approvals` must be published by somebody else than who changed the draft last.
    """
    plan = service_versions.Plan(
        effective_at=call.body.effective_at,
        notice_at=call.body.notice_at,
        base_version=call.body.base_version,
    )
    item = service_versions.publish(
        call.path["program"], plan, call.staff.staff, call.guard(), call.at
    )
    return Answer(_version(item), status=201)


@room.route(
    "GET",
    "/v1/staff/programs/{program}/versions",
    access="staff:programs.read",
    summary="The published versions, newest first",
    query=PageQuery,
    answers={200: Page[VersionView]},
    refuses=(ProgramUnknown,),
    example=CLUB,
)
def list_versions(call: Call[NoBody, PageQuery]) -> Answer:
    """One page; of a program without versions an empty one."""
    program = call.path["program"]
    service.require(program)
    partition = f"{keys.program(program)} versions"
    return Answer(
        page(call.query, partition, lambda *where: store.versions(program, *where), _version)
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/versions/{version}",
    access="staff:programs.read",
    summary="One published version with its document",
    answers={200: VersionDocument},
    refuses=(VersionUnknown,),
    example=VERSION,
)
def read_version(call: Call[NoBody, NoBody]) -> Answer:
    """The version as it was published."""
    number = call.path["version"]
    if not (number.isascii() and number.isdigit() and len(number) <= 6):
        raise VersionUnknown
    item = service_versions.read_version(call.path["program"], int(number))
    return Answer(
        VersionDocument(
            version=item.number,
            effective_at=item.effective_at,
            notice_at=item.notice_at,
            published_at=item.published_at,
            published_by=item.published_by,
            document=store.unpack(item.document),
        )
    )


def _spoken(found: Program, wished: str) -> Language:
    language = wished if wished in found.languages else found.languages[0]
    return next(known for known in LANGUAGES if known == language)


def _draft(item: store.DraftItem) -> DraftView:
    return DraftView(
        changed_at=item.changed_at,
        changed_by=item.changed_by,
        document=store.unpack(item.document),
    )


def _version(item: store.VersionItem) -> VersionView:
    return VersionView(
        version=item.number,
        effective_at=item.effective_at,
        notice_at=item.notice_at,
        published_at=item.published_at,
        published_by=item.published_by,
    )
