"""What a member can take along, and how a member is forgotten."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.observability import each, logger
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.failures import STORAGE_FAILURES
from chalicelib.kernel.table.items import uncompressed
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger import store as ledger_store
from chalicelib.ledger.model import Cause
from chalicelib.members import erasure, store, store_birthdays, store_erasure, store_names
from chalicelib.members.errors import WrongConfirmation
from chalicelib.members.model import CARD, Happened, Member
from chalicelib.members.service_profile import tokens_of
from chalicelib.members.service_sessions import own
from chalicelib.members.store_erasure import Stored
from chalicelib.programs.service import in_force

OTHER = "other"
_HIDDEN = ("pk", "sk", "ttl")
_PACKED = frozenset(
    {
        "lots",
        "once",
        "body",
        "reason",
        "parts",
        "ended",
        "groups",
        "segments",
        "paid",
        "data",
        "item",
        "goods",
        "codes",
        "step",
        "address",
        "parcel",
        "names",
        "terms",
        "sells_for",
        "asked",
        "calls",
    }
)
"""Attributes that hold JSON; what people wrote themselves stays as they wrote it."""
FollowUp = Callable[[str, str], int]
"""What a room above does for an erased member, by program and id; how much it changed."""
_follow_ups: list[FollowUp] = []


class Record(msgspec.Struct, frozen=True):
    """One stored item about the member."""

    kind: str
    """What sort of item it is."""
    key: str
    """Names the item within the member."""
    data: dict[str, Any]
    """Its content as stored."""


def export(caller: MemberCaller, query: PageQuery) -> Page[Record]:
    """Everything that is stored under the caller, in pages: all rooms' items, as they are."""

    def read(after: str | None, limit: int) -> Any:
        return store_erasure.stored(caller.program, caller.member, after, limit)

    return page(query, keys.member(caller.program, caller.member) + "#*", read, _record)


def erase(caller: MemberCaller, confirm: str, at: datetime) -> None:
    """Forget the caller for good. A retry meets SessionEnded before it gets here.

    Raises:
        WrongConfirmation: ``confirm`` is not the caller's card number.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        member = own(caller)
        if member.status == "erased":
            return Writes(), None
        if confirm != member.card_number:
            raise WrongConfirmation
        return _forgotten(member, at), None

    transact(decide)
    _follow_up(caller.program, caller.member)


def erase_again(program: str, member_id: str, at: datetime) -> bool:
    """Forget somebody who was forgotten before, on a table from before that; whether it was needed.

    The same again changes nothing, nor does a member who is not there.
    """

    def decide(_: bool) -> tuple[Writes, bool]:
        member = store.read(program, member_id, strong=True)
        if member is None or member.status == "erased":
            return Writes(), False
        return _forgotten(member, at), True

    needed = transact(decide)
    _follow_up(program, member_id)
    return needed


def _follow_up(program: str, member: str) -> None:
    try:
        finish_erasure(program, member)
    except (Refusal, *STORAGE_FAILURES) as failure:
        # The member is erased; the sweeper does what is left.
        logger.warning("erasure unfinished", failure=type(failure).__name__)


def when_erased(follow_up: FollowUp) -> None:
    """Let a room that stands above this one do its part whenever an erasure is finished.

    It may be called at any time and again for the same member.
    """
    if follow_up not in _follow_ups:
        _follow_ups.append(follow_up)


def finish_erasure(program: str, member: str) -> int:
    """Delete what an erasure left for later; the number of items changed. Erased members only.

    What is personal goes first. One part that cannot be done is logged and keeps no other one from
    being done. May be called at any time and again: it does whatever is left.
    """
    found = store.read(program, member, strong=True)
    if found is None or found.status != "erased":
        return 0
    done: list[int] = []

    def scrub(program: str, member: str) -> int:
        return store_erasure.tidy_erased(program, member, erasure.deleted_later())

    parts: tuple[FollowUp, ...] = (scrub, *_follow_ups)
    each(parts, lambda part: done.append(part(program, member)), "erasure")
    return sum(done)


def _forgotten(member: Member, at: datetime) -> Writes:
    """Everything that goes at once."""
    profile, kept = store_birthdays.read(member.program, member.member)
    writes = _closed(member, at)
    writes += store_birthdays.erased(member.program, member.member, kept, at)
    writes += store_names.renamed(member.program, member.member, tokens_of(profile), ())
    for kind, value in profile.unique.items():
        writes += store.released(member.program, kind, value, member.member)
    if card := profile.partner_card:
        writes += store.released_hash(member.program, CARD, card, member.member)
    return writes


def _closed(member: Member, at: datetime) -> Writes:
    item = store.MemberItem
    actor = f"member:{member.member}"
    writes = store.changed(
        member,
        Happened("member.erased", at, actor),
        item.status.set("erased"),
        item.session_version.set(member.session_version + 1),
        item.card_number.remove(),
        item.ended.remove(),
        item.locked_until.remove(),
        item.groups.remove(),
        item.segments.remove(),
        item.paid.remove(),
    )
    writes += store.released(member.program, CARD, member.card_number, member.member)
    account = ledger_store.read(member.program, member.member, strong=True)
    if account is not None:
        cause = Cause("account.closed", member.member, actor)
        writes += ledger.close(account, cause, in_force(member.program, at), at).writes
    return writes


def _record(item: Stored) -> Record:
    data = {
        name: _plain(value, packed=name in _PACKED)
        for name, value in item.image.items()
        if name not in _HIDDEN
    }
    return Record(_kind(item.sk), item.sk, data)


def _kind(sort_key: str) -> str:
    for pattern in erasure.of_member():
        begin = erasure.prefix(pattern)
        if sort_key == begin or (begin != pattern.sk and sort_key.startswith(begin)):
            return pattern.name
    return OTHER


def _plain(value: Any, *, packed: bool) -> Any:
    if packed and isinstance(value, str):
        return msgspec.json.decode(value)
    if isinstance(value, bytes):
        return uncompressed(value)
    return value if isinstance(value, str | int | bool | list | dict) else str(value)
