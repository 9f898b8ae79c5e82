"""What the agenda holds of a member, and its workers."""

import threading
from datetime import datetime

from chalicelib.agenda import service as agenda
from chalicelib.agenda.model import Entry, Page
from chalicelib.entrance import AGENDA_HANDLERS
from tests.support import stored
from tests.support.faults import crash_after, crash_before
from tests.support.member import Member
from tests.support.wire import Wire

DEATHS = (crash_before, crash_after)


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


def calls_of(wire: Wire, entry: Entry, at: datetime) -> int:
    """How many calls a worker makes that does an entry."""
    with wire.watching() as calls:
        work(entry, at)
    return len(calls)


def die_and_again(wire: Wire, entry: Entry, at: datetime, place: int, fault: int) -> None:
    """A worker dies at one of its calls; another one takes the entry up, and again."""
    with wire.watching({place: DEATHS[fault]}):
        dying = threading.Thread(target=work, args=(entry, at))
        dying.start()
        dying.join()
    work(entry, at, 2)
