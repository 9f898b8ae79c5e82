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
from chalicelib.staff import invitations, service_roles, store
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
from chalicelib.staff.model import MOST_PROGRAMS, Invitation, Person, Role, Roles


class Invited(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to invite, and for what."""

    email: str
    name: str
    language: Language
    roles: Roles


def find(program: str, staff: str) -> Person:
    """A person who works for the program, by a strong read; raises StaffUnknown."""
    found = store.read(staff, strong=True)
    if found is None or program not in found.grants:
        raise StaffUnknown
    return found


def people(program: str, query: PageQuery) -> Page[Person]:
    """Who works for a program, by id; raises ProgramUnknown."""
    require(program)
    found = page(
        query,
        f"{keys.staff_of(program)}#{store.OF_PROGRAM}",
        lambda after, limit: store.of_program(program, after, limit),
        store.staff_id,
    )
    known = store.people(found.rows)
    # Who was removed a moment ago, or is not copied everywhere yet, is left out.
    rows = [known[one] for one in found.rows if one in known and program in known[one].grants]
    return Page(rows, found.next)


def invite(
    acting: Acting, wanted: Invited, call: guards.Request, ids: Ids, stage: Settings
) -> Person:
    """Let somebody work for the program, and invite them by e-mail unless they sign in already.

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
            person = _joining(before, wanted.roles, acting)
            writes = store.changed(before, person)
            writes += service_roles.owners_counted(before, person)
        writes += store.added(acting.program, person.staff, render(acting.at))
        writes += service_roles.used(acting.program, [], roles)
        guards.remember(writes, pk, call, person.staff)
        change = Change(
            action="staff.invited",
            subject=subject(person.staff),
            after={"roles": person.grants[acting.program]},
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), person

    person = transact(decide)
    invitations.send(person, acting.program, stage, acting.at)
    return person


def set_roles(acting: Acting, staff: str, wanted: Roles) -> Person:
    """Give a person these roles in the program and no others; the same again changes nothing.

    Raises:
        StaffUnknown, LastOwner.
        InvalidFields: a role that the program does not have.
        RightsExceeded: the roles before or after hold rights that the caller lacks.
    """

    def decide(_: bool) -> tuple[Writes, Person]:
        before = find(acting.program, staff)
        had = service_roles.chosen(acting.program, before.grants[acting.program])
        roles = service_roles.chosen(acting.program, wanted)
        _refuse_beyond(acting, {"staff": staff}, [*had, *roles])
        grants = {**before.grants, acting.program: _in_order(wanted)}
        after = msgspec.structs.replace(before, grants=grants)
        if after == before:
            return Writes(), before
        writes = store.changed(before, after)
        writes += service_roles.used(acting.program, had, roles)
        writes += service_roles.owners_counted(before, after)
        change = Change(
            action="staff.roles_changed",
            subject=subject(staff),
            before={"roles": before.grants[acting.program]},
            after={"roles": grants[acting.program]},
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), after

    return transact(decide)


def remove(acting: Acting, staff: str, call: guards.Request) -> None:
    """Take a person off the program; who works for no other one is forgotten.

    Raises:
        StaffUnknown, RightsExceeded, LastOwner.
    """
    pk = keys.staff_of(acting.program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        before = find(acting.program, staff)
        had = service_roles.chosen(acting.program, before.grants[acting.program])
        _refuse_beyond(acting, {"staff": staff}, had)
        grants = {name: has for name, has in before.grants.items() if name != acting.program}
        after = msgspec.structs.replace(before, grants=grants)
        writes = store.changed(before, after) if grants else store.gone(before)
        writes += store.taken_off(acting.program, staff)
        writes += service_roles.used(acting.program, had, [])
        writes += service_roles.owners_counted(before, after)
        guards.remember(writes, pk, call, staff)
        change = Change(
            action="staff.removed",
            subject=subject(staff),
            before={"roles": before.grants[acting.program]},
            reason=acting.reason,
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), None

    transact(decide)


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


def _joining(before: Person, roles: Roles, acting: Acting) -> Person:
    """Somebody who is known on the platform, with roles in one program more."""
    if acting.program in before.grants:
        raise StaffExists
    if before.status == "blocked":
        raise StaffNotPossible(status=before.status)
    if len(before.grants) >= MOST_PROGRAMS:
        raise TooManyPrograms(most=MOST_PROGRAMS)
    invitation: Invitation = before.invitation
    if before.status == "invited":
        invitation = invitations.next_after(invitation, acting.at)
    grants = {**before.grants, acting.program: _in_order(roles)}
    return msgspec.structs.replace(before, grants=grants, invitation=invitation)


def _refuse_beyond(acting: Acting, path: dict[str, str], roles: list[Role]) -> None:
    for one in roles:
        refuse_beyond(acting, acting.program, {**path, "role": one.role}, one.rights)


def _in_order(roles: Roles) -> Roles:
    return tuple(sorted(set(roles)))
