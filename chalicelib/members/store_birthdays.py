"""The next birthday, kept on the profile beside the date of birth."""

from pynamodb.expressions.condition import Condition

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import Writes
from chalicelib.members.birthdays import Kept
from chalicelib.members.model import Profile
from chalicelib.members.store import PROFILE, ProfileItem, profile_of


def read(program: str, member: str) -> tuple[Profile, Kept]:
    """A profile with what is kept beside the date of birth; both empty when it was erased. A
    strong read.
    """
    item = ProfileItem.find(keys.member(program, member), PROFILE, strong=True)
    if item is None:
        return Profile(), Kept()
    return profile_of(item), Kept(item.birthday_due or "", item.birthday_changed or "")


def moved(program: str, member: str, kept: Kept, due: str) -> Writes:
    """Wait for another birthday, if it is still this one that is waited for."""
    field = ProfileItem.birthday_due
    item = ProfileItem(keys.member(program, member), PROFILE)
    action = field.set(due) if due else field.remove()
    return Writes().update(item, [action], ProfileItem.pk.exists() & unmoved(kept))


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
