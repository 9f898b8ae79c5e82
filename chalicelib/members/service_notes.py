"""What staff write down about a member: on the hotline, about a complaint or their data (AB-2)."""

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store, store_notes
from chalicelib.members.errors import MemberUnknown, NoteUnknown, StatusNotPossible
from chalicelib.members.model import Happened, Member, Note, Topic


class NoteOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody of the staff wants to be written down."""

    program: str
    member: str
    topic: Topic
    text: str
    line: str = ""
    author: str
    at: datetime


class DeleteOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Which note is to go, and by whom."""

    program: str
    member: str
    note: str
    actor: str
    at: datetime


def write(order: NoteOrder, ids: Ids, call: guards.Request) -> Note:
    """Write a note; the same call again answers the same note.

    Raises:
        MemberUnknown, StatusNotPossible: the member is erased; NoteUnknown: this very call wrote a
        note that was deleted since.
    """
    pk = keys.member(order.program, order.member)
    new_id = in_time_order(order.at, ids.new())

    def decide(_: bool) -> tuple[Writes, Note]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), read(order.program, order.member, done)
        writes, note = written(order, new_id)
        guards.remember(writes, pk, call, note.note)
        return writes, note

    return transact(decide)


def written(order: NoteOrder, note_id: str) -> tuple[Writes, Note]:
    """A new note with its record, to commit with its cause.

    Raises:
        MemberUnknown, StatusNotPossible: the member is erased.
    """
    member = _member(order.program, order.member)
    if member.status == "erased":
        raise StatusNotPossible(status=member.status)
    note = Note(
        note=note_id,
        at=render(order.at),
        author=order.author,
        topic=order.topic,
        text=order.text,
        line=order.line,
    )
    writes = store_notes.written(order.program, order.member, note)
    writes += store.staying(member)
    act = audit.Act(
        program=order.program,
        actor=order.author,
        action="member.noted",
        subject=audit.subject(member=order.member, note=note_id),
        at=order.at,
        after={"topic": order.topic},
    )
    return audit.note(writes, act), note


def read(program: str, member: str, note_id: str) -> Note:
    """One note; raises NoteUnknown."""
    found = store_notes.note(program, member, note_id)
    if found is None:
        raise NoteUnknown
    return found


def delete(order: DeleteOrder, call: guards.Request) -> None:
    """Remove a note for good; the member's journal keeps that it was there, and none of its words.

    Raises:
        MemberUnknown, NoteUnknown.
    """
    pk = keys.member(order.program, order.member)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        member = _member(order.program, order.member)
        note = read(order.program, order.member, order.note)
        told: dict[str, str] = {"note": note.note, "topic": note.topic, "author": note.author}
        writes = store.changed(
            member, Happened("member.note_deleted", order.at, order.actor, {**told})
        )
        writes += store_notes.deleted(order.program, order.member, note.note)
        guards.remember(writes, pk, call, note.note)
        act = audit.Act(
            program=order.program,
            actor=order.actor,
            action="member.note_deleted",
            subject=audit.subject(member=order.member, note=note.note),
            at=order.at,
            before={"topic": note.topic, "author": note.author},
        )
        return audit.note(writes, act), None

    transact(decide)


def require(program: str, member: str) -> None:
    """Refuse unless there is such a member; raises MemberUnknown."""
    _member(program, member)


def _member(program: str, member: str) -> Member:
    found = store.read(program, member, strong=True)
    if found is None:
        raise MemberUnknown
    return found
