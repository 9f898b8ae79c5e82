"""Joining and completing the profile as events, as the agenda calls for them.

Each is posted once for a member, and counts by the rules in force when it happened; for a member
who was not active then, on the day on which they are found to be.
"""

from datetime import datetime, timedelta

from chalicelib.agenda.model import Entry
from chalicelib.kernel.clock import parse
from chalicelib.ledger import store as ledger_store
from chalicelib.members import occasions
from chalicelib.members import store as members
from chalicelib.members.model import Member
from chalicelib.receipts import store
from chalicelib.receipts.model import COMPLETED
from chalicelib.receipts.service_events import by_itself

TRIGGERS = {occasions.JOINED: "member_joined", occasions.COMPLETED: COMPLETED}
ONCE = "1"
"""The number of an event of which a member has one."""
LATER = timedelta(days=1)
"""When members who are not active yet, or not now, are looked at again."""


def post(entry: Entry, at: datetime) -> datetime | None:
    """Post the event of what happened to a member; later, while they are not active."""
    member = members.read(entry.program, entry.ref, strong=True)
    if member is not None and member.status in ("applied", "suspended"):
        return at + LATER
    if member is not None and member.status == "active":
        trigger = TRIGGERS[entry.kind]
        if trigger != COMPLETED or not _told(member, trigger):
            by_itself(member, trigger, ONCE, parse(entry.due), at)
    return None


def _told(member: Member, trigger: str) -> bool:
    """Whether staff told of it, as they may where the program does not see it by itself."""
    entries = ledger_store.entries_after(member.program, member.member, 0)
    told = (entry.cause.ref for entry in entries if entry.kind == "event.posted")
    found = store.several(member.program, told).values()
    return any(one.sold.event is not None and one.sold.event.trigger == trigger for one in found)


AGENDA_HANDLERS = dict.fromkeys(TRIGGERS, post)
