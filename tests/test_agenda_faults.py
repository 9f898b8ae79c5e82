"""A worker dies at any of its writes, or another one is faster: the next run comes to the same as
if nothing had happened, and the accounts agree.
"""

from collections.abc import Iterator

import pytest

from chalicelib.entrance import AGENDA_HANDLERS
from chalicelib.receipts import service_months
from tests.support.club import House
from tests.support.due import MAKERS, Diary
from tests.support.wire import Wire


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A wire of this test's own."""
    with Wire().tapped() as tapped:
        yield tapped


@pytest.fixture(autouse=True)
def _few_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of the months that are checked after a purchase stand for all of them."""
    monkeypatch.setattr(service_months, "REMEMBERED", 1)


def test_every_kind_of_the_agenda_is_tried() -> None:
    assert MAKERS.keys() == AGENDA_HANDLERS.keys()


@pytest.mark.req("SV-1")
@pytest.mark.parametrize("kind", MAKERS)
def test_wherever_a_worker_dies_the_next_one_ends_it(house: House, wire: Wire, kind: str) -> None:
    diary = Diary(house, wire, kind)
    wanted = diary.play()
    places = diary.writes()
    assert len(places) >= 2  # what is done, and that it is done
    assert diary.play(times=5) == wanted
    for name in ("crash_before", "crash_after", "lost_reply", "conflict", "overtaken"):
        for place in places:
            assert diary.play(name, place) == wanted, f"{name} at call {place + 1}"


@pytest.mark.req("SV-1")
def test_wherever_a_run_dies_the_next_one_sends_what_is_left(house: House, wire: Wire) -> None:
    diary = Diary(house, wire, "ledger.burn_off")
    with house.later("P12D"):
        house.run_due()  # also what other tests left
        diary.put_back()
        sends = diary.running(house.now)
        house.run_due()
        wanted = diary.seen()
        assert len(sends) >= 1
        for name in ("crash_before", "crash_after"):
            for place in sends:
                diary.put_back()
                diary.running(house.now, name, place)
                house.run_due()
                assert diary.seen() == wanted
