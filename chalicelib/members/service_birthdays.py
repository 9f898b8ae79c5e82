"""Waiting for birthdays: the next one stands on the profile and, as long as it does, in the agenda.

Whatever puts one changes the other in the same transaction.
"""

from datetime import datetime, timedelta

from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Image
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import birthdays, store_birthdays
from chalicelib.members.birthdays import Kept
from chalicelib.programs.service import in_force

SOON = timedelta(days=2)
"""A sweeper's round takes less."""


def wait(program: str, member: str, seen: Kept, at: datetime) -> None:
    """For the next birthday, if nobody changed meanwhile for which one."""

    def decide(_: bool) -> tuple[Writes, None]:
        profile, kept = store_birthdays.read(program, member)
        due = birthdays.next_due(in_force(program, at), profile.birthday, at)
        if kept.due != seen.due or kept.due == due:
            return Writes(), None
        return store_birthdays.moved(program, member, kept, due, at), None

    transact(decide)


def is_soon(profile: Image, at: datetime) -> bool:
    """Whether a stored profile has a birthday within two days, or one that nobody waits for yet."""
    due = profile.get("birthday_due")
    return bool(profile.get("birthday")) and (due is None or str(due) <= render(at + SOON))


def arm_soon(program: str, member: str, at: datetime) -> None:
    """Write down what the agenda may lack, for the sweeper: the birthdays of members who told one
    before it was there for them. May be called at any time and again.
    """

    def decide(_: bool) -> tuple[Writes, Kept]:
        profile, kept = store_birthdays.read(program, member)
        if profile.birthday is None or not kept.due:
            return Writes(), kept
        return store_birthdays.still(program, member, kept, at), kept

    kept = transact(decide)
    if not kept.due:
        wait(program, member, kept, at)
