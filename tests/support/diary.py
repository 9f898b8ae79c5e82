"""What the agenda holds of a member, and its workers."""

from datetime import datetime

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from tests.support import stored
from tests.support.member import Member


def waiting(member: Member, kind: str) -> list[Entry]:
    """What stands in the agenda for a member, the earliest first."""
    end = f"#{member.club.id}#{kind}#{member.id}"
    keys = [key for key in stored.everything() if key[0].startswith("_#AGENDA#")]
    dues = [sk.removesuffix(end) for _, sk in keys if sk.endswith(end)]
    return [Entry(member.club.id, kind, member.id, due) for due in sorted(dues)]


def work(entry: Entry, at: datetime, times: int = 1) -> None:
    """The agenda's worker takes an entry."""
    for _ in range(times):
        agenda.work(Page((entry,)), AGENDA_HANDLERS, at)
