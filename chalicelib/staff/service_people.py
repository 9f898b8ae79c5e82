"""Who works for a program: inviting people, their roles, removing them."""

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.kernel.texts import Language
from chalicelib.messages import addresses
from chalicelib.programs.service import require
from chalicelib.staff import invitations, model, service_roles, store
from chalicelib.staff.acting import (
    Acting,
    Change,
    noted,
    refuse_beyond,
    subject,
)
from chalicelib.staff.errors import (
    StaffExists,
    StaffNotPossible,
    StaffUnknown,
    TooManyPrograms,
)
from chalicelib.staff.model import MOST_PROGRAMS, Invitation, Pending, Person, Role, Roles


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to invite, and for what."""

    email: str
    name: str
    language: Language
    roles: Roles


def find(program: str, staff: str) -> Person:
    """A person who works for the program or is invited to; raises StaffUnknown. A strong read."""
    found = store.read(staff, strong=True)
    if found is None or model.roles_in(found, program) is None:
        raise StaffUnknown
    return found


def people(program: str, query: PageQuery) -> Page[Person]:
    """Who works for a program or is invited to, by id; raises ProgramUnknown."""
    require(program)
    found = page(
        query,
        f"{keys.staff_of(program)}#{store.OF_PROGRAM}",
        lambda after, limit: store.of_program(program, after, limit),
        store.staff_id,
    )
    known = store.people(found.rows)
    # Who was removed a moment ago, or is not copied everywhere yet, is left out.
    there = [known[one] for one in found.rows if one in known]
    return Page([one for one in there if model.roles_in(one, program) is not None], found.next)


def invite(
    acting: Acting, wanted: Invited, call: guards.Request, ids: Ids, stage: Settings
) -> Person:
    """Invite somebody by e-mail to work for the program.

    Whoever is new enrols, and works for it. Who is known on the platform has to accept first, once
    they are signed in.

    Raises:
        ProgramUnknown, StaffExists, TooManyPrograms, RightsExceeded, MessageNotSent.
        InvalidFields: no e-mail address, or a role that the program does not have.
        StaffNotPossible: the person is blocked.
    """
    email = addresses.email(wanted.email, pointer="/email")
    require(acting.program)
    new, pk = ids.new(), keys.staff_of(acting.program)

    def decide(_: bool) -> tuple[Writes, Person]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), find(acting.program, done)
        roles = service_roles.chosen(acting.program, wanted.roles)
        _refuse_beyond(acting, {}, roles)
        known = store.owner(email)
        before = None if known is None else store.read(known, strong=True)
        if before is None:
            person = _new(new, email, wanted, acting)
            writes = store.created(person)
        else:
            person = _asked(before, wanted, new, acting)
            writes = store.changed(before, person)
        writes += store.added(acting.program, person.staff, render(acting.at))
        writes += service_roles.used(acting.program, [], roles)
        guards.remember(writes, pk, call, person.staff)
        change = Change(
            action="staff.invited",
            subject=subject(person.staff),
            after={"roles": _in_order(wanted.roles)},
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), person

    person = transact(decide)
    invitations.send(person, acting.program, stage, acting.at)
    return person


def set_roles(acting: Acting, staff: str, wanted: Roles) -> Person:
    """Give a person these roles in the program and no others; the same again changes nothing.

    Who has not accepted the invitation to it yet is invited to these.

    Raises:
        StaffUnknown, LastOwner.
        InvalidFields: a role that the program does not have.
        RightsExceeded: the roles before or after hold rights that the caller lacks.
    """

    def decide(_: bool) -> tuple[Writes, Person]:
        before = find(acting.program, staff)
        had_ids = model.roles_in(before, acting.program) or ()
        had = service_roles.chosen(acting.program, had_ids)
        roles = service_roles.chosen(acting.program, wanted)
        _refuse_beyond(acting, {"staff": staff}, [*had, *roles])
        after = model.with_roles(before, acting.program, _in_order(wanted))
        if after == before:
            return Writes(), before
        writes = store.changed(before, after)
        writes += service_roles.used(acting.program, had, roles)
        writes += service_roles.owners_counted(before, after)
        change = Change(
            action="staff.roles_changed",
            subject=subject(staff),
            before={"roles": had_ids},
            after={"roles": _in_order(wanted)},
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), after

    return transact(decide)


def remove(acting: Acting, staff: str, call: guards.Request) -> None:
    """Take a person off the program, or withdraw their invitation to it.

    Who works for no other one and is invited to none is forgotten.

    Raises:
        StaffUnknown, RightsExceeded, LastOwner.
    """
    pk = keys.staff_of(acting.program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        before = find(acting.program, staff)
        had = service_roles.chosen(acting.program, model.roles_in(before, acting.program) or ())
        _refuse_beyond(acting, {"staff": staff}, had)
        writes = left(before, acting.program, had)
        guards.remember(writes, pk, call, staff)
        waits = acting.program in before.pending
        change = Change(
            action="staff.invitation_withdrawn" if waits else "staff.removed",
            subject=subject(staff),
            before={"roles": model.roles_in(before, acting.program)},
            reason=acting.reason,
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), None

    transact(decide)


def left(before: Person, program: str, had: list[Role]) -> Writes:
    """A person leaves a program, or will not come to it: they ``had`` these roles or were to have
    them. Raises LastOwner.
    """
    after = model.without(before, program)
    stays = after.grants or after.pending
    writes = store.changed(before, after) if stays else store.gone(before)
    writes += store.taken_off(program, before.staff)
    writes += service_roles.used(program, had, [])
    writes += service_roles.owners_counted(before, after)
    return writes


def _new(staff: str, email: str, wanted: Invited, acting: Acting) -> Person:
    return Person(
        staff=staff,
        name=wanted.name,
        email=email,
        language=wanted.language,
        status="invited",
        version=1,
        grants={acting.program: _in_order(wanted.roles)},
        invitation=invitations.next_after(None, acting.at),
    )


def _asked(before: Person, wanted: Invited, pending: str, acting: Acting) -> Person:
    """Somebody who is known on the platform, invited to one program more."""
    if model.roles_in(before, acting.program) is not None:
        raise StaffExists
    if before.status == "blocked":
        raise StaffNotPossible(status=before.status)
    if len(before.grants) + len(before.pending) >= MOST_PROGRAMS:
        raise TooManyPrograms(most=MOST_PROGRAMS)
    invitation: Invitation = before.invitation
    if before.status == "invited":  # whoever never enrolled must do so first
        invitation = invitations.next_after(invitation, acting.at)
    asked = Pending(
        pending=pending, roles=_in_order(wanted.roles), name=wanted.name, at=render(acting.at)
    )
    waiting = {**before.pending, acting.program: asked}
    return msgspec.structs.replace(before, pending=waiting, invitation=invitation)


def _refuse_beyond(acting: Acting, path: dict[str, str], roles: list[Role]) -> None:
    for one in roles:
        refuse_beyond(acting, acting.program, {**path, "role": one.role}, one.rights)


def _in_order(roles: Roles) -> Roles:
    return tuple(sorted(set(roles)))
