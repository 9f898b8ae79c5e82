"""HTTP: how staff upload files."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.files import errors, service
from chalicelib.files.model import UPLOAD_S, MediaType, Purpose, StaffPurpose, State
from chalicelib.files.service import Announcement, Order
from chalicelib.files.store import FileItem
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.settings import Settings

PATH = "/v1/staff/programs/{program}/files"
FILE = {"program": "jewels", "file": "2h7k9m3q5t8w0c4x9k2m"}

room = Room(
    "files",
    "Files go straight to object storage: announce one, post it with the form that is answered, "
    "then complete it. Only then is its content checked and the file of any use. Images are served "
    "to anybody who knows their address; lists and imports to nobody.",
)


class NewFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file that is going to be uploaded."""

    purpose: StaffPurpose
    """`reward-image`: PNG, JPEG or WebP up to 2 MB; `list`: CSV in UTF-8 up to 5 MB; `import`: CSV
    or NDJSON in UTF-8 up to 200 MB, deleted after two weeks.
    """
    media_type: MediaType
    """What the file is."""
    size: Annotated[int, Meta(ge=1, le=1_000_000_000, description="Its size in bytes.")]
    name: Annotated[str, Meta(max_length=120, description="What staff call it; may be empty.")] = ""


class FileView(msgspec.Struct, frozen=True, kw_only=True):
    """A file as staff see it."""

    file: str
    """Id of the file."""
    purpose: Purpose
    """What it is for."""
    media_type: MediaType
    """What it is."""
    size: int
    """Bytes: as announced, then as found."""
    name: str
    """What staff call it."""
    state: State
    """`awaiting` its upload and check, or `ready`."""
    in_use: bool
    """Whether something shows or needs it; such a file cannot be deleted."""
    url: str | None
    """Where a ready image is served; null: nowhere."""
    created_at: Instant
    """When it was announced."""


class UploadForm(msgspec.Struct, frozen=True, kw_only=True):
    """What to post as `multipart/form-data`: the fields in any order, and `file` as the last."""

    url: str
    """Where to."""
    fields: dict[str, str]
    """Every field but `file`, unchanged."""
    good_for_s: int
    """Seconds from now for which the form is taken."""


class NewFileView(FileView, frozen=True, kw_only=True):
    """A new file and how to upload it."""

    upload: UploadForm
    """The form for it; the same request again gives a fresh one."""


@room.route(
    "POST",
    PATH,
    access="staff:files.write",
    summary="Announce a file",
    body=NewFile,
    answers={201: NewFileView},
    refuses=(errors.FileUnknown,),
    example=Example(
        body={
            "purpose": "reward-image",
            "media_type": "image/png",
            "size": 48_213,
            "name": "Ring box, front",
        },
        path={"program": "jewels"},
    ),
    guarded=True,
)
def announce(call: Call[NewFile, NoBody]) -> Answer:
    """Answers the form to upload it with, good for a quarter of an hour."""
    body = call.body
    wish = Announcement(
        program=call.path["program"],
        purpose=body.purpose,
        media_type=body.media_type,
        size=body.size,
        name=body.name,
        actor=call.principal,
        at=call.at,
    )
    item = service.announce(wish, call.guard(), call.ids)
    upload = upload_form(item, call.settings)
    shown = msgspec.structs.asdict(_view(item, call.settings))
    return Answer(NewFileView(**shown, upload=upload), 201)


@room.route(
    "POST",
    PATH + "/{file}/completion",
    access="staff:files.write",
    summary="Check an uploaded file",
    answers={200: FileView},
    refuses=(
        errors.FileUnknown,
        errors.FileMissing,
        errors.FileTooLarge,
        errors.WrongFileType,
    ),
    example=Example(path=FILE),
)
def complete(call: Call[NoBody, NoBody]) -> Answer:
    """What is good becomes ready, for good; what is not can be uploaded again."""
    return Answer(_view(service.complete(_order(call), call.settings), call.settings))


@room.route(
    "GET",
    PATH + "/{file}",
    access="staff:files.read",
    summary="A file",
    answers={200: FileView},
    refuses=(errors.FileUnknown,),
    example=Example(path=FILE),
)
def file(call: Call[NoBody, NoBody]) -> Answer:
    """What is known of it."""
    return Answer(_view(service.read(call.path["program"], call.path["file"]), call.settings))


@room.route(
    "DELETE",
    PATH + "/{file}",
    access="staff:files.write",
    summary="Delete a file",
    answers={204: None},
    refuses=(errors.FileUnknown, errors.FileInUse),
    example=Example(path=FILE),
)
def delete(call: Call[NoBody, NoBody]) -> Answer:
    """Only what nothing uses can go."""
    service.delete(_order(call), call.settings)
    return Answer(None, 204)


def upload_form(item: FileItem, stage: Settings) -> UploadForm:
    """How to upload a file that was announced."""
    form = service.form(item, stage)
    return UploadForm(url=form.url, fields=form.fields, good_for_s=UPLOAD_S)


def _order(call: Call[NoBody, NoBody]) -> Order:
    return Order(call.path["program"], call.path["file"], call.principal, call.at)


def _view(item: FileItem, stage: Settings) -> FileView:
    shown = item.state == "ready" and item.purpose == "reward-image"
    return FileView(
        file=item.file,
        purpose=item.kind,
        media_type=item.type,
        size=item.size,
        name=item.name,
        state=msgspec.convert(item.state, State),
        in_use=item.uses > 0,
        url=service.address(stage, item.program, item.file) if shown else None,
        created_at=item.created_at,
    )
