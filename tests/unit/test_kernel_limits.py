"""Limits: so many tries in a window, counted for one subject alone, on the real engine."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel.limits import CACHE_FOR, Limit

AT = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def program() -> str:
    """A program of its own for each test."""
    return f"club-{uuid.uuid4().hex[:12]}"


def fresh(most: int = 3) -> Limit:
    """The limit as another process has it: with an empty cache."""
    return Limit("test", most, HOUR)


def test_the_lock_trips_at_the_limit_and_opens_with_the_window(program: str) -> None:
    limit = fresh()
    for number in (1, 2, 3):
        assert limit.retry_after(program, "ann", AT) == 0
        assert limit.count(program, "ann", AT) == number
    assert limit.retry_after(program, "ann", AT) == 30 * 60
    assert limit.retry_after(program, "ann", AT + timedelta(minutes=29, seconds=59)) == 1
    assert limit.retry_after(program, "ann", AT + timedelta(minutes=30)) == 0


def test_others_are_not_locked_with_one(program: str) -> None:
    limit = fresh(1)
    limit.count(program, "ann", AT)
    assert limit.retry_after(program, "ann", AT) > 0
    assert limit.retry_after(program, "bob", AT) == 0
    assert limit.retry_after(program + "x", "ann", AT) == 0
    assert Limit("other", 1, HOUR).retry_after(program, "ann", AT) == 0


def test_processes_see_each_others_counts(program: str) -> None:
    for _ in range(3):
        fresh().count(program, "ann", AT)
    assert fresh().retry_after(program, "ann", AT) > 0


def test_a_stale_cache_lasts_seconds(program: str) -> None:
    mine, other = fresh(1), fresh(1)
    assert mine.retry_after(program, "ann", AT) == 0
    other.count(program, "ann", AT)
    assert mine.retry_after(program, "ann", AT) == 0
    assert mine.retry_after(program, "ann", AT + CACHE_FOR) > 0


def test_a_clock_set_back_does_not_trust_the_cache(program: str) -> None:
    limit = fresh(1)
    limit.retry_after(program, "ann", AT)
    fresh(1).count(program, "ann", AT)
    assert limit.retry_after(program, "ann", AT - timedelta(seconds=1)) > 0


def test_parallel_tries_are_all_counted(program: str) -> None:
    limit = fresh(100)
    with ThreadPoolExecutor(16) as pool:
        numbers = sorted(pool.map(lambda _: limit.count(program, "ann", AT), range(64)))
    assert numbers == list(range(1, 65))


def test_a_figure_of_the_stage_overrides_the_limits_own(program: str) -> None:
    limit = fresh(0)
    assert limit.retry_after(program, "ann", AT) > 0
    assert limit.retry_after(program, "ann", AT, most=1) == 0
    limit.count(program, "ann", AT)
    assert limit.retry_after(program, "ann", AT, most=1) > 0
