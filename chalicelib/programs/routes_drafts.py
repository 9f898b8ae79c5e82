"""HTTP: how staff write the next version of a program, and see what it would do."""

from chalicelib.kernel.errors import Forbidden, Refusal
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.texts import say
from chalicelib.programs import (
    examples,
    service_changes,
    service_drafts,
    service_preview,
    store,
    views_changes,
)
from chalicelib.programs.model import (
    Faults,
    Program,
    ProgramIdDiffers,
    ProgramUnknown,
    VersionUnknown,
)
from chalicelib.programs.room import CLUB, room
from chalicelib.programs.service_preview import Caution
from chalicelib.programs.service_versions import Plan
from chalicelib.programs.views import CheckView, DraftProblem, DraftView, PublishBody, RulesQuery
from chalicelib.programs.views_changes import ChangesView, PreviewView, WarningView


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
    problems = _problems(found, call.language)
    return Answer(CheckView(not problems, problems))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/draft/preview",
    access="staff:programs.write",
    summary="See what publishing the draft would do",
    body=PublishBody,
    answers={200: PreviewView},
    refuses=(ProgramUnknown,),
    example=Example(path={"program": "jewels"}, body={"effective_at": "2099-01-01T00:00:00Z"}),
)
def preview_draft(call: Call[PublishBody, NoBody]) -> Answer:
    """Takes what publishing takes and tells what would come of it: what is in the way, what is
    easily overlooked, and what changes; changes nothing itself.
    """
    plan = Plan(
        effective_at=call.body.effective_at,
        notice_at=call.body.notice_at,
        base_version=call.body.base_version,
    )
    language = call.language
    found = service_preview.preview(call.path["program"], plan, call.principal, call.at, language)
    problems = _problems(found.faults, language)
    problems += [_refused(one, language) for one in found.refusals]
    return Answer(
        PreviewView(
            version=found.number,
            against=found.compared.before.version if found.compared.before else 0,
            effective_at=found.effective_at,
            notice_at=found.notice_at,
            publishable=not problems,
            problems=problems,
            warnings=[_warning(one, language) for one in found.warnings],
            changes=views_changes.rows(found.compared, language),
        )
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/draft/changes",
    access="staff:programs.read",
    summary="What the draft changes, in words",
    query=RulesQuery,
    answers={200: ChangesView},
    refuses=(ProgramUnknown, VersionUnknown),
    example=CLUB,
)
def draft_changes(call: Call[NoBody, RulesQuery]) -> Answer:
    """Against the newest version that was not withdrawn, or against the one asked for."""
    found = service_changes.of_draft(call.path["program"], call.query.version)
    return Answer(views_changes.view(found, call.language))


_PLACES = {
    "base_version_stale": "/base_version",
    "own_draft": "/approvals",
    "notice_out_of_order": "/notice_at",
}
"""Where the refusals of publishing belong; else to the effective date."""


def _refused(refusal: Refusal, language: str) -> DraftProblem:
    told = say(language, f"error.{refusal.code}", **refusal.params)
    return DraftProblem(_PLACES.get(refusal.code, "/effective_at"), refusal.code, told)


def _problems(found: Faults, language: str) -> list[DraftProblem]:
    return [
        DraftProblem(it.pointer, it.code, say(language, f"field.{it.code}", **it.params))
        for it in found
    ]


def _warning(one: Caution, language: str) -> WarningView:
    return WarningView(one.code, say(language, f"warning.{one.code}", **one.params), one.params)


def _draft(item: store.DraftItem) -> DraftView:
    return DraftView(
        changed_at=item.changed_at,
        changed_by=item.changed_by,
        document=store.unpack(item.document),
    )
