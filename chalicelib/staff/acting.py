"""Who of the staff acts upon what, how far they may, and the record that it leaves."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table.audit import Facts
from chalicelib.kernel.table.writes import Writes
from chalicelib.staff.errors import RightsExceeded, StaffOfOthers
from chalicelib.staff.model import Person

WRITE = "staff.write"
"""The right over people and roles."""


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who does something to the staff or the roles of a program."""

    program: str
    caller: StaffCaller
    at: datetime
    reason: str = ""

    @property
    def actor(self) -> str:
        """The caller as records name them."""
        return self.caller.actor


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a record tells of a change."""

    action: str
    subject: str
    before: Facts = {}
    after: Facts = {}
    reason: str = ""


def refuse_beyond(
    acting: Acting, program: str, path: dict[str, str], rights: Iterable[str]
) -> None:
    """Refuse to give or take, in ``program``, what the caller does not have themselves.

    The try leaves a record of what ``path`` names.

    Raises:
        RightsExceeded.
    """
    for right in rights:
        if not acting.caller.may(right, program):
            audit.tried(acting.program, acting.actor, right, path, acting.at)
            raise RightsExceeded(right=right)


def refuse_elsewhere(acting: Acting, person: Person) -> None:
    """Refuse what concerns a person as a whole to who has no right over all their programs.

    The try leaves a record in the program in which the caller acts.

    Raises:
        StaffOfOthers: in one of them the caller may not change the staff.
    """
    if not all(acting.caller.may(WRITE, program) for program in person.grants):
        audit.tried(acting.program, acting.actor, WRITE, {"staff": person.staff}, acting.at)
        raise StaffOfOthers


def tried_in_vain(person: Person, factor: str, at: datetime) -> None:
    """Leave a record of a wrong factor in each program of the person whose sign-in was tried."""
    for program in sorted(person.grants):
        audit.tried(program, subject(person.staff), factor, {"staff": person.staff}, at)


def noted(
    writes: Writes, programs: Iterable[str], actor: str, change: Change, at: datetime
) -> Writes:
    """Let ``writes`` leave a record in each of the programs, else on the platform itself."""
    for program in sorted(programs) or [keys.PLATFORM]:
        act = audit.Act(
            program=program,
            actor=actor,
            action=change.action,
            subject=change.subject,
            at=at,
            before=change.before,
            after=change.after,
            reason=change.reason,
        )
        audit.note(writes, act)
    return writes


def subject(staff: str) -> str:
    """A person as records name them."""
    return audit.STAFF + staff
