"""Purchases of the example club: a receipt, one that is nobody's, and a quote that holds points."""

from typing import Any

from chalicelib.agenda.model import Entry
from chalicelib.counters.gates import CHECK
from chalicelib.gates.service import check
from chalicelib.kernel.clock import render
from tests.support.common import JEWELS
from tests.support.member import Member
from tests.support.partner import System
from tests.support.till import FIVE_PERCENT, RULE, Till, card_of

EARNING: dict[str, Any] = JEWELS["earning"]
WIDE = {"ever": 10**9, "program": 10**9}
"""Caps that bind nobody, so that what they count is there."""
TIERS: dict[str, Any] = {
    "over": {"type": "calendar", "period": "month"},
    "keeps_months": 12,
    "down": "one",
    "levels": [
        {
            "id": name,
            "name": dict.fromkeys(("ru", "en", "uk", "ar"), name.title()),
            "at_least": least,
            "privileges": [dict.fromkeys(("ru", "en", "uk", "ar"), f"Privilege of {name}")],
        }
        for name, least in (("red", 0), ("silver", 1_000_000), ("gold", 5_000_000))
    ],
}
"""Levels by the money of a calendar month, each kept for a year."""
PACKAGES: dict[str, Any] = {**TIERS, "assigned_by": "staff"}
"""The same, as staff assign them."""
GATES: dict[str, Any] = {
    "active": {
        "name": dict.fromkeys(("ru", "en", "uk", "ar"), "Options of the club"),
        "at_least": 1_000_000,
        "options": ["donations"],
        "warn_days": [7],
    }
}
"""What is open after purchases for 10 000.00 in a month."""
WELCOME = {
    **RULE,
    "id": "welcome",
    "trigger": "member_joined",
    "effect": {"type": "points", "points": 100},
}
TERMS: dict[str, Any] = {
    "earning": {
        **EARNING,
        "rules": [*EARNING.get("rules", []), {**FIVE_PERCENT, "caps": WIDE}, WELCOME],
    },
    "profile": {"complete": ["given_name", "birthday"]},
    "purchases": {"spending": {"point_value": 100}, "attach_days": 30},
}
"""What makes the example club take receipts, welcome members and thank for a profile."""


def things(member: Member, system: System) -> list[list[dict[str, Any]]]:
    """For each thing its one state."""
    till = Till(member.club, system)
    sold = till.sell(1_250_000, 60_000, member=member)
    now = member.club.house.now
    check(Entry(member.club.id, CHECK, member.id, render(now)), now)  # as the agenda would
    left = till.sell(50_000)
    quoted = till.priced(50_000, member=member, hold={"points": 10})
    return [
        [{"receipt": sold["receipt"]}],
        [{"receipt_code": left["receipt_code"]}],
        [{"quote": quoted["hold"]["quote"]}],
        [{"card": card_of(member)}],
        [{"at": till.now}],
    ]
