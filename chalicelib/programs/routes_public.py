"""HTTP: what visitors and members read of a program."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import NoBody
from chalicelib.kernel.texts import LANGUAGES, Language
from chalicelib.programs import service, service_changes, service_versions
from chalicelib.programs.model import Program, ProgramUnknown, RulesForMembers, VersionUnknown
from chalicelib.programs.room import CLUB, room
from chalicelib.programs.views import (
    ComingTerms,
    ProgramView,
    RulesQuery,
    RulesView,
    TermsInForce,
    TermsView,
)


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
    spoken = _spoken(found, call.reads)
    view = RulesView(
        program=found.id, version=found.version, language=spoken, rules=found.rules.get(spoken)
    )
    return Answer(view, headers=(("Content-Language", spoken),))


@room.route(
    "GET",
    "/v1/me/terms",
    access="member",
    summary="The terms of my club, and what will change",
    answers={200: TermsView},
)
def my_terms(call: Call[NoBody, NoBody]) -> Answer:
    """The terms in force and, from its notice date on, each version to come with what it changes,
    in the caller's language.
    """
    who = call.member
    found = service_changes.terms(who.program, who.rules, call.at)
    spoken = _spoken(found.in_force, call.reads)
    view = TermsView(
        program=who.program,
        language=spoken,
        in_force=TermsInForce(
            version=found.in_force.version, rules=found.in_force.rules.get(spoken)
        ),
        coming=[
            ComingTerms(
                version=row.number,
                rules=document.rules.get(spoken),
                effective_at=row.effective_at,
                changes=service_changes.sentences(before, document, spoken),
            )
            for row, document, before in found.coming
        ],
        rules_version=who.rules,
        rules_to_accept=found.to_accept,
    )
    return Answer(view, headers=(("Content-Language", spoken),))


def _spoken(found: Program, wished: str) -> Language:
    language = wished if wished in found.languages else found.languages[0]
    return next(known for known in LANGUAGES if known == language)
