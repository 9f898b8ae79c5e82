"""Members are told that points will burn, on the days that their program names."""

from contextlib import suppress
from datetime import datetime

from chalicelib.agenda.model import Entry
from chalicelib.kernel.table.writes import ConditionFailed, commit
from chalicelib.ledger import service_agenda
from chalicelib.ledger.model import Account
from chalicelib.ledger.posting import BURN_OFF
from chalicelib.ledger.service_agenda import Burning
from chalicelib.outreach import store


def burn(entry: Entry, at: datetime) -> datetime | None:
    """Burn what is due on an account and tell its member what will; again when more is due."""
    return service_agenda.burn(entry, at, _warn)


def _warn(account: Account, burning: Burning) -> None:
    if not account.closed:
        with suppress(ConditionFailed):  # told before
            commit(store.warn(account, burning))


AGENDA_HANDLERS = {BURN_OFF: burn}
