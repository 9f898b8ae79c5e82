"""The checker itself: it believes what happened, and nothing that cannot have."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.linearizability import Operation, linearizable

CLIENTS = 8
STEPS = 400


def account(balance: int, operation: Operation) -> int | None:
    """An account: ``read`` answers the balance, a number is added and answers the balance after."""
    after = balance if operation.asked == "read" else balance + operation.asked
    return after if operation.ended is None or operation.answered == after else None


def history(seed: int, steps: int = STEPS) -> list[Operation]:
    """What a correct account could answer: each operation acts at one instant inside its span."""
    chance = random.Random(seed)
    spans: list[tuple[float, float, float, object]] = []
    for _ in range(CLIENTS):
        now = chance.random()
        for _ in range(steps // CLIENTS):
            began, acted = now, now + chance.random()
            ended = acted + chance.random()
            asked = "read" if chance.random() < 0.5 else chance.randint(-50, 50) or 1
            spans.append((acted, began, ended, asked))
            now = ended + chance.random() * 0.2
    return list(_answered(spans, chance))


def _answered(
    spans: list[tuple[float, float, float, object]], chance: random.Random
) -> Iterator[Operation]:
    balance = 0
    for _, began, ended, asked in sorted(spans, key=lambda span: span[0]):
        unknown = asked != "read" and chance.random() < 0.01
        if isinstance(asked, int) and not (unknown and chance.random() < 0.5):
            balance += asked
        yield Operation(began, None if unknown else ended, asked, balance)


def lost_update(good: list[Operation], chance: random.Random) -> list[Operation]:
    """An acknowledged change that no later answer shows."""
    changes = [
        at
        for at, one in enumerate(good[: STEPS // 2])
        if one.asked != "read" and one.ended is not None
    ]
    at = chance.choice(changes)
    less = good[at].asked
    return good[: at + 1] + [replace(one, answered=one.answered - less) for one in good[at + 1 :]]


def done_twice(good: list[Operation], chance: random.Random) -> list[Operation]:
    """A change that had its effect once more."""
    at = chance.choice([at for at, one in enumerate(good[: STEPS // 2]) if one.asked != "read"])
    more = good[at].asked
    return good[: at + 1] + [replace(one, answered=one.answered + more) for one in good[at + 1 :]]


def stale_read(good: list[Operation], chance: random.Random) -> list[Operation]:
    """A read that answers what was true long before it began."""
    reads = [at for at, one in enumerate(good) if at > 100 and one.asked == "read"]
    at = chance.choice(reads)
    lately = {one.answered for one in good[at - 80 : at + 80]}
    old = next(one.answered for one in good if one.answered not in lately)
    return [*good[:at], replace(good[at], answered=old), *good[at + 1 :]]


@pytest.mark.parametrize("seed", range(10))
def test_a_correct_account_is_believed(seed: int) -> None:
    assert linearizable(history(seed), 0, account)


@pytest.mark.parametrize("bug", [lost_update, done_twice, stale_read])
def test_twenty_of_twenty_buggy_accounts_are_caught(bug: object) -> None:
    assert callable(bug)
    caught = [
        not linearizable(bug(history(seed), random.Random(seed)), 0, account) for seed in range(20)
    ]
    assert sum(caught) == 20


def test_an_unknown_outcome_may_have_happened_late_or_never() -> None:
    lost = Operation(0, None, 5)
    for seen in ([0, 0, 0], [0, 0, 5], [0, 5, 5], [5, 5, 5]):
        reads = [Operation(1 + at, 1.5 + at, "read", balance) for at, balance in enumerate(seen)]
        assert linearizable([lost, *reads], 0, account)
    back = [Operation(1 + at, 1.5 + at, "read", balance) for at, balance in enumerate([5, 0])]
    assert not linearizable([lost, *back], 0, account)


def test_real_time_is_kept() -> None:
    change = Operation(0, 1, 5, 5)
    assert linearizable([change, Operation(0.5, 2, "read", 0)], 0, account)
    assert not linearizable([change, Operation(1.5, 2, "read", 0)], 0, account)
