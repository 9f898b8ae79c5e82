"""What receipts keep of a person beyond figures, taken out when the person leaves."""

from collections.abc import Iterator
from itertools import islice

import msgspec

from chalicelib.earning.model import MemberFacts
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import store as ledger_store
from chalicelib.receipts import store
from chalicelib.receipts.model import Given

KINDS = ("receipt.posted", "event.posted")
MOST_AT_ONCE = 1_000
"""Receipts that are changed by one call; the sweeper goes on."""


def leave(program: str, member: str) -> int:
    """Take birthday, gender, segments and groups out of what an erased member's receipts froze for
    the rules; how many changed. It may be called at any time and again.
    """
    if store.is_forgotten(program, member):
        return 0
    some = list(islice(_personal(program, member), MOST_AT_ONCE))
    for receipt in some:
        _scrub(program, receipt)
    if len(some) < MOST_AT_ONCE:
        transact(lambda _: (store.forgotten(program, member), None))
    return len(some)


def _personal(program: str, member: str) -> Iterator[str]:
    entries = ledger_store.entries_after(program, member, 0)
    posted = (entry.cause.ref for entry in entries if entry.cause.kind in KINDS)
    while some := list(islice(posted, 100)):
        for receipt, item in store.several(program, some).items():
            if item.given is not None and _without(item.given) != item.given:
                yield receipt


def _scrub(program: str, receipt: str) -> None:
    def decide(_: bool) -> tuple[Writes, None]:
        item = store.find(program, receipt)
        if item is None or item.given is None:
            return Writes(), None
        return store.changed(item, given=_without(item.given)), None

    transact(decide)


def _without(given: Given) -> Given:
    seen = given.frozen.member
    left = MemberFacts(kind=seen.kind, joined_on=seen.joined_on, tier=seen.tier, points=seen.points)
    frozen = msgspec.structs.replace(given.frozen, member=left)
    return msgspec.structs.replace(given, frozen=frozen)
