"""What staff order at one account, and what the audit tells of it."""

from datetime import datetime

import msgspec

from chalicelib.kernel.table import audit
from chalicelib.ledger.model import Bucket, Cause
from chalicelib.ledger.posting import Posting

_BUCKETS: tuple[Bucket, ...] = ("held", "pending", "debt")
_KINDS = {"hold": "hold", "award": "award", "points": "entry"}
"""What the reference of a cause names, by the first word of its kind."""


class Order(msgspec.Struct, frozen=True):
    """Somebody's order to change one account: where, who, why, when."""

    program: str
    member: str
    actor: str
    note: str
    at: datetime


def noted(posted: Posting, order: Order) -> Posting:
    """Let the posting leave a record of what ``order`` did to the account's figures."""
    cause = posted.entry.cause
    before, after = figures(posted)
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=cause.kind,
        subject=audit.subject(member=order.member, **_named(cause)),
        at=order.at,
        before=before,
        after=after,
        reason=order.note,
    )
    audit.note(posted.writes, act)
    return posted


def figures(posted: Posting) -> tuple[audit.Facts, audit.Facts]:
    """The account's figures that a posting changed, before and after, and its entry's number."""
    account, entries = posted.account, posted.entries
    was: audit.Facts = {"balance": account.balance - sum(entry.points for entry in entries)}
    now: audit.Facts = {"balance": account.balance}
    for name in _BUCKETS:
        now[name] = getattr(account, name)
        was[name] = now[name] - sum(entry.change_of(name) for entry in entries)
    before, after = audit.changed(was, now)
    return before, {**after, "entry": posted.entry.seq}


def _named(cause: Cause) -> dict[str, str]:
    return {_KINDS[cause.kind.partition(".")[0]]: cause.ref} if cause.ref else {}
