"""HTTP: who of the staff did what, for those who may look into it."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.clock import parse
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.http.shapes import Moment, refuse_backwards
from chalicelib.kernel.table.pages import Cursor, Limit, Page
from chalicelib.programs.model import ProgramUnknown
from chalicelib.staff import audit_view
from chalicelib.staff.audit_view import RecordView, Wanted

room = Room(
    "audit",
    "Who of the staff did what to what, before and after, and why; and what somebody tried "
    "without the right to. A record is written with the change itself and never altered.",
)
PATH = "/v1/staff/programs/{program}/audit"
CLUB = {"program": "jewels"}


class Filters(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records; a parameter left out does not narrow them."""

    actor: Annotated[
        str, Meta(max_length=100, description="Who, as records name them: e.g. `staff:` and an id.")
    ] = ""
    action: Annotated[
        str,
        Meta(max_length=64, description="Name of an action or, with a dot at its end, of a group."),
    ] = ""
    subject: Annotated[
        str, Meta(max_length=300, description="A kind and an id, e.g. `tag:7K3M9QWX2B4D`.")
    ] = ""
    outcome: Annotated[
        Literal["", "done", "refused"],
        Meta(description="`refused`: tries without the right; empty: both."),
    ] = ""
    since: Annotated[Moment | None, Meta(description="From this instant on.")] = msgspec.field(
        default=None, name="from"
    )
    until: Annotated[Moment | None, Meta(description="Before this instant.")] = msgspec.field(
        default=None, name="to"
    )
    cursor: Cursor = ""

    def wanted(self, program: str) -> Wanted:
        """The same as a question about one program; raises InvalidQuery when it ends before it
        begins.
        """
        since = None if self.since is None else parse(self.since)
        until = None if self.until is None else parse(self.until)
        refuse_backwards(since, until)
        return Wanted(
            program=program,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            outcome=self.outcome,
            since=since,
            until=until,
        )


class AuditQuery(Filters, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records, and how many."""

    limit: Limit = 25


@room.route(
    "GET",
    PATH,
    access="staff:audit.read",
    summary="What staff did, newest first",
    query=AuditQuery,
    answers={200: Page[RecordView]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB, query={"action": "tag.", "outcome": "done"}),
)
def records(call: Call[NoBody, AuditQuery]) -> Answer:
    """A page can hold fewer rows than asked for and still have a `next`: what is rare is found by
    going on.
    """
    asked = call.query
    wanted = asked.wanted(call.path["program"])
    return Answer(audit_view.records(wanted, asked.cursor, asked.limit, call.language, call.at))


@room.route(
    "GET",
    PATH + "/export",
    access="staff:audit.read",
    summary="What staff did, as a file",
    query=Filters,
    answers={200: str},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB, query={"action": "tag."}),
    media_types=("text/csv",),
)
def export(call: Call[NoBody, Filters]) -> Answer:
    """At most 5,000 rows; where there may be more, the header `X-Next-Cursor` is the `cursor` of
    the next file.
    """
    wanted = call.query.wanted(call.path["program"])
    text, following = audit_view.export(wanted, call.query.cursor, call.language, call.at)
    fields = [("Content-Disposition", f'attachment; filename="{wanted.program}-audit.csv"')]
    if following:
        fields.append(("X-Next-Cursor", following))
    return Answer(text, headers=tuple(fields), media_type="text/csv; charset=utf-8")
