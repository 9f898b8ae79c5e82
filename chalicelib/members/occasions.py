"""Occasions that rules may reward, put into the agenda with what brings them about.

They are due at once. So whoever joined, or completed the profile, is rewarded also when the process
dies right after that.
"""

from datetime import datetime

from chalicelib.agenda.service import arm
from chalicelib.kernel.table.writes import Writes
from chalicelib.members.model import Profile
from chalicelib.programs.model import Program
from chalicelib.programs.profiles import ProfileField

JOINED = "members.joined"
COMPLETED = "members.profile_completed"


def joined(program: Program, member: str, at: datetime) -> Writes:
    """Somebody joined; nothing where no rule rewards it."""
    if not program.earning.rewards("member_joined"):
        return Writes()
    return arm(program.id, JOINED, member, at, at)


def completed(
    program: Program, member: str, before: Profile, after: Profile, at: datetime
) -> Writes:
    """A profile changed; nothing where that did not complete it."""
    if not missing(program, before) or missing(program, after):
        return Writes()
    return arm(program.id, COMPLETED, member, at, at)


def missing(program: Program, profile: Profile) -> tuple[ProfileField, ...]:
    """What is not told of that which makes a profile complete."""
    fields = program.profile.complete
    return tuple(name for name in fields if getattr(profile, name) is None)
