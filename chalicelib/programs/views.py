"""What the routes of programs take and give."""

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.texts import Language
from chalicelib.programs.model import Forms, Kind, KindRules, Program


class ProgramView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What anyone may know of a program, in the caller's language."""

    id: str
    """Id of the program (club)."""
    version: int
    """Number of the version in force."""
    name: str
    """What the club is called."""
    zone: str
    """IANA zone of the club's days."""
    currency: str
    """ISO 4217 code."""
    languages: tuple[Language, ...]
    """The languages it speaks, the main one first."""
    unit: Forms
    """What points are called, with plural forms."""
    kinds: dict[Kind, KindRules]
    """The kinds of member that can join, and how."""
    rules_public: bool
    """Whether visitors see the terms; else only who has signed in."""
    rules: str | None = None
    """The terms; only where visitors may see them."""


class RulesView(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of one version."""

    program: str
    """Id of the program (club)."""
    version: int
    """Number of the version."""
    language: Language
    """The language of the text: another than asked for where the club does not speak that."""
    rules: str
    """The terms."""


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """The document that staff work on."""

    changed_at: Instant
    """When it was changed last."""
    changed_by: str
    """By whom: `staff:…` or `operator:…`."""
    document: Program
    """The draft itself."""


class DraftProblem(msgspec.Struct, frozen=True):
    """One thing wrong with a draft."""

    pointer: str
    """JSON pointer into the document."""
    code: str
    """Stable name of the fault; programs may decide by it."""
    detail: str
    """A sentence for people about this place."""


class CheckView(msgspec.Struct, frozen=True):
    """Whether the draft can be published to take effect now; every reason why not."""

    publishable: bool
    """Whether nothing is in the way."""
    problems: list[DraftProblem]
    """All that is."""


Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class PublishBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the draft takes effect."""

    effective_at: Annotated[
        Moment,
        msgspec.Meta(description="From when it judges; in the past for a first version only."),
    ]
    notice_at: Annotated[
        Moment | None,
        msgspec.Meta(description="From when members can read it; at once if missing."),
    ] = None
    base_version: Annotated[
        Annotated[int, msgspec.Meta(ge=0, le=999_999)] | None,
        msgspec.Meta(description="Publish only if this is still the newest version (0: none)."),
    ] = None


class VersionView(msgspec.Struct, frozen=True, kw_only=True):
    """One published version."""

    version: int
    """Its number; versions are numbered from 1."""
    effective_at: Instant
    """From when it judges."""
    notice_at: Instant
    """From when members can read it."""
    published_at: Instant
    """When it was published."""
    published_by: str
    """By whom: `staff:…` or `operator:…`."""
    withdrawn_at: Instant | None
    """When it was withdrawn, before it was in force; null: it stands."""


class VersionDocument(VersionView, frozen=True, kw_only=True):
    """One published version with its document."""

    document: Program
    """The document as published."""


class TermsInForce(msgspec.Struct, frozen=True, kw_only=True):
    """The terms that hold now."""

    version: int
    """Number of the version."""
    rules: str
    """The terms."""


class ComingTerms(TermsInForce, frozen=True, kw_only=True):
    """An announced version."""

    effective_at: Instant
    """From when it holds."""
    changes: list[str]
    """What it changes, a sentence each, against the version that holds before it."""


class TermsView(msgspec.Struct, frozen=True, kw_only=True):
    """A club's terms as a member reads them."""

    program: str
    """Id of the program (club)."""
    language: Language
    """The language of the texts: another than asked for where the club does not speak that."""
    in_force: TermsInForce
    """What holds now."""
    coming: list[ComingTerms]
    """What was announced and is still to come, the first to come first."""
    rules_version: int
    """The version that the caller accepted last; 0: none yet."""
    rules_to_accept: int | None
    """The version that the caller is asked to accept, at `/v1/me/consents/rules`; null: none."""


class RulesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which terms."""

    version: Annotated[
        int,
        msgspec.Meta(ge=0, le=999_999, description="Number of a version; 0: the one in force."),
    ] = 0
