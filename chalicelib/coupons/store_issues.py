"""How the lists of members to whom staff gave coupons are stored."""

from typing import Literal

import msgspec

from chalicelib.coupons.model import Terms
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.values import Texts

WhyNot = Literal["unknown_member", "not_active", "duplicate"]


class LeftOut(msgspec.Struct, frozen=True):
    """Somebody on the list who gets no coupon."""

    member: str
    """As it stands on the list."""
    why: WhyNot
    """Nobody of the program, no active member, or on the list before."""


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """Coupons on the same terms for many members."""

    program: str
    issue: str
    name: Texts
    terms: Terms
    members: tuple[str, ...]
    """Who gets one."""
    left_out: tuple[LeftOut, ...]
    reason: str
    actor: str
    at: str
    job: str


class IssueItem(Item):
    """One list; put once."""

    issue: PackedAttribute[Issue] = PackedAttribute(Issue)


def issue(program: str, issue_id: str) -> Issue | None:
    """A list, or nothing. A strong read."""
    found = IssueItem.find(keys.coupons(program), _key(issue_id), strong=True)
    return found.issue if found else None


def created(new: Issue) -> Writes:
    """A new list."""
    return Writes().put_new(IssueItem(keys.coupons(new.program), _key(new.issue), issue=new))


def _key(issue_id: str) -> str:
    return f"ISSUE#{issue_id}"
