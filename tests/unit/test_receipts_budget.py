"""Budgets in shards: the parts are the whole, and no more than the whole is ever given."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.receipts import budget, store

MOST = st.integers(1, 1000) | st.integers(1, 10**9)


@given(MOST)
def test_the_parts_add_up_and_none_is_empty(most: int) -> None:
    parts = [budget.part_of(most, shard) for shard in range(store.SHARDS)]
    used = parts[: budget.shards_of(most)]
    assert sum(parts) == most
    assert min(used) >= 1
    assert max(used) - min(used) <= 1
    assert not any(parts[budget.shards_of(most) :])


@given(MOST, st.text(min_size=1, max_size=20))
def test_each_member_has_a_shard_that_is_there(most: int, member: str) -> None:
    shard = budget.own_shard(member, most)
    assert budget.part_of(most, shard) >= 1
    assert shard == budget.own_shard(member, most)


def test_members_are_spread_over_all_shards() -> None:
    found = {budget.own_shard(f"member-{number}", 10**6) for number in range(500)}
    assert found == set(range(store.SHARDS))
