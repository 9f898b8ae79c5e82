"""What staff see of claims, and taking one back."""

from chalicelib.kernel.table import audit, guards
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.members.errors import MemberUnknown
from chalicelib.tags import store_claims
from chalicelib.tags.errors import ClaimEnded, ClaimUnknown
from chalicelib.tags.known import tag_of
from chalicelib.tags.model_claims import Claim, End
from chalicelib.tags.service_claims_end import OPEN, By, ended, standing
from chalicelib.tags.service_staff import Order


def of_tag(program: str, serial: str) -> list[Claim]:
    """All claims of an item that are remembered, the newest first; raises TagUnknown."""
    tag = tag_of(program, serial)
    found = store_claims.claimed(tag.serial)
    if found is None:
        return []
    places = [(one.member, one.at) for one in found.former]
    if found.member and found.at:
        places.append((found.member, found.at))
    return store_claims.several(program, tag.serial, places)


def require_member(program: str, member: str) -> None:
    """Refuse unless there is such a member; raises MemberUnknown."""
    if members.read(program, member, strong=True) is None:
        raise MemberUnknown


def withdraw(order: Order, call: guards.Request) -> list[Claim]:
    """Take a claim from its seller, for good, and what it brought; others may claim the item.

    Raises:
        TagUnknown, ClaimUnknown: nobody's claim counts.
        ClaimEnded: it lapsed, or brings nothing already. IdempotencyKeyReused.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        tag = tag_of(order.program, order.serial)
        if guards.done(tag.pk, call) is not None:
            return Writes(), None
        found = store_claims.claimed(tag.serial)
        if found is None or not found.member:
            raise ClaimUnknown
        account, known = standing(found, order.at)
        if known.state not in OPEN:
            raise ClaimEnded
        end = End("withdrawn", "by_staff")
        writes = ended(account, known, end, By(order.actor, order.reason), order.at)
        writes += store_claims.freed(found, barred=True)
        guards.remember(writes, tag.pk, call, known.at)
        return audit.note(writes, _act(order, known)), None

    transact(decide)
    return of_tag(order.program, order.serial)


def _act(order: Order, known: Claim) -> audit.Act:
    before = {"state": known.state, "points": known.points, "entry": known.entry}
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="claim.withdrawn",
        subject=audit.subject(tag=known.serial, member=known.member),
        at=order.at,
        before=before,
        after={"state": "withdrawn", "points": 0, "entry": known.entry},
        reason=order.reason,
    )
