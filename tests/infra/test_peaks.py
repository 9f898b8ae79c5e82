"""The simulated peaks: a simulator that loses, invents or favours nothing."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.costs import model, prices
from infra.local.resources import ROOT
from infra.peaks import __main__ as peaks
from infra.peaks import scenes
from infra.peaks.arrivals import Arrivals, ByHours, Diary, Evenly
from infra.peaks.play import Endless, Outcome, play
from infra.peaks.stations import Functions, Gateway, HotKey, Limits, Pollers, Station, Units

PAGE = ROOT / "docs" / "scaling.md"
_, LIMITS = scenes.read()

amounts = st.integers(1, 20_000)
times = st.integers(1, 300)


def through(arrivals: Arrivals, limits: Limits = LIMITS, us: int = 50_000) -> Outcome:
    """A play through one of each station."""
    stations: list[Station] = [
        Gateway(700, 300),
        Functions(limits, us),
        Units("writes", limits, limits.writes, limits.new_table_writes, 8_000),
        HotKey("a partition", 600, 60),
    ]
    return play(arrivals, stations)


@given(amounts, times)
def test_whatever_comes_passes_once_and_nothing_is_fuller_than_full(total: int, lasts: int) -> None:
    outcome = through(Evenly(total, lasts))
    assert outcome.passed == total
    assert outcome.seconds >= min(lasts, total)
    assert outcome.longest_wait_s <= outcome.behind_s <= outcome.seconds
    assert outcome.loads["Lambda"] <= 1000
    assert outcome.loads["writes"] <= 1000
    assert outcome.loads["a partition"] <= 1000


@given(amounts, times)
def test_the_same_play_ends_the_same(total: int, lasts: int) -> None:
    assert through(Evenly(total, lasts)) == through(Evenly(total, lasts))


@given(amounts, times, st.integers(1, 2_000))
def test_more_at_once_never_is_over_later(total: int, lasts: int, fewer: int) -> None:
    small = msgspec.structs.replace(LIMITS, functions=min(fewer, LIMITS.functions))
    narrow, wide = through(Evenly(total, lasts), small), through(Evenly(total, lasts))
    assert wide.seconds <= narrow.seconds
    assert wide.longest_wait_s <= narrow.longest_wait_s


@given(amounts, st.lists(st.integers(0, 50), min_size=1, max_size=24).filter(any))
def test_a_day_brings_all_of_it_and_never_takes_back(total: int, weights: list[int]) -> None:
    day = ByHours(total, weights)
    come = [day.by(second, 0) for second in range(0, len(weights) * 3600 + 1, 599)]
    assert come == sorted(come)
    assert day.by(len(weights) * 3600 - 1, 0) == total


@given(st.integers(1, 3_000), st.integers(1, 800), st.integers(0, 200), st.integers(1, 60))
def test_the_diary_sends_each_page_once_and_all_of_them(
    total: int, most: int, busy: int, workers: int
) -> None:
    outcome = play(Diary(total, most, busy), [Pollers(LIMITS, workers, 200_000)])
    assert outcome.passed == total
    assert outcome.waiting <= most
    assert outcome.seconds >= (total - 1) // most * 60


def test_what_is_too_narrow_for_ever_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.peaks.play.ENDLESS_S", 100)
    with pytest.raises(Endless):
        play(Evenly(1, 1), [Functions(LIMITS, 2_000_000_000)])


def test_a_table_doubles_half_an_hour_after_its_peak_and_stops_at_its_quota() -> None:
    units = Units("writes", LIMITS, 10_000, 4_000, 1_000)
    seen = []
    for _ in range(3 * LIMITS.doubles_after_s + 2):
        seen.append(units.most())
        units.passed(units.most())
    assert seen[0] == seen[LIMITS.doubles_after_s] == 4_000
    assert seen[LIMITS.doubles_after_s + 1] == 8_000
    assert seen[-1] == 10_000


def test_workers_begin_few_and_grow_by_the_minute_up_to_the_stages_own() -> None:
    pollers = Pollers(LIMITS, 500, 1_000_000)
    seen = []
    for _ in range(181):
        seen.append(pollers.most())
        pollers.passed(pollers.most())
    assert (seen[0], seen[60], seen[120], seen[180]) == (5, 305, 500, 500)


@pytest.mark.req("SV-5")
def test_twenty_million_members_and_fifty_partners_have_their_peaks_behind_them_in_time() -> None:
    assumed, limits = scenes.read()
    assert (assumed.members, assumed.partners) == (20_000_000, 50)
    known = model.read(prices.read())
    deployed = scenes.Stage(requests=5_000, burst=5_000, workers=50)
    ends = {
        scene.title: play(scene.arrivals, scene.stations)
        for scene in scenes.scenes(known, assumed, limits, deployed)
    }
    day = ends["a peak day: sales"]
    assert (day.behind_s, day.seconds) == (0, 86_400)
    assert max(day.loads.values()) < 500, "half of everything is left"
    # Late is not wrong on 1 January, but the day must not be over before its burn-offs are.
    assert ends["1 January: burn-offs, as deployed"].seconds < 4 * 3600
    assert ends["a night's file of all partners: receipts, by 25"].seconds < 6 * 3600


@pytest.mark.req("SV-5")
def test_the_page_tells_what_the_play_gives(tmp_path: Path) -> None:
    assert peaks.main(["--check", str(PAGE)]) == 0
    older = tmp_path / "scaling.md"
    older.write_text(PAGE.read_text().replace("| a peak day", "| a quiet day"))
    assert peaks.main(["--check", str(older)]) == 1
