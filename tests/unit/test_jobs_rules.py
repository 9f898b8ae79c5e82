"""Jobs as values: progress, ends, patience."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.jobs.model import (
    GAVE_UP,
    MOST_RESUMES,
    STALLED_AFTER,
    Job,
    advanced,
    ended,
    is_stalled,
    resumed,
)
from chalicelib.kernel.clock import render

START = datetime(2026, 1, 31, 12, tzinfo=UTC)


def job(parts: int = 3, units: int = 30) -> Job:
    """A new job."""
    now = render(START)
    return Job(
        program="jewels",
        job="j",
        kind="test",
        ref="r",
        parts=parts,
        units=units,
        created_at=now,
        updated_at=now,
    )


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=40))
def test_a_job_is_done_with_its_last_part(counts: list[int]) -> None:
    """Queued, then running, then done; units add up."""
    one = job(len(counts), sum(counts))
    assert one.state == "queued"
    for number, units in enumerate(counts, 1):
        assert one.is_open
        one = advanced(one, units, START + timedelta(seconds=number))
        assert one.state == ("done" if number == len(counts) else "running")
    assert (one.parts_done, one.units_done) == (len(counts), sum(counts))
    assert not one.is_open


def test_only_silence_makes_a_job_stalled() -> None:
    """Progress resets the patience; a job that has ended is never taken up."""
    one = job()
    assert not is_stalled(one, START + STALLED_AFTER - timedelta(milliseconds=1))
    assert is_stalled(one, START + STALLED_AFTER)
    moved = advanced(one, 10, START + STALLED_AFTER)
    assert not is_stalled(moved, START + STALLED_AFTER)
    assert not is_stalled(ended(one, "cancelled", START), START + timedelta(days=9))


def test_a_hopeless_job_is_given_up() -> None:
    """It is taken up so many times in a row, and progress starts the count anew."""
    one = job()
    for _ in range(MOST_RESUMES):
        one = resumed(one, START)
        assert one.is_open
    assert resumed(one, START).state == "failed"
    assert resumed(one, START).error == GAVE_UP
    assert resumed(advanced(one, 1, START), START).resumes == 1
