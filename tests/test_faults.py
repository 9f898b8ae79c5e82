"""Whatever happens to any call that a request makes: the client sends the same request again, and
nothing is lost or doubled.

For every operation and every kind of fault: a clean run counts the calls, then each call in turn
goes wrong once in a fresh world, and answer, items and accounts must come out as if nothing had
happened.
"""

import random
import zlib
from collections.abc import Iterator

import pytest

from app import ROOMS
from chalicelib.kernel.http.routing import Operation, operations
from chalicelib.settlement import service as settlement_service
from chalicelib.settlement import store as settlement_store
from chalicelib.transfers import service_exports, store_exports
from tests.support.club import figure
from tests.support.faults import FAULTS, SESSION_OVER, Trial, differences, matters, skip_facts
from tests.support.world import World

OPERATIONS = list(operations(ROOMS))
ENDS_ITS_SESSION = {
    "members_erase",
    "members_sign_out",
    "members_sign_out_everywhere",
    "staff_change_password",
    "staff_sign_out",
    "staff_sign_out_everywhere",
}


_last: list[Trial] = []


@pytest.fixture
def trial(operation: Operation, world: World) -> Trial:
    """The operation's example with its clean run, kept for the tests of the same operation."""
    if not (_last and _last[0].is_of(world, operation)):
        _last[:] = [Trial(world, operation)]
    return _last[0]


@pytest.fixture(autouse=True)
def _few_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parts of each walk through the table: the calls that go wrong are those of the request
    that begins it.
    """
    for module in (settlement_service, settlement_store, service_exports, store_exports):
        monkeypatch.setattr(module, "SEGMENTS", 2)


@pytest.fixture(autouse=True)
def _no_backlog(world: World) -> Iterator[None]:
    """Thousands of facts nobody waits for would be delivered in some later test."""
    yield
    skip_facts(world)


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_retry_cures_each_fault_of_each_call(
    operation: Operation, kind: str, trial: Trial
) -> None:
    faults = []
    for index, call in enumerate(trial.clean.calls):
        if not matters(kind, call):
            continue
        outcome = trial.run({index: FAULTS[kind]})
        found = "; ".join(differences(outcome, trial.wanted(outcome)))
        if found:
            faults.append(f"{kind} at call {index + 1} ({call.action}): {found}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_the_same_request_twice_does_its_work_once(operation: Operation, trial: Trial) -> None:
    assert not list(differences(trial.again, trial.wanted(trial.again)))
    assert trial.again.status != SESSION_OVER or operation.name in ENDS_ITS_SESSION


@pytest.mark.soak
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_a_retry_cures_pairs_of_faults(operation: Operation, trial: Trial) -> None:
    seed = zlib.crc32(operation.name.encode())
    chance = random.Random(seed)
    # The retry makes calls of its own, so the second fault may lie beyond the clean run's last
    # call; where there is no call at all, none is reached.
    places = range(2 * max(1, len(trial.clean.calls)))
    for _ in range(figure(2, 8)):
        pair = sorted(chance.sample(places, 2))
        kinds = chance.choices(list(FAULTS), k=2)
        outcome = trial.run({place: FAULTS[kind] for place, kind in zip(pair, kinds, strict=True)})
        found = list(differences(outcome, trial.wanted(outcome)))
        assert not found, f"seed {seed}: {kinds} at calls {pair}: {found}"


def test_the_matrix_reaches_every_kind_of_call(world: World) -> None:
    """A guard of the guard: the wire sees reads, transactions, counters, messages and objects."""
    seen = {call.action for name in _some() for call in Trial(world, name).clean.calls}
    assert {"GetItem", "Query", "TransactWriteItems", "UpdateItem", "SendMessageBatch"} <= seen
    assert {"HEADObject", "GETObject", "PUTObject"} <= seen


def _some() -> list[Operation]:
    names = {"tags_create", "tags_register", "tags_verify", "members_send_code", "ledger_proof"}
    names |= {"files_complete"}
    return [operation for operation in OPERATIONS if operation.name in names]
