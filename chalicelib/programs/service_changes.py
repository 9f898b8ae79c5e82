"""What changes between two versions, in words, for staff and for members."""

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import parse
from chalicelib.programs import service, store
from chalicelib.programs.differences import Change, for_members
from chalicelib.programs.differences_program import changes
from chalicelib.programs.model import Program
from chalicelib.programs.schedule import Scheduled
from chalicelib.programs.service_drafts import read_draft
from chalicelib.programs.words import Words
from chalicelib.programs.words_changes import sentence


class Compared(msgspec.Struct, frozen=True):
    """Two documents and what lies between them."""

    before: Program | None
    """None: there is nothing to compare with."""
    after: Program
    changes: tuple[Change, ...]


def compared(before: Program | None, after: Program) -> Compared:
    """What changes from one document to another; from nothing nothing does."""
    return Compared(before, after, changes(before, after) if before else ())


def of_draft(program_id: str, against: int) -> Compared:
    """The draft against a version; 0: the newest.

    Raises:
        ProgramUnknown, VersionUnknown.
    """
    draft = store.unpack(read_draft(program_id).document)
    if not against:
        return compared(store.newest(program_id), draft)
    return compared(service.version(program_id, against), draft)


def of_version(program_id: str, number: int) -> Compared:
    """A version against the one before it that was not withdrawn.

    Raises:
        VersionUnknown.
    """
    after = service.version(program_id, number)
    before = store.before_number(program_id, number)
    return compared(store.unpack(before.document) if before else None, after)


def told(program_id: str, base: int, number: int, language: str) -> list[str]:
    """What a version changes for members, as sentences."""
    return sentences(
        service.version(program_id, base), service.version(program_id, number), language
    )


def sentences(before: Program, after: Program, language: str) -> list[str]:
    """What changes for members, as sentences."""
    found = for_members(changes(before, after))
    return [sentence(one, before, after, language) for one in found]


def same_terms(one: Program, other: Program) -> bool:
    """Whether nothing differs that is a member's business."""
    return not for_members(changes(one, other))


def day(program: Program, at: str, language: str) -> str:
    """An instant as people of the program say it."""
    return Words(program, language).instant(parse(at))


class KnownTerms(msgspec.Struct, frozen=True):
    """What a member may know: the terms in force and those to come."""

    in_force: Program
    coming: list[tuple[Scheduled, Program, Program]]
    """Each with the version that it takes over from."""
    to_accept: int | None
    """The version that the member is asked to accept."""


def terms(program_id: str, accepted: int, at: datetime) -> KnownTerms:
    """The terms for a member who accepted a version last (0: none yet)."""
    current = service.in_force(program_id, at)
    found, before = [], current
    for row in service.coming(program_id, at):
        document = service.version(program_id, row.number)
        found.append((row, document, before))
        before = document
    return KnownTerms(current, found, to_accept(program_id, accepted, at))


def to_accept(program_id: str, accepted: int, at: datetime) -> int | None:
    """The version that a member is asked to accept; None: the accepted one will do.

    Who has accepted none is asked to; who has is asked again where the version in force says so
    and has other terms.
    """
    current = service.in_force(program_id, at)
    if accepted == 0:
        return current.version
    if accepted == current.version or current.terms.acceptance == "continue":
        return None
    return None if same_terms(service.version(program_id, accepted), current) else current.version
