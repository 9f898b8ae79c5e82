"""The next birthday, kept on the profile beside the date of birth, and its entry of the agenda.

An entry says when somebody was born, but for the year: it goes when another birthday is waited for,
and with the profile.
"""

from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.agenda import service as agenda
from chalicelib.kernel.clock import parse
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.members.birthdays import Kept
from chalicelib.members.model import Profile
from chalicelib.members.store import PROFILE, ProfileItem, profile_of

BIRTHDAY = "members.birthday"
"""What the agenda calls the beginning of a member's birthday."""


def read(program: str, member: str) -> tuple[Profile, Kept]:
    """A profile with what is kept beside the date of birth; both empty when it was erased. A
    strong read.
    """
    item = ProfileItem.find(keys.member(program, member), PROFILE, strong=True)
    if item is None:
        return Profile(), Kept()
    return profile_of(item), Kept(item.birthday_due or "", item.birthday_changed or "")


def moved(program: str, member: str, kept: Kept, due: str, at: datetime) -> Writes:
    """Wait for another birthday, if it is still this one that is waited for."""
    field = ProfileItem.birthday_due
    item = ProfileItem(keys.member(program, member), PROFILE)
    action = field.set(due) if due else field.remove()
    writes = Writes().update(item, [action], ProfileItem.pk.exists() & unmoved(kept))
    writes += waited(program, member, kept.due, due, at)
    return writes


def waited(program: str, member: str, before: str, after: str, at: datetime) -> Writes:
    """Another birthday in the agenda than before; empty: none. Goes with the profile's change."""
    writes = Writes()
    if before == after:
        return writes
    if before:
        writes += agenda.disarm(program, BIRTHDAY, member, parse(before))
    if after:
        writes += agenda.arm(program, BIRTHDAY, member, parse(after), at)
    return writes


def still(program: str, member: str, kept: Kept, at: datetime) -> Writes:
    """The birthday that is waited for, in the agenda again, if it is still waited for."""
    item = ProfileItem(keys.member(program, member), PROFILE)
    writes = Writes().check(item, unmoved(kept))
    writes += agenda.arm(program, BIRTHDAY, member, parse(kept.due), at)
    return writes


def erased(program: str, member: str, kept: Kept, at: datetime) -> Writes:
    """Delete the profile, with everything personal, and what the agenda holds of it."""
    item = ProfileItem(keys.member(program, member), PROFILE)
    writes = Writes().delete(item, unmoved(kept))
    writes += waited(program, member, kept.due, "", at)
    return writes


def unmoved(kept: Kept) -> Condition:
    """That this birthday is waited for and no other."""
    field = ProfileItem.birthday_due
    same: Condition = field == kept.due if kept.due else field.does_not_exist()
    return same


def changes(before: Kept, after: Kept) -> dict[str, str | None]:
    """The fields of the profile that change with what is kept."""
    found: dict[str, str | None] = {}
    if before.due != after.due:
        found["birthday_due"] = after.due or None
    if before.changed != after.changed:
        found["birthday_changed"] = after.changed
    return found
