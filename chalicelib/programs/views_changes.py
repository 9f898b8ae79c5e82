"""What comparing versions gives, as routes answer it."""

from typing import Any

import msgspec

from chalicelib.kernel.http.shapes import Instant
from chalicelib.programs.differences import Change, Effect, Kind
from chalicelib.programs.model import Program
from chalicelib.programs.service_changes import Compared
from chalicelib.programs.views import DraftProblem
from chalicelib.programs.words_changes import sentence


class ChangeView(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that changes."""

    pointer: str
    """JSON pointer into the later document; of what is removed, into the earlier one."""
    kind: Kind
    """Whether it is new, gone or other than before."""
    effect: Effect
    """What it means for members: `better` gives nobody less by what changes, `worse` nobody more,
    `neutral` is all the same to them, `unknown` depends."""
    sentence: str
    """The change in the reader's language."""
    before: Any
    """What stood there, as in the document; null: nothing."""
    after: Any
    """What is to stand there; null: nothing."""


class ChangesView(msgspec.Struct, frozen=True, kw_only=True):
    """What lies between two documents."""

    version: int
    """The later one: number of the version; 0: the draft."""
    against: int
    """The earlier one: number of the version; 0: there is none, and nothing to compare."""
    changes: list[ChangeView]
    """Everything in which they differ."""


class WarningView(msgspec.Struct, frozen=True):
    """Something that publishing does and its author may not have thought of."""

    code: str
    """Stable name of the warning; programs may decide by it."""
    detail: str
    """The warning in the reader's language."""
    inputs: dict[str, str]
    """The figures and names of the sentence."""


class PreviewView(ChangesView, frozen=True, kw_only=True):
    """What publishing the draft would do."""

    effective_at: Instant
    """From when it would judge; now, where the wished dates cannot be."""
    notice_at: Instant
    """From when members would read of it."""
    publishable: bool
    """Whether nothing is in the way."""
    problems: list[DraftProblem]
    """All that is, in the document or in the wish."""
    warnings: list[WarningView]
    """What is easily overlooked."""


def view(found: Compared, language: str) -> ChangesView:
    """A comparison in one language."""
    return ChangesView(
        version=found.after.version,
        against=found.before.version if found.before else 0,
        changes=rows(found, language),
    )


def rows(found: Compared, language: str) -> list[ChangeView]:
    """Its changes in one language."""
    if found.before is None:
        return []
    return [_row(one, found.before, found.after, language) for one in found.changes]


def _row(change: Change, before: Program, after: Program, language: str) -> ChangeView:
    return ChangeView(
        pointer=change.pointer,
        kind=change.kind,
        effect=change.effect,
        sentence=sentence(change, before, after, language),
        before=change.before,
        after=change.after,
    )
