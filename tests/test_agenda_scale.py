"""What the agenda costs follows what is due, whatever the number of members.

The members stand in a table of their own as the API wrote one of them; units are those that the
engine says were consumed.
"""

import copy
import zlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from bench.meter import Bill, Meter
from chalicelib import entrance
from chalicelib.agenda import service as agenda
from chalicelib.agenda import store
from chalicelib.agenda.model import SHARDS
from chalicelib.kernel.clock import day_begins, local_date
from chalicelib.kernel.table import keys
from chalicelib.ledger.posting import BURN_OFF
from chalicelib.ledger.service import account, prove
from tests.support import stored
from tests.support.club import Club, House, figure
from tests.support.copies import copied, taken
from tests.support.stored import Image

DUE = 200
SIZES = (1_000, 10_000, 100_000)[: figure(2, 3)]
LATE = date(9000, 1, 1)
"""When the points of all others begin to burn."""
ZONE = "Asia/Kathmandu"
"""Its days begin at a quarter past the hour, when no other test has anything due."""


class Crowd:
    """Members of one club, copies of one who joined over the API and has 50 points."""

    def __init__(self, club: Club) -> None:
        """Nobody is there but the one."""
        self.club = club
        joined = club.join()
        joined.adjust(50)
        found = list(stored.partition(keys.member(club.id, joined.id)))
        by_key = {stored.key_of(item)[1]: item for item in found}
        self._items = [by_key["HEAD"], by_key["E#000000000001"]]
        self._burns = str(joined.account()["lots"][0]["burns_on"])
        self.size = 0

    def grow(self, to: int, last: date) -> list[str]:
        """More members, until there are ``to``; what :data:`DUE` of them have burns with a day.

        Returns these.
        """
        new = [f"{number:020}" for number in range(self.size, to)]
        self.size = to
        for start in range(0, len(new), 1000):
            part = new[start : start + 1000]
            images = self._images(part, last if start == 0 else None)
            stored.put_back({stored.key_of(one): one for one in images}, {})
        return new[:DUE]

    def _images(self, names: list[str], last: date | None) -> Iterator[Image]:
        for place, name in enumerate(names):
            if last is not None and place < DUE:
                yield from self._of(name, last)
            else:
                yield from self._of(name, LATE + timedelta(days=place % 300))

    def _of(self, name: str, last: date) -> Iterator[Image]:
        # An entry is read for a proof alone, so only those have theirs to whom something happens.
        for item in self._items[: 1 if last >= LATE else None]:
            made: Any = copy.deepcopy(item)
            made["pk"]["S"] = keys.member(self.club.id, name)
            if "lots" in made:
                made["lots"]["S"] = made["lots"]["S"].replace(self._burns, last.isoformat())
            else:
                told = zlib.decompress(made["body"]["B"])
                last_day = last.isoformat().encode()
                made["body"]["B"] = zlib.compress(told.replace(self._burns.encode(), last_day))
            yield made
        armed = agenda.arm(self.club.id, BURN_OFF, name, burns(last), self.club.house.now)
        yield armed.actions[0]["Put"]["Item"]


def burns(last: date) -> datetime:
    """When points burn that last until the end of a day."""
    return day_begins(last + timedelta(days=1), ZONE)


def silently(house: House) -> None:
    """Deliver what waits, but tell nobody of it."""
    with patch.object(entrance, "publish_facts", lambda _: None):
        house.pump()


def billed(meter: Meter, house: House) -> tuple[Bill, int]:
    """What one run and its workers consume, and how much they were sent."""
    sent: list[int] = []
    store.reopen((house.now - timedelta(days=1)).date().isoformat())

    def work(_: None) -> None:
        sent.append(agenda.run(house.now))
        silently(house)

    return meter.measure(lambda: None, work, 1), sent[0]


@pytest.mark.req("SV-5")
@pytest.mark.timeout(figure(300, 1800))
def test_what_a_due_item_costs_does_not_grow_with_the_members(house: House) -> None:
    club = house.new_club(burn={"type": "after", "count": 10, "unit": "day"}, zone=ZONE)
    crowd = Crowd(club)
    with copied(taken([club.id])), house.later("P30D") as go:
        meter = Meter()
        each, idle = [], []
        for size in SIZES:
            last = local_date(house.now, ZONE) + timedelta(days=1)
            burning = crowd.grow(size, last)
            go(int((burns(last) - house.now).total_seconds()) - 60)
            house.run_due()
            silently(house)  # what other tests told is no part of it
            go(120)
            bill, sent = billed(meter, house)
            assert DUE <= sent < DUE + 20
            assert {account(club.id, name).balance for name in burning} == {0}
            assert prove(club.id, burning[0]).agrees
            assert account(club.id, f"{size - 1:020}").balance == 50
            each.append((bill.read_units / sent, bill.write_units / sent))
            idle.append(billed(meter, house)[0].read_units)
    (reads, writes), *more = each
    for r, w in more:
        assert r <= reads * 1.05
        assert w <= writes * 1.05
    # What docs/scaling.md reckons with.
    assert (round(reads, 1), round(writes)) == (1.7, 6)
    # A run that finds nothing asks each shard of yesterday and today, and where the diary stands.
    assert max(idle) <= 2 * SHARDS + 2
