"""What the agenda holds of a member, and its workers."""

from datetime import datetime

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.kernel.table import keys
from tests.support import stored
from tests.support.club import Club
from tests.support.member import Member


def standing(club: Club) -> list[Entry]:
    """What stands in the agenda for a club, day by day."""
    found = (sk.split("#", 3) for _, sk in stored.below(f"{keys.agenda_place()}#"))
    entries = (Entry(program, kind, ref, due) for due, program, kind, ref in found)
    return [entry for entry in entries if entry.program == club.id]


def waiting(member: Member, kind: str) -> list[Entry]:
    """What stands in the agenda for a member, the earliest first."""
    found = [one for one in standing(member.club) if (one.kind, one.ref) == (kind, member.id)]
    return sorted(found, key=lambda one: one.due)


def work(entry: Entry, at: datetime, times: int = 1) -> None:
    """The agenda's worker takes an entry."""
    for _ in range(times):
        agenda.work(Page((entry,)), AGENDA_HANDLERS, at)
