"""What becomes of a claim follows from the registration, the deadline and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.kernel.clock import day_begins, render
from chalicelib.programs.claims import Claims, in_window, lapses_at
from chalicelib.tags.model import Item, Name
from chalicelib.tags.model_claims import Claim, End, Registered, lapse_due, outcome

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
CLAIM = Claim(
    program="jewels",
    member="ann",
    serial="7K3M9QWX2B4D",
    at=render(NOON),
    item=Item(sku="R", category="ring", name=Name(en="Ring")),
    partner="rubin",
    lapses_at=render(NOON + timedelta(days=1)),
)
SECONDS = st.integers(-(10**6), 10**6)


@given(SECONDS, SECONDS)
def test_the_instant_of_the_registration_decides_and_not_that_of_the_look(
    bought: int, looked: int
) -> None:
    at = NOON + timedelta(seconds=looked)
    made = Registered("buyer", render(NOON + timedelta(days=1, seconds=bought)))
    wanted = End("credited") if bought < 0 else End("lapsed", "deadline")
    assert outcome(CLAIM, made, at) == wanted
    assert outcome(CLAIM, Registered("ann", made.at), at) == End("withdrawn", "own_item")


@given(SECONDS)
def test_an_item_that_nobody_registers_waits_until_a_minute_after_the_deadline(looked: int) -> None:
    found = outcome(CLAIM, None, NOON + timedelta(days=1, seconds=looked))
    assert found == (None if looked < 60 else End("lapsed", "deadline"))


def test_a_claim_without_a_deadline_waits() -> None:
    endless = replace(CLAIM, lapses_at="")
    assert outcome(endless, None, NOON + timedelta(days=9999)) is None
    assert outcome(endless, Registered("b", render(NOON)), NOON) == End("credited")


@pytest.mark.parametrize(
    ("days", "late", "counts"),
    [(0, 0, False), (1, 0, True), (1, 1, False), (3, 2, True), (3, 3, False)],
)
def test_the_window_counts_local_days_with_that_of_the_registration(
    days: int, late: int, counts: bool
) -> None:
    registered = date(2026, 2, 27)
    today = registered + timedelta(days=late)
    assert in_window(Claims(window_days=days), registered, today) == counts


def test_a_deadline_is_a_local_midnight_also_when_clocks_change() -> None:
    terms, zone = Claims(deadline_days=2), "Europe/Berlin"
    assert lapses_at(Claims(), date(2026, 3, 28), zone) is None
    until = lapses_at(terms, date(2026, 3, 28), zone)
    assert until == day_begins(date(2026, 3, 30), zone) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert lapse_due(CLAIM) == NOON + timedelta(days=1, minutes=1)
