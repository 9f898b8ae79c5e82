"""What the routes of programs take and give."""

from datetime import datetime
from typing import Annotated

import msgspec

from chalicelib.kernel.texts import Language
from chalicelib.programs.model import Forms, Kind, KindRules, Program


class ProgramView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What anyone may know of a program, in the caller's language."""

    id: str
    version: int
    name: str
    zone: str
    """IANA zone of the club's days."""
    currency: str
    """ISO 4217 code."""
    languages: tuple[Language, ...]
    unit: Forms
    """What points are called, with plural forms."""
    kinds: dict[Kind, KindRules]
    rules_public: bool
    rules: str | None = None
    """The terms; only where visitors may see them."""


class RulesView(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of one version."""

    program: str
    version: int
    language: Language
    """The language of the text: another than asked for where the club does not speak that."""
    rules: str


class DraftView(msgspec.Struct, frozen=True, kw_only=True):
    """The document that staff work on."""

    changed_at: datetime
    changed_by: str
    document: Program


class DraftProblem(msgspec.Struct, frozen=True):
    """One thing wrong with a draft."""

    pointer: str
    """JSON pointer into the document."""
    code: str
    detail: str


class CheckView(msgspec.Struct, frozen=True):
    """Whether the draft can be published to take effect now; every reason why not."""

    publishable: bool
    problems: list[DraftProblem]


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
    effective_at: datetime
    notice_at: datetime
    published_at: datetime
    published_by: str


class VersionDocument(VersionView, frozen=True, kw_only=True):
    """One published version with its document."""

    document: Program


class RulesQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which terms."""

    version: Annotated[
        int,
        msgspec.Meta(ge=0, le=999_999, description="Number of a version; 0: the one in force."),
    ] = 0
