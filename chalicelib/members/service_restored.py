"""What members asked for and a table that was restored from before does not know: to be forgotten,
and no longer to be written to. It is read from the journal of the younger table and done again.
"""

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Image
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store
from chalicelib.members.model import PURPOSES, Consent, Happened
from chalicelib.members.service_erasure import erase_again

ERASED, WITHDRAWN = "member.erased", "member.consent_withdrawn"
RESTORED_BY = "system"
"""Who withdraws a consent again, as the journal names it."""


class Wish(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one member asked for."""

    program: str
    member: str
    what: Literal["member.erased", "member.consent_withdrawn"]
    at: str
    """When they did."""
    purpose: str = ""
    """Which consent was withdrawn."""


def wish_of(image: Image) -> Wish | None:
    """The wish that a line of a member's journal tells of; nothing: it tells of something else."""
    if not image["sk"].startswith("J#") or "#M#" not in image["pk"]:
        return None
    if image["fact"] not in (ERASED, WITHDRAWN):
        return None
    program, _, member = image["pk"].split("#")
    data = msgspec.json.decode(image["data"])
    return Wish(program, member, image["fact"], image["at"], str(data.get("purpose", "")))


def repeat(wish: Wish, at: datetime) -> bool:
    """Do what a member asked for, unless it stands so; whether it was needed. It may come again."""
    if wish.what == ERASED:
        return erase_again(wish.program, wish.member, at)
    return _withdraw_again(wish, at)


def _withdraw_again(wish: Wish, at: datetime) -> bool:
    purpose = next((one for one in PURPOSES if one == wish.purpose), None)
    if purpose is None:
        return False

    def decide(_: bool) -> tuple[Writes, bool]:
        member = store.read(wish.program, wish.member, strong=True)
        now, number = store.consent(wish.program, wish.member, purpose)
        # What was decided after the wish is younger than it, and stands.
        if member is None or member.status == "erased" or not now.granted or now.at > wish.at:
            return Writes(), False
        new = Consent(purpose, False, render(at))
        data = {"purpose": purpose, "rules_version": 0}
        writes = store.changed(member, Happened(WITHDRAWN, at, RESTORED_BY, data))
        writes += store.consented(wish.member, wish.program, new, number + 1)
        return writes, True

    return transact(decide)
