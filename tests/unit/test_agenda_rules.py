"""How a day's work is parted: over shards, over pages, over the workers that take them at once."""

import random
from collections import Counter
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.agenda.model import PAGE, SHARDS, Entry, alternately, pages
from chalicelib.kernel.ids import symbols

DUE = "2026-12-31T21:00:00.000Z"
WORKERS = 40
"""Pages that are worked at the same time."""


def members() -> Iterator[str]:
    """Ids as members have them, the same each time."""
    chance = random.Random(7)
    while True:
        yield symbols(chance.randbytes(20)).lower()


def year_end(count: int) -> list[Entry]:
    """What is due when a year ends: everybody's points burn at one instant."""
    return [
        Entry("club", "ledger.burn_off", ref, DUE)
        for ref, _ in zip(members(), range(count), strict=False)
    ]


def by_shard(entries: list[Entry]) -> list[list[Entry]]:
    """As they stand in the table."""
    shards: list[list[Entry]] = [[] for _ in range(SHARDS)]
    for entry in sorted(entries, key=lambda one: one.ref):
        shards[entry.shard].append(entry)
    return shards


def test_a_day_with_50_000_due_is_even_over_shards_pages_and_workers() -> None:
    entries = year_end(50_000)
    shards = by_shard(entries)
    mean = len(entries) / SHARDS
    assert max(map(len, shards)) < 1.06 * mean
    assert min(map(len, shards)) > 0.94 * mean
    found = pages(list(alternately(shards)))
    assert sorted(one.ref for page in found for one in page.entries) == sorted(
        one.ref for one in entries
    )
    assert {len(page.entries) for page in found} == {PAGE}
    # Until the shortest shard is empty, whoever works at once works in all shards alike.
    for start in range(0, len(found) * 9 // 10, WORKERS):
        together = found[start : start + WORKERS]
        counted = Counter(one.shard for page in together for one in page.entries)
        share = sum(counted.values()) / SHARDS
        assert max(counted.values()) <= share + 1
        assert min(counted.values()) >= share - 1


def test_members_of_many_programs_are_even_too_and_one_member_has_one_shard() -> None:
    who = [
        (f"club-{number % 300}", ref) for ref, number in zip(members(), range(30_000), strict=False)
    ]
    counted = Counter(Entry(club, "any", ref, DUE).shard for club, ref in who)
    assert max(counted.values()) < 1.08 * len(who) / SHARDS
    for club, ref in who[:50]:
        assert len({Entry(club, kind, ref, DUE).shard for kind in ("a.b", "c.d")}) == 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=SHARDS))
def test_nothing_is_lost_or_twice_and_each_shard_keeps_its_order(lengths: list[int]) -> None:
    shards = [
        [Entry("club", "any", f"{shard}/{place:03}", DUE) for place in range(length)]
        for shard, length in enumerate(lengths)
    ]
    found = [one for page in pages(list(alternately(shards))) for one in page.entries]
    for shard, wanted in enumerate(shards):
        assert [one for one in found if one.ref.startswith(f"{shard}/")] == wanted
    assert len(found) == sum(lengths)
