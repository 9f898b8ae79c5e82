"""From facts to notifications of members and notices for staff, and a member reading theirs."""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge

from chalicelib.kernel.clock import render
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit, transact
from chalicelib.members import store as members
from chalicelib.outreach import notices, store
from chalicelib.programs import store_announcements
from chalicelib.programs.store_announcements import AnnouncementItem

ORDERS = frozenset(
    {
        "order.confirmed",
        "order.substituted",
        "order.issued",
        "order.shipped",
        "order.cancelled",
        "order.refunded",
    }
)
"""What members are told of their orders."""
COUPONS = frozenset({"coupon.issued", "coupon.withdrawn"})
"""What members are told of their coupons; what a till does with one, they see."""
MEMBERSHIPS = frozenset(
    {
        "membership.started",
        "membership.renewed",
        "membership.ending",
        "membership.lapsed",
        "membership.refunded",
    }
)
"""What members are told of the memberships that they pay for."""
GROUPS = frozenset({"group.approved", "group.refused", "group.ending", "group.expired"})
"""What members are told of their applications for verified groups."""
GATES = frozenset({"gate.opened", "gate.closing", "gate.closed"})
"""What members are told of what is open to them while they buy enough."""
SELLERS = frozenset({"seller.confirmed", "seller.refused", "claim.lapsed", "claim.withdrawn"})
"""What sellers are told; what a claim credits, they are told as of all points."""
_TOLD = ORDERS | COUPONS | MEMBERSHIPS | GROUPS | GATES | SELLERS
TIERED = "member.tiered"
"""Staff set a level; its members are told if it is another one."""
REFUND = "gift.refunded"
"""The kind of entry whose points the order's own notification tells of."""


def wants(fact: Fact) -> bool:
    """Members are told when points or coupons come in, and how their orders get on; other movements
    stand in their history. Staff are told what :data:`notices.NOTICES` names.
    """
    if fact.name == "points.credited":
        return bool(fact.data["kind"] != REFUND)
    if fact.name == TIERED:
        return "names" in fact.data
    return fact.name in _TOLD or fact.name in notices.NOTICES


def notify(fact: Fact) -> None:
    """Put what a fact tells into its member's or the staff's list, once, however often the fact is
    told.
    """
    if not wants(fact) or _is_erased(fact):
        return
    try:
        commit(notices.tell(fact) if fact.name in notices.NOTICES else store.tell(fact))
    except ConditionFailed:
        return  # told before


def missed(fact: Fact) -> bool:
    """Whether the fact should have been told and was not; the sweeper asks."""
    told = notices.told if fact.name in notices.NOTICES else store.told
    return wants(fact) and not told(fact) and not _is_erased(fact)


def _is_erased(fact: Fact) -> bool:
    # Nothing is written for a person who asked to be forgotten, however late the fact arrives.
    if not fact.member:
        return False
    member = members.read(fact.program, fact.member, strong=False)
    return member is not None and member.status == "erased"


Told = store.NotificationItem | AnnouncementItem
"""One row of a member's list: told to them, or to all."""


def told(who: MemberCaller, at: datetime, after: str | None, limit: int) -> Iterator[Told]:
    """What a member was told, newest first, beyond a sort key: their own notifications, and among
    them what all were told since they joined.
    """

    def to_all() -> Iterator[Told]:
        for item in store_announcements.newest(who.program, render(at), after, limit):
            if item.at <= who.joined_at:
                return
            yield item

    own = store.newest(who.program, who.member, after, limit)
    return merge(own, to_all(), key=lambda item: item.sk, reverse=True)


def mark_seen(program: str, member: str, up_to: str) -> str:
    """Remember how far a member has read; an older mark changes nothing. Returns the mark in
    force.
    """

    def decide(_: bool) -> tuple[Writes, str]:
        now = store.seen_up_to(program, member)
        if now >= up_to:
            return Writes(), now
        return store.see(program, member, up_to), up_to

    return transact(decide)
