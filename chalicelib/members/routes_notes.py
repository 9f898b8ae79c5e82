"""HTTP: notes of staff about a member."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members import service_notes, store_notes
from chalicelib.members.errors import MemberUnknown, NoteUnknown, StatusNotPossible
from chalicelib.members.room import MEMBER, room
from chalicelib.members.service_notes import DeleteOrder, NoteOrder
from chalicelib.members.shapes_staff import NoteBody, NoteView
from chalicelib.members.views_staff import note_view

PATH = "/v1/staff/programs/{program}/members/{member}/notes"


@room.route(
    "POST",
    PATH,
    access="staff:members.note",
    summary="Write a note about a member",
    body=NoteBody,
    answers={201: NoteView},
    refuses=(MemberUnknown, StatusNotPossible, NoteUnknown),
    example=Example(
        body={"text": "Asks for the ring in another size.", "topic": "complaint"}, path=MEMBER.path
    ),
    guarded=True,
)
def write_note(call: Call[NoteBody, NoBody]) -> Answer:
    """For staff; the member sees it in the export of their data, and erasure deletes it."""
    order = NoteOrder(
        program=call.path["program"],
        member=call.path["member"],
        topic=call.body.topic,
        text=call.body.text,
        author=call.principal,
        at=call.at,
    )
    written = service_notes.write(order, call.ids, call.guard())
    return Answer(note_view(written, call.language), 201)


@room.route(
    "GET",
    PATH,
    access="staff:members.read",
    summary="Notes about a member, newest first",
    query=PageQuery,
    answers={200: Page[NoteView]},
    refuses=(MemberUnknown,),
    example=MEMBER,
)
def list_notes(call: Call[NoBody, PageQuery]) -> Answer:
    """What staff wrote down."""
    program, member = call.path["program"], call.path["member"]
    service_notes.require(program, member)
    return Answer(
        page(
            call.query,
            keys.member(program, member) + "#NOTE",
            lambda after, limit: store_notes.newest(program, member, after, limit),
            lambda item: note_view(store_notes.from_item(item), call.language),
        )
    )


@room.route(
    "DELETE",
    PATH + "/{note}",
    access="staff:members.note",
    summary="Delete a note",
    answers={204: None},
    refuses=(MemberUnknown, NoteUnknown),
    example=Example(path={**MEMBER.path, "note": "01k2m3n4p5q6r7s8t9v2"}),
    guarded=True,
)
def delete_note(call: Call[NoBody, NoBody]) -> Answer:
    """Its words are gone; that it was there, and who deleted it, stays in journal and audit."""
    order = DeleteOrder(
        program=call.path["program"],
        member=call.path["member"],
        note=call.path["note"],
        actor=call.principal,
        at=call.at,
    )
    service_notes.delete(order, call.guard())
    return Answer(None, 204)
