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
        return f"staff:{self.caller.staff}"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a record tells of a change."""

    action: str
    subject: str
    before: Facts = {}
    after: Facts = {}
    reason: str = ""


def refuse_beyond(caller: StaffCaller, program: str, rights: Iterable[str]) -> None:
    """Refuse to give or take what the caller does not have themselves; raises RightsExceeded."""
    for right in rights:
        if not caller.may(right, program):
            raise RightsExceeded(right=right)


def refuse_elsewhere(caller: StaffCaller, person: Person) -> None:
    """Refuse what concerns a person as a whole to who has no right over all their programs.

    Raises:
        StaffOfOthers: in one of them the caller may not change the staff.
    """
    if not all(caller.may(WRITE, program) for program in person.grants):
        raise StaffOfOthers


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
    return f"staff:{staff}"
