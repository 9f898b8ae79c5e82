"""What somebody answers to the invitation of a further program: yes or no."""

from collections.abc import Callable
from datetime import datetime

import msgspec

from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.staff import model, service_people, service_roles, store
from chalicelib.staff.acting import Change, noted, subject
from chalicelib.staff.errors import InvitationExpired
from chalicelib.staff.model import Person
from chalicelib.staff.service_sessions import own


def accept(caller: StaffCaller, pending: str, call: guards.Request, at: datetime) -> None:
    """Work for the program from now on, with the roles that the invitation names.

    Raises:
        InvitationExpired: no such invitation waits for the caller.
    """

    def change(person: Person, program: str) -> tuple[Writes, str]:
        roles = person.pending[program].roles
        alone = model.without(person, program)
        after = msgspec.structs.replace(alone, grants={**person.grants, program: roles})
        writes = store.changed(person, after)
        writes += service_roles.owners_counted(person, after)
        return writes, "staff.joined"

    _answer(caller, pending, call, at, change)


def decline(caller: StaffCaller, pending: str, call: guards.Request, at: datetime) -> None:
    """Do not work for the program; who works for no other one is forgotten.

    Raises:
        InvitationExpired: no such invitation waits for the caller.
    """

    def change(person: Person, program: str) -> tuple[Writes, str]:
        roles = service_roles.chosen(program, person.pending[program].roles)
        return service_people.left(person, program, roles), "staff.declined"

    _answer(caller, pending, call, at, change)


def _answer(
    caller: StaffCaller,
    pending: str,
    call: guards.Request,
    at: datetime,
    change: Callable[[Person, str], tuple[Writes, str]],
) -> None:
    pk = keys.staff(caller.staff)

    def decide(_: bool) -> tuple[Writes, None]:
        person = own(caller)
        if guards.done(pk, call) is not None:
            return Writes(), None
        named = (name for name, one in person.pending.items() if one.pending == pending)
        program = next(named, None)
        if program is None:
            raise InvitationExpired
        writes, action = change(person, program)
        guards.remember(writes, pk, call, pending)
        roles = {"roles": person.pending[program].roles}
        actor = subject(person.staff)
        told = Change(action=action, subject=actor, after=roles)
        return noted(writes, [program], actor, told, at), None

    transact(decide)
