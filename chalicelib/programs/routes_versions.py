"""HTTP: publishing, reading, comparing and withdrawing versions."""

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs import (
    service,
    service_changes,
    service_versions,
    service_withdrawal,
    store,
    views_changes,
)
from chalicelib.programs.model import (
    BaseVersionStale,
    DraftInvalid,
    EffectiveOutOfRange,
    NoticeOutOfOrder,
    OvertakesUnannounced,
    OwnDraft,
    ProgramUnknown,
    VersionInForce,
    VersionUnknown,
    WithdrawalLoosens,
)
from chalicelib.programs.room import CLUB, VERSION, room
from chalicelib.programs.views import PublishBody, VersionDocument, VersionView
from chalicelib.programs.views_changes import ChangesView


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
        OvertakesUnannounced,
        IdempotencyKeyReused,
    ),
    example=Example(path={"program": "jewels"}, body={"effective_at": "2099-01-01T00:00:00Z"}),
    guarded=True,
)
def publish_version(call: Call[PublishBody, NoBody]) -> Answer:
    """The draft becomes a version for good, in force from its effective date. One that loosens
    `approvals` must be published by somebody else than who set them so.
    """
    plan = service_versions.Plan(
        effective_at=call.body.effective_at,
        notice_at=call.body.notice_at,
        base_version=call.body.base_version,
    )
    item = service_versions.publish(
        call.path["program"], plan, call.principal, call.guard(), call.at
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
    item = service_versions.read_version(call.path["program"], _number(call.path["version"]))
    return Answer(
        VersionDocument(
            version=item.number,
            effective_at=item.effective_at,
            notice_at=item.notice_at,
            published_at=item.published_at,
            published_by=item.published_by,
            withdrawn_at=item.withdrawn_at or None,
            document=store.unpack(item.document),
        )
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/versions/{version}/changes",
    access="staff:programs.read",
    summary="What a version changes, in words",
    answers={200: ChangesView},
    refuses=(VersionUnknown,),
    example=VERSION,
)
def version_changes(call: Call[NoBody, NoBody]) -> Answer:
    """Against the one before that was not withdrawn; a first version changes nothing."""
    found = service_changes.of_version(call.path["program"], _number(call.path["version"]))
    return Answer(views_changes.view(found, call.language))


@room.route(
    "DELETE",
    "/v1/staff/programs/{program}/versions/{version}",
    access="staff:programs.publish",
    summary="Withdraw a version before it is in force",
    answers={200: VersionView},
    refuses=(VersionUnknown, VersionInForce, WithdrawalLoosens),
    example=VERSION,
)
def withdraw_version(call: Call[NoBody, NoBody]) -> Answer:
    """An announced version will not come; members who were told of it are told. Not in the last
    minute before its effective date. It stays readable, and its number is not given again.
    """
    number = _number(call.path["version"])
    item = service_withdrawal.withdraw(call.path["program"], number, call.principal, call.at)
    return Answer(_version(item))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise VersionUnknown
    return int(text)


def _version(item: store.VersionItem) -> VersionView:
    return VersionView(
        version=item.number,
        effective_at=item.effective_at,
        notice_at=item.notice_at,
        published_at=item.published_at,
        published_by=item.published_by,
        withdrawn_at=item.withdrawn_at or None,
    )
