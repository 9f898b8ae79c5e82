"""What has lists of its own of what ends, and the daily round: whoever dies at any write, the next
run comes to the same as if nothing had happened, and the accounts agree.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.kernel.facts import image
from chalicelib.kernel.table import keys
from chalicelib.ledger.service import prove
from chalicelib.receipts import held, store_quotes
from chalicelib.sweeper import service as sweeper
from chalicelib.tags import service as tags
from chalicelib.tags import store_batches
from tests.support.club import Club, House, Member
from tests.support.due import TERMS
from tests.support.faults import FAULTS, alike
from tests.support.kept import Kept
from tests.support.till import shop
from tests.support.wire import Wire
from tests.support.world import forget

LATER = timedelta(days=12)
Act = Callable[[datetime], object]


def round_of_all(at: datetime) -> object:
    """The sweeper's daily round, from wherever it stands."""
    return sweeper.sweep((), (), at, lambda: True, force=True)


ACTS: dict[str, Act] = {
    "held quotes": held.end_due,
    "print windows": tags.close_expired_windows,
    "daily round": round_of_all,
}


class Evening(Kept):
    """A member with something of everything that ends by itself."""

    def __init__(self, house: House, wire: Wire, act: Act) -> None:
        """Make it; ``wire`` must be tapped."""
        super().__init__(wire)
        self.at, self._act = house.now + LATER, act
        spending = {"spending": {"point_value": 100}}
        self.club: Club = house.new_club(**TERMS, purchases=spending)
        self.clubs = {self.club.id}
        self.member: Member = self.club.join()
        till = shop(self.club)
        self.member.adjust(50)
        till.sell(6_000_000, member=self.member)
        till.priced(10_000, member=self.member, hold={"points": 20})
        self.club.tags(1)  # prints them
        self.before = self.dump()

    def play(self, name: str = "", call: int = 0) -> tuple[Counter[str], list[int]]:
        """Run, and once more; the fault ``name`` meets a ``call`` of the first run. What there is
        then, and the calls of the first run that wrote.
        """
        self.put_back()
        forget()
        with self.wire.watching({call: FAULTS[name]} if name else {}) as calls:
            process = threading.Thread(target=self._act, args=(self.at,))
            process.start()
            process.join()
            places = [place for place, sent in enumerate(calls) if sent.writes]
        self._act(self.at)
        assert prove(self.club.id, self.member.id).agrees
        return Counter(map(alike, self.dump().values())), places

    def own(self, found: Iterable[Any]) -> list[Any]:
        """What of it is the club's."""
        return [one for one in found if one.program == self.club.id]

    def page(self, *_: object) -> tuple[list[dict[str, object]], None]:
        """The member's items, as if the table held nothing else."""
        pk = keys.member(self.club.id, self.member.id)
        return [image(item) for (of, _), item in self.dump().items() if of == pk], None


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A wire of this test's own."""
    with Wire().tapped() as tapped:
        yield tapped


@pytest.mark.parametrize("name", ACTS)
def test_wherever_it_dies_the_next_run_ends_it(
    house: House, wire: Wire, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = Evening(house, wire, ACTS[name])
    # What other tests left is no part of it, and stays theirs.
    due, windows = store_quotes.due, store_batches.windows
    monkeypatch.setattr(store_quotes, "due", lambda at: evening.own(due(at)))
    monkeypatch.setattr(store_batches, "windows", lambda: evening.own(windows()))
    monkeypatch.setattr(sweeper, "_page", evening.page)
    wanted, places = evening.play()
    assert wanted != Counter(map(alike, evening.before.values()))
    assert places
    for fault in ("crash_before", "crash_after", "lost_reply", "conflict", "throttle"):
        for place in places:
            assert evening.play(fault, place)[0] == wanted, f"{fault} at call {place + 1}"
