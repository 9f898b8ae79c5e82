"""Points that something else than a receipt or an event earned, where levels go by points.

They are counted with the award, in the month in which it was earned. What follows for the member's
level is looked at by the agenda, at once: the rooms that give awards know nothing of levels.
"""

from datetime import datetime

from chalicelib.agenda.service import arm
from chalicelib.counters import store
from chalicelib.counters.model import month_of
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.model import Program
from chalicelib.programs.tiers import by_points

EARNED = "receipts.earned"
TAKEN_BACK = "receipts.taken_back"
"""What the agenda calls the look at a member's level; its ref is the member."""


def count(program: Program, member: str, points: int, earned: datetime, at: datetime) -> Writes:
    """So many points more, or fewer, that were earned at an instant; two items, to commit with the
    award, and none where levels are measured by something else.

    The account must have been read before, and the commit must rest on it: what is counted is then
    what was read here.
    """
    if not points or not by_points(program.tiers):
        return Writes()
    day = local_date(earned, program.zone)
    month, version = store.one(program.id, member, month_of(day))
    writes = store.put(program.id, member, month_of(day), month.earning(day, points), version)
    writes += arm(program.id, EARNED if points > 0 else TAKEN_BACK, member, at, at)
    return writes
