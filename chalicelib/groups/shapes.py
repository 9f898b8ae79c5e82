"""Bodies and answers of this room."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.files.model import EvidenceType, FileId
from chalicelib.files.routes import UploadForm
from chalicelib.groups.model import State
from chalicelib.kernel.http.shapes import CalendarDay, Day, Instant
from chalicelib.programs.values import Slug


class ApplyBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An application."""

    group: Annotated[Slug, Meta(description="Id of a group of the program.")]
    evidence: Annotated[
        str,
        Meta(
            min_length=3,
            max_length=500,
            pattern=r"\S",
            description="How staff can check it, e.g. school and number of the card; deleted "
            "when it is decided.",
        ),
    ]
    files: Annotated[
        list[FileId],
        Meta(
            max_length=3, description="Uploaded pictures or pages that show it; deleted then too."
        ),
    ] = []


class NewEvidence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture or a page that is going to be uploaded."""

    media_type: EvidenceType
    """What it is."""
    size: Annotated[int, Meta(ge=1, le=5_000_000, description="Its size in bytes, at most 5 MB.")]


class NewEvidenceView(msgspec.Struct, frozen=True, kw_only=True):
    """Where to upload it."""

    file: str
    """Id to name in the application."""
    upload: UploadForm
    """The form for it; the same request again gives a fresh one."""


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """A file by which an application can be checked."""

    file: str
    """Its id."""
    media_type: EvidenceType
    """What it is."""
    size: int
    """Bytes."""
    url: str
    """Where it can be downloaded."""


class Proofs(msgspec.Struct, frozen=True, kw_only=True):
    """The files of one application."""

    files: list[Proof]
    """In the member's order; none once it is decided."""
    good_for_s: int
    """Seconds from now for which the addresses hold."""


class DecisionBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff decide."""

    approve: Annotated[bool, Meta(description="Whether the member belongs to the group.")]
    until: CalendarDay | None = None
    """Last local day on which the proof holds; null: as long as the program lets it."""
    reason: Annotated[str, Meta(min_length=3, max_length=500)]
    """Why; a refused member reads it."""


class GroupStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A group, and how the member stands with it."""

    group: str
    """Its id, by which rules ask for it."""
    name: str
    """What it is called, in the reader's language."""
    evidence: str
    """What has to be told to prove it, in the reader's language."""
    member: bool
    """Whether the member is in it today."""
    until: Day | None
    """Last local day of the last proof; null: there is none, or it does not end."""
    application: State | None
    """What became of the last application; null: there is none."""
    reason: str | None
    """Why it was refused, in the words of staff; null: it was not."""


class Groups(msgspec.Struct, frozen=True, kw_only=True):
    """The groups that members can apply for."""

    groups: list[GroupStanding]
    """In the order of the program's document."""


class ApplicationView(msgspec.Struct, frozen=True, kw_only=True):
    """An application as staff see it."""

    member: str
    """Id of the member."""
    group: str
    """Id of the group."""
    at: Instant
    """When it was made."""
    state: State
    """What became of it."""
    evidence: str | None
    """How it can be checked, in the member's words; null: it is decided."""
    decided_at: Instant | None
    """When it was decided; null: it waits."""
