"""Birthdays as events, as the agenda calls for them.

A birthday's event has the year for its number, so that a year brings one, whatever was edited and
however often the agenda calls; it counts by the rules in force when the day began.
"""

from datetime import date, datetime

from chalicelib.agenda.model import Entry
from chalicelib.kernel.clock import local_date, parse
from chalicelib.members import birthdays, store_birthdays
from chalicelib.members import store as members
from chalicelib.members.birthdays import Kept
from chalicelib.members.model import Member
from chalicelib.members.service_birthdays import wait
from chalicelib.programs.birthdays import is_apart, is_settled
from chalicelib.programs.model import Program
from chalicelib.receipts.desk import document_at
from chalicelib.receipts.service_events import by_itself, seen_before


def begin(entry: Entry, at: datetime) -> None:
    """Post the event of a birthday that began, and wait for the next one, which the agenda gets
    with the profile's change. An entry for a day that is not waited for finds nothing to do.
    """
    program, member = entry.program, entry.ref
    profile, kept = store_birthdays.read(program, member)
    if profile.birthday is None or not kept.due or parse(kept.due) > at:
        return
    _celebrate(program, member, profile.birthday, kept, at)
    wait(program, member, kept, at)


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


AGENDA_HANDLERS = {store_birthdays.BIRTHDAY: begin}
