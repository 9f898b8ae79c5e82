"""Members are told that points will burn, on the days that their program names, and that the time
of their level is over.
"""

from contextlib import suppress
from datetime import datetime

from chalicelib.agenda.model import Entry
from chalicelib.kernel.table.writes import ConditionFailed, commit
from chalicelib.ledger import service_agenda
from chalicelib.ledger.model import Account
from chalicelib.ledger.posting import BURN_OFF
from chalicelib.ledger.service_agenda import Burning
from chalicelib.outreach import store
from chalicelib.programs.model import Program
from chalicelib.receipts import service_levels
from chalicelib.receipts.levels import Turn


def burn(entry: Entry, at: datetime) -> datetime | None:
    """Burn what is due on an account and tell its member what will; again when more is due."""
    return service_agenda.burn(entry, at, _warn)


def level(entry: Entry, at: datetime) -> datetime | None:
    """Leave, keep anew or reach a level as time passes, and tell its member."""
    return service_levels.end(entry, at, _turned)


def _turned(program: Program, member: str, turn: Turn) -> None:
    levels = program.tiers.levels if program.tiers else ()
    names = [one.name for one in levels if one.id == turn.tier]
    if names:
        with suppress(ConditionFailed):  # told before
            commit(store.level(program.id, member, turn, names[0]))


def _warn(account: Account, burning: Burning) -> None:
    if not account.closed:
        with suppress(ConditionFailed):  # told before
            commit(store.warn(account, burning))


AGENDA_HANDLERS = {BURN_OFF: burn, service_levels.LEVEL_ENDS: level}
