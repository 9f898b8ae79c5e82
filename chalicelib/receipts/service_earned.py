"""The look at a member's level after points were earned, or taken back, that no receipt and no
event brought: by registered items, by award lists.

The points are counted with the award; this is called by the agenda at once, in a transaction of its
own, and comes to the same however often it is called.
"""

from collections.abc import Callable
from datetime import datetime

from chalicelib.agenda.model import Entry
from chalicelib.counters.earned import EARNED, TAKEN_BACK
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.model import Account
from chalicelib.ledger.posting import Book
from chalicelib.members import store as members
from chalicelib.members.asked import joined_on
from chalicelib.members.model import Member
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.receipts import levels_back, service_levels
from chalicelib.receipts.budget import Budgets
from chalicelib.receipts.counting import Tally
from chalicelib.receipts.purse import Purse, opened

Look = Callable[[Member, Account, Program, datetime], Purse]
"""A member's purse with what follows for their level."""


def rise(entry: Entry, at: datetime) -> None:
    """Come to the level that the points of the period lift to."""
    _look(entry, at, _risen)


def fall(entry: Entry, at: datetime) -> None:
    """Leave a level that points brought which were taken back, as after a return."""
    _look(entry, at, _fallen)


def _look(entry: Entry, at: datetime, look: Look) -> None:
    program = in_force(entry.program, at)

    def decide(_: bool) -> tuple[Writes, None]:
        member = members.read(program.id, entry.ref, strong=True)
        account = ledger_store.read(program.id, entry.ref, strong=True)
        if member is None or account is None or account.closed:
            return Writes(), None
        purse = look(member, account, program, at)
        return purse.close() if purse.is_changed else Writes(), None

    transact(decide)


def _risen(member: Member, account: Account, program: Program, at: datetime) -> Purse:
    purse = opened(member, account, (), at, program)
    purse.reached(program)
    return purse


def _fallen(member: Member, account: Account, program: Program, at: datetime) -> Purse:
    today = local_date(at, program.zone)

    def back(tally: Tally) -> set[str]:
        return levels_back.months_back(tally, program, today)

    counted = service_levels.counted(program, member.member, (), at, back)
    purse = Purse(member, counted, Book(account, program, at), at, Budgets(program.id))
    joined = joined_on(member.joined_at, program)
    purse.tally = levels_back.fallen(purse.tally, program, purse.months, at, joined)
    purse.lapse()
    return purse


AGENDA_HANDLERS = {EARNED: rise, TAKEN_BACK: fall}
