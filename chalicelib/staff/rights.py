"""What staff may do: every right there is, and the roles that each program has from the start.

Roles are data: what somebody may do follows from this table, from the program's own roles and from
the grants of the person, and from nothing else. The sentences for people are ``right.<right>`` and
``role.<role>``.
"""

from types import MappingProxyType

EVERYTHING = "*"
"""Stands for every right, also for those that come later."""
OWNER = "owner"
"""The one role that a program is never without."""

RIGHTS: tuple[str, ...] = (
    "programs.read",
    "programs.write",
    "programs.publish",
    "members.read",
    "members.search",
    "members.note",
    "members.group",
    "members.tier",
    "members.block",
    "calls.take",
    "sellers.call",
    "tags.read",
    "tags.make",
    "tags.ship",
    "tags.print",
    "tags.withdraw",
    "tags.release",
    "claims.read",
    "claims.withdraw",
    "ledger.read",
    "ledger.adjust",
    "ledger.approve",
    "awards.read",
    "awards.run",
    "awards.approve",
    "coupons.read",
    "coupons.issue",
    "donations.read",
    "donations.return",
    "memberships.read",
    "memberships.write",
    "rewards.read",
    "rewards.write",
    "rewards.publish",
    "rewards.stock",
    "rewards.codes",
    "points.read",
    "points.write",
    "files.read",
    "files.write",
    "orders.read",
    "orders.handle",
    "orders.refund",
    "receipts.read",
    "events.write",
    "forecasts.read",
    "forecasts.run",
    "partners.read",
    "partners.write",
    "partners.credentials",
    "jobs.read",
    "jobs.run",
    "notices.read",
    "transfers.import",
    "transfers.approve",
    "transfers.export",
    "settlement.read",
    "settlement.run",
    "audit.read",
    "staff.read",
    "staff.write",
)
"""Every right that an operation asks for; a test compares this with the app's operations."""

GIVEN: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        OWNER: (EVERYTHING,),
        # Runs the club, but does not decide who works for it.
        "manager": tuple(right for right in RIGHTS if right != "staff.write"),
        # Applications and members.
        "specialist": (
            "programs.read",
            "members.read",
            "members.search",
            "members.note",
            "members.group",
            "members.tier",
            "members.block",
            "calls.take",
            "sellers.call",
            "tags.read",
            "claims.read",
            "ledger.read",
            "receipts.read",
            "coupons.read",
            "memberships.read",
            "memberships.write",
            "orders.read",
            "notices.read",
        ),
        # Look-up, notes, small adjustments: the large ones need somebody with ledger.approve.
        "support": (
            "programs.read",
            "members.read",
            "members.search",
            "members.note",
            "calls.take",
            "sellers.call",
            "tags.read",
            "claims.read",
            "ledger.read",
            "ledger.adjust",
            "receipts.read",
            "coupons.read",
            "memberships.read",
            "rewards.read",
            "points.read",
            "orders.read",
            "notices.read",
        ),
        "warehouse": (
            "rewards.read",
            "rewards.stock",
            "points.read",
            "orders.read",
            "orders.handle",
            "notices.read",
        ),
        # Reads, and nothing that names a person.
        "analyst": (
            "programs.read",
            "tags.read",
            "ledger.read",
            "donations.read",
            "rewards.read",
            "points.read",
            "orders.read",
            "partners.read",
            "forecasts.read",
            "forecasts.run",
            "settlement.read",
            "jobs.read",
        ),
    }
)
"""The roles of every program; nobody can change them."""


def listed(rights: tuple[str, ...]) -> tuple[str, ...]:
    """Rights one by one and in the order of the catalogue, also where they are everything."""
    return tuple(right for right in RIGHTS if right in rights or EVERYTHING in rights)
