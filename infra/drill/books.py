"""The platform's own reconciliation over the table that the settings name: each account's entries
against its head, by the very code that the sweeper uses.
"""

from collections import Counter

import msgspec

from chalicelib.kernel.table import scans
from chalicelib.kernel.table.scans import Cursor
from chalicelib.ledger.model import LedgerLawBroken
from chalicelib.ledger.service import prove


class Books(msgspec.Struct, frozen=True):
    """What the accounts of a table come to."""

    accounts: int
    entries: int
    points: dict[str, int]
    """Balances by program."""
    disagreeing: list[str]
    """Accounts whose entries do not add up to their head, as program and member id."""


def reconciled() -> Books:
    """Prove every account. Reads all heads, by a scan, and all entries, by strong reads."""
    accounts = entries = 0
    points: Counter[str] = Counter()
    wrong: list[str] = []
    cursor: Cursor | None = {}
    while cursor is not None:
        images, cursor = scans.page(cursor)
        for head in (one for one in images if one["sk"]["S"] == "HEAD"):
            program, kind, member = (*head["pk"]["S"].split("#"), "")[:3]
            if kind != "M":
                continue
            accounts += 1
            try:
                proof = prove(program, member)
            except (LedgerLawBroken, msgspec.ValidationError):
                wrong.append(f"{program}/{member}")
                continue
            entries += proof.entries
            points[program] += proof.balance
            if not proof.agrees:
                wrong.append(f"{program}/{member}")
    return Books(accounts, entries, dict(sorted(points.items())), wrong)
