"""What the routes of members and of staff share: reading an account, a page of entries, an entry's
number.
"""

from collections.abc import Iterator
from typing import Any

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Call
from chalicelib.kernel.http.routing import Room
from chalicelib.kernel.table import keys
from chalicelib.ledger import service, store
from chalicelib.ledger.views import AccountView, account_view
from chalicelib.programs.service import in_force

room = Room("ledger", "Points: what a member has, why, and until when; corrections by staff.")


def account_of(program: str, member: str, call: Call[Any, Any]) -> AccountView:
    """An account as its program's local day shows it; raises AccountUnknown."""
    zone = in_force(program, call.at).zone
    return account_view(service.account(program, member, strong=True), local_date(call.at, zone))


def seq_of(call: Call[Any, Any]) -> int:
    """The entry number in the path; raises EntryUnknown when it cannot be one."""
    text = call.path["seq"]
    if not (text.isascii() and text.isdigit() and 0 < len(text) <= 12):
        raise service.EntryUnknown
    return int(text)


def newest(program: str, member: str, after: str | None, limit: int) -> Iterator[store.EntryItem]:
    """Stored entries, newest first, beyond the sort key ``after``."""
    return store.EntryItem.below(
        keys.member(program, member), "E#", newest_first=True, after=after, limit=limit
    )
