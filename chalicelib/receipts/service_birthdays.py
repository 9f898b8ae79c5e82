"""Birthdays as events, as the daily round calls for them.

A birthday's event has the year for its number, so that a year brings one, whatever was edited and
however often the round comes by; it counts by the rules in force when the day began.
"""

from datetime import date, datetime

from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.facts import Image
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import birthdays, store_birthdays
from chalicelib.members import store as members
from chalicelib.members.birthdays import Kept
from chalicelib.members.model import Member
from chalicelib.programs.birthdays import is_apart, is_settled
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts.desk import document_at
from chalicelib.receipts.service_events import by_itself, seen_before


def calls(profile: Image, at: datetime) -> bool:
    """Whether a stored profile has a birthday that began, or one that nobody waits for yet."""
    due = profile.get("birthday_due")
    return bool(profile.get("birthday")) and (due is None or str(due) <= render(at))


def keep_birthday(program: str, member: str, at: datetime) -> None:
    """Post the event of a birthday that began, and wait for the next one.

    May be called at any time and again. Who told a date of birth before the platform waited for
    birthdays is waited for from now on.
    """
    profile, kept = store_birthdays.read(program, member)
    if profile.birthday is not None and kept.due and parse(kept.due) <= at:
        _celebrate(program, member, profile.birthday, kept, at)
    _wait(program, member, kept, at)


def _celebrate(program: str, member: str, birthday: str, kept: Kept, at: datetime) -> None:
    due = parse(kept.due)
    document = document_at(program, due)
    day = birthdays.begins(document, birthday, due)
    found = members.read(program, member, strong=True)
    if day is None or found is None or found.status != "active":
        return
    if _counts(document, found, kept, day):
        by_itself(found, "birthday", str(day.year), due, at)


def _counts(program: Program, member: Member, kept: Kept, day: date) -> bool:
    """Whether a birthday brings its event, by when its date was changed last."""
    if not kept.changed:
        return True
    changed = date.fromisoformat(kept.changed)
    last = seen_before(member, "birthday", str(day.year - 1))
    before = local_date(parse(last.sold.at), program.zone) if last else None
    return is_settled(changed, day, program.birthdays.settled_days) and is_apart(day, before)


def _wait(program: str, member: str, seen: Kept, at: datetime) -> None:
    """For the next birthday, if nobody changed meanwhile for which one."""

    def decide(_: bool) -> tuple[Writes, None]:
        profile, kept = store_birthdays.read(program, member)
        due = birthdays.next_due(in_force(program, at), profile.birthday, at)
        if kept.due != seen.due or kept.due == due:
            return Writes(), None
        return store_birthdays.moved(program, member, kept, due), None

    transact(decide)
