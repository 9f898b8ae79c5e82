"""The check of a month that is over as an event, as the agenda calls for it.

It has the checked month for its number, so each month is checked once, however often and late the
agenda calls; it counts by the rules in force as the next month began. Who has not bought for longer
than a year is checked no more, until they buy again.
"""

from datetime import datetime

from chalicelib.agenda.model import Entry
from chalicelib.agenda.service import arm
from chalicelib.counters import store as counters
from chalicelib.earning.conditions import months_before
from chalicelib.kernel.clock import day_begins, local_date, next_month, parse
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.service_agenda import SOON
from chalicelib.members import store as members
from chalicelib.programs.service import in_force
from chalicelib.receipts import store
from chalicelib.receipts.model import CHECK
from chalicelib.receipts.month_ends import MONTH_ENDS, REMEMBERED, over
from chalicelib.receipts.service_events import by_itself


def check(entry: Entry, at: datetime) -> datetime | None:
    """Post the event of each month that is over since the entry was written; again when the next
    one is.
    """
    program = in_force(entry.program, at)
    member = members.read(program.id, entry.ref, strong=True)
    if member is None or member.status == "erased" or not program.earning.rewards(CHECK):
        return None
    today = local_date(at, program.zone)
    first = local_date(parse(entry.due), program.zone).replace(day=1)
    while first <= today:
        if member.status == "active":
            seen = day_begins(first, program.zone)
            month = months_before(first, 1)[0]
            by_itself(member, CHECK, month, seen, at, sparing=True)
        first = next_month(first)
    recent = [f"{today:%Y-%m}", *months_before(today, REMEMBERED)]
    counted = store.counted(program.id, member.member, recent)
    bought = any(month.is_busy for month, _ in counted.months.values())
    return day_begins(first, program.zone) if bought else None


def arm_soon(program: str, member: str, at: datetime) -> Writes:
    """What the agenda has to hold for a month that ends within two days, for the sweeper: who
    bought before there were rules that ask has nothing there. Of who has not bought for long, half
    a unit is read.
    """
    club = in_force(program, at)
    due = over(local_date(at, club.zone), club)
    if due > at + SOON or not club.earning.rewards(CHECK):
        return Writes()
    oldest = months_before(local_date(at, club.zone), REMEMBERED)[-1]
    newest = next(iter(counters.newest(program, member, None, 1)), None)
    if newest is None or newest.sk < counters.month_key(oldest):
        return Writes()
    return arm(program, MONTH_ENDS, member, due, at)


AGENDA_HANDLERS = {MONTH_ENDS: check}
