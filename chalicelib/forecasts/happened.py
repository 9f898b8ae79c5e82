"""What happened to members, in its order: receipts, and what came back of them. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.forecasts.model import Past
from chalicelib.kernel.clock import parse


class Step(NamedTuple):
    """One thing that happens to a member: a receipt, or one of its returns."""

    at: datetime
    order: int
    """0: a receipt; 1 and above: its returns, so that none comes before it."""
    past: Past


def steps(receipts: Iterable[Past], zone: str, shift_days: int = 0) -> list[Step]:
    """Receipts and their returns in the order in which they happened."""
    found = []
    for past in receipts:
        found.append(Step(_moved(past.sold.at, zone, shift_days), 0, past))
        found += [
            Step(_moved(back.at, zone, shift_days), number, past)
            for number, back in enumerate(past.returns, start=1)
        ]
    found.sort(key=lambda one: (one.at, one.order, one.past.receipt))
    return found


def _moved(at: str, zone: str, days: int) -> datetime:
    found = parse(at)
    if not days:
        return found
    local = found.astimezone(ZoneInfo(zone)) + timedelta(days=days)
    return local.astimezone(UTC)
