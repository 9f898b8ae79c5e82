"""Withdrawing: an announced version is taken back before it comes into force."""

from datetime import datetime, timedelta

from chalicelib.kernel.clock import parse
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs import schedule, service, store
from chalicelib.programs.model import VersionInForce, WithdrawalLoosens
from chalicelib.programs.service_versions import read_version, row_of

LAST_CALL = timedelta(minutes=1)
"""So long before it comes into force a version can no longer be withdrawn: all processes know of
the withdrawal before they could judge by the version.
"""


def withdraw(program_id: str, number: int, author: str, at: datetime) -> store.VersionItem:
    """Take a version back that is not in force yet; a second time changes nothing. Its number is
    not given again.

    Raises:
        VersionUnknown: there is none of that number.
        VersionInForce: it is in force, or will be within a minute.
        WithdrawalLoosens: it would take one person's freedom, and what stays does not.
    """

    def decide(strong: bool) -> tuple[Writes, store.VersionItem]:
        item = read_version(program_id, number)
        head = store.head(program_id, strong=True)
        if item.withdrawn_at or head is None:
            return Writes(), item
        if parse(item.effective_at) - at <= LAST_CALL:
            raise VersionInForce
        _refuse_loosening(program_id, item, head)
        writes = store.withdraw(item, head, author, at)
        return audit.note(writes, _act(program_id, item, author, at)), item

    transact(decide)
    service.forget(program_id)
    return read_version(program_id, number)


def _refuse_loosening(program_id: str, item: store.VersionItem, head: store.HeadItem) -> None:
    """Whatever would judge in the place of the version must leave one person no more freedom."""
    left = [row for row in head.schedule if row.number != item.number]
    instead = schedule.overtakes(left, row_of(item, item.number))
    now = schedule.in_force(left, item.effective_at)
    limits = store.unpack(item.document).approvals
    for row in [*instead, *([now] if now else [])]:
        if service.version(program_id, row.number).approvals.looser_than(limits):
            raise WithdrawalLoosens


def _act(program_id: str, item: store.VersionItem, author: str, at: datetime) -> audit.Act:
    return audit.Act(
        program=program_id,
        actor=author,
        action="program.withdrawn",
        subject=audit.subject(program=program_id, version=str(item.number)),
        at=at,
        before={"effective_at": item.effective_at, "notice_at": item.notice_at},
        after={"effective_at": None, "notice_at": None},
    )
