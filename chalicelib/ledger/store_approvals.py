"""How requests for large corrections are stored and read."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item
from chalicelib.kernel.table.writes import Writes
from chalicelib.ledger.approvals import WAITING, State


class ApprovalItem(Item):
    """A request. ``state`` leaves ``waiting`` once."""

    member = UnicodeAttribute()
    points = IntAttribute()
    """To add, or with a minus to take."""
    reason = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    state = UnicodeAttribute()
    ended_by = UnicodeAttribute(null=True)
    ended_at = UnicodeAttribute(null=True)
    ended_why = UnicodeAttribute(null=True)
    """Words of whoever decided."""
    entry = IntAttribute(null=True)
    """The entry of the member's account, once approved."""

    @property
    def approval(self) -> str:
        """Its id."""
        return self.sk.removeprefix("APPROVAL#")


def approval_key(approval: str) -> str:
    """Sort key of a request; its id sorts in the order of time."""
    return f"APPROVAL#{approval}"


def find(program: str, approval: str) -> ApprovalItem | None:
    """A request or nothing. A strong read."""
    return ApprovalItem.find(keys.approvals(program), approval_key(approval), strong=True)


def newest(program: str, after: str | None, at_once: int) -> Iterator[ApprovalItem]:
    """A program's requests, newest first, beyond the sort key ``after``."""
    pk = keys.approvals(program)
    return ApprovalItem.below(pk, "APPROVAL#", newest_first=True, after=after, at_once=at_once)


def ended(
    found: ApprovalItem, state: State, by: str, at: str, why: str, entry: int | None
) -> Writes:
    """The request is over, if nobody else ended it."""
    field = ApprovalItem
    actions = [field.state.set(state), field.ended_by.set(by), field.ended_at.set(at)]
    if why:
        actions.append(field.ended_why.set(why))
    if entry is not None:
        actions.append(field.entry.set(entry))
    return Writes().update(found, actions, field.state == WAITING)
