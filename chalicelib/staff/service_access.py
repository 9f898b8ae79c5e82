"""What concerns a person of the staff as a whole: blocking them, and letting them start over.

A person may work for several programs. Whoever does this needs the right to it in all of them, so
that no program can shut out another one's people.
"""

from collections.abc import Callable
from typing import Literal

import msgspec

from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.staff import invitations, model, service_roles, store
from chalicelib.staff.acting import (
    Acting,
    Change,
    noted,
    refuse_beyond,
    refuse_elsewhere,
    subject,
)
from chalicelib.staff.errors import ResetOfOneself, StaffNotPossible
from chalicelib.staff.model import Person, Status
from chalicelib.staff.service_people import find

Wanted = Literal["blocked", "active"]


def set_status(acting: Acting, staff: str, wanted: Wanted, call: guards.Request) -> Person:
    """Block a person on the whole platform, at once, or lift a block.

    Raises:
        StaffUnknown, StaffNotPossible, StaffOfOthers, RightsExceeded, LastOwner.
    """

    def change(before: Person) -> Person:
        if (wanted == "blocked") == (before.status == "blocked"):
            raise StaffNotPossible(status=before.status)
        back: Status = "active" if before.password else "invited"
        return msgspec.structs.replace(
            model.signed_out(before), status="blocked" if wanted == "blocked" else back
        )

    action = "staff.blocked" if wanted == "blocked" else "staff.unblocked"
    return _as_a_whole(acting, staff, action, change, call)


def reset(acting: Acting, staff: str, call: guards.Request, stage: Settings) -> Person:
    """Take away password and second factors, and invite the person anew; sessions end at once.

    Raises:
        StaffUnknown, StaffOfOthers, RightsExceeded, MessageNotSent.
        StaffNotPossible: the person is blocked.
        ResetOfOneself: it is the caller, whose session alone must not replace both factors.
    """
    if subject(staff) == acting.actor:
        raise ResetOfOneself

    def change(before: Person) -> Person:
        if before.status == "blocked":
            raise StaffNotPossible(status=before.status)
        return msgspec.structs.replace(
            model.signed_out(before),
            status="invited",
            password="",  # nosec B106
            factors=(),
            invitation=invitations.next_after(before.invitation, acting.at),
        )

    person = _as_a_whole(acting, staff, "staff.reset", change, call)
    invitations.send(person, acting.program, stage, acting.at)
    return person


def _as_a_whole(
    acting: Acting,
    staff: str,
    action: str,
    change: Callable[[Person], Person],
    call: guards.Request,
) -> Person:
    """Change what a person is in all their programs, once; raises StaffNotPossible where they have
    not accepted to work for the caller's program.
    """
    pk = keys.staff_of(acting.program)

    def decide(_: bool) -> tuple[Writes, Person]:
        before = find(acting.program, staff)
        if guards.done(pk, call) is not None:
            return Writes(), before
        if acting.program in before.pending:
            raise StaffNotPossible(status="invited")
        refuse_elsewhere(acting, before)
        for program, role_ids in before.grants.items():
            rights = service_roles.rights_of(program, role_ids)
            refuse_beyond(acting, program, {"staff": staff}, rights)
        after = change(before)
        writes = store.changed(before, after)
        writes += service_roles.owners_counted(before, after)
        guards.remember(writes, pk, call, staff)
        told = Change(
            action=action,
            subject=subject(staff),
            before={"status": before.status},
            after={"status": after.status},
            reason=acting.reason,
        )
        return noted(writes, before.grants, acting.actor, told, acting.at), after

    return transact(decide)
