"""Roles: the given ones, and those that a program makes for itself."""

import re

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.parameters import SLUG
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.model import Texts
from chalicelib.programs.service import require
from chalicelib.staff import model, store_roles
from chalicelib.staff.acting import Acting, Change, noted, refuse_beyond
from chalicelib.staff.errors import RoleGiven, RoleInUse, StaffRoleUnknown, TooManyRoles
from chalicelib.staff.model import MOST_OWN_ROLES, Person, Role
from chalicelib.staff.rights import GIVEN, RIGHTS, listed

_ROLE = re.compile(SLUG)


def roles(program: str) -> list[Role]:
    """Every role of a program, the given ones first; raises ProgramUnknown."""
    require(program)
    given = [Role(role=role, rights=rights) for role, rights in GIVEN.items()]
    return [*given, *store_roles.own_roles(program)]


def find(program: str, role_id: str) -> Role:
    """One role; raises StaffRoleUnknown."""
    found = store_roles.role(program, role_id)
    if found is None:
        raise StaffRoleUnknown
    return found


def write(acting: Acting, role_id: str, name: Texts, rights: tuple[str, ...]) -> Role:
    """Make or change a role of the program's own; the same again changes nothing.

    Raises:
        ProgramUnknown, RoleGiven, TooManyRoles.
        StaffRoleUnknown: no role can have such an id.
        InvalidFields: there is no such right, or no name.
        RightsExceeded: the role has, or would have, rights that the caller lacks.
    """
    if not _ROLE.search(role_id):
        raise StaffRoleUnknown
    if role_id in GIVEN:
        raise RoleGiven
    require(acting.program)
    wanted = Role(role=role_id, name=name, rights=_checked(name, rights))

    def decide(_: bool) -> tuple[Writes, Role]:
        before = store_roles.role(acting.program, role_id)
        had = () if before is None else before.rights
        refuse_beyond(acting, acting.program, {"role": role_id}, (*wanted.rights, *had))
        if before is not None and (before.name, before.rights) == (name, wanted.rights):
            return Writes(), before
        if before is None and len(list(store_roles.own_roles(acting.program))) >= MOST_OWN_ROLES:
            raise TooManyRoles(most=MOST_OWN_ROLES)
        writes = store_roles.written(
            acting.program, wanted, name, before, acting.actor, render(acting.at)
        )
        was, now = audit.changed({} if before is None else _told(before), _told(wanted))
        change = Change(
            action="role.added" if before is None else "role.changed",
            subject=f"role:{role_id}",
            before=was,
            after=now,
        )
        return noted(writes, [acting.program], acting.actor, change, acting.at), wanted

    return transact(decide)


def delete(acting: Acting, role_id: str, call: guards.Request) -> None:
    """Delete an own role that nobody has.

    Raises:
        StaffRoleUnknown, RoleGiven, RoleInUse.
        RightsExceeded: the role has rights that the caller lacks.
    """
    if role_id in GIVEN:
        raise RoleGiven
    pk = keys.staff_of(acting.program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        role = find(acting.program, role_id)
        refuse_beyond(acting, acting.program, {"role": role_id}, role.rights)
        if role.uses:
            raise RoleInUse(uses=role.uses)
        writes = store_roles.deleted(acting.program, role)
        guards.remember(writes, pk, call, role_id)
        change = Change(action="role.deleted", subject=f"role:{role_id}", before=_told(role))
        return noted(writes, [acting.program], acting.actor, change, acting.at), None

    transact(decide)


def chosen(program: str, wanted: tuple[str, ...]) -> list[Role]:
    """The roles of these ids; raises InvalidFields, naming those that the program does not have."""
    found = [store_roles.role(program, role_id) for role_id in wanted]
    unknown = [
        FieldError(f"/roles/{place}", "not_one_of")
        for place, role in enumerate(found)
        if role is None
    ]
    if unknown:
        raise InvalidFields(fields=tuple(unknown))
    return [role for role in found if role is not None]


def rights_of(program: str, role_ids: tuple[str, ...]) -> tuple[str, ...]:
    """All rights that these roles give, by strong reads of the program's own ones."""
    found = [store_roles.role(program, role_id) for role_id in role_ids]
    return tuple(dict.fromkeys(right for role in found if role for right in role.rights))


def used(program: str, before: list[Role], after: list[Role]) -> Writes:
    """Count the uses of the roles that come and go, each at the rights that were checked."""
    had, has = {one.role: one for one in before}, {one.role: one for one in after}
    writes = Writes()
    for role_id in sorted(had.keys() ^ has.keys()):
        if role_id in has:
            writes += store_roles.used(program, has[role_id], 1)
        else:
            writes += store_roles.used(program, had[role_id], -1)
    return writes


def owners_counted(before: Person, after: Person) -> Writes:
    """Keep the number of owners of every program that the change has to do with.

    Raises:
        LastOwner: a program would be left without one.
    """
    writes = Writes()
    for program in sorted({*before.grants, *after.grants}):
        if model.counts_as_owner(before, after, program):
            active = store_roles.active_owners(program)
            left = model.owners_after(active, before, after, program)
            writes += store_roles.owners_counted(program, active, left)
    return writes


def _told(role: Role) -> audit.Facts:
    return {"name": msgspec.to_builtins(role.name), "rights": role.rights}


def _checked(name: Texts, rights: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [
        FieldError(f"/rights/{place}", "not_one_of")
        for place, right in enumerate(rights)
        if right not in RIGHTS
    ]
    if not name.get(""):
        wrong.append(FieldError("/name", "required"))
    if wrong:
        raise InvalidFields(fields=tuple(wrong))
    return listed(rights)
