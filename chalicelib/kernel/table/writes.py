"""Atomic change: rooms return :class:`Writes`, the use case commits them once.

:func:`transact` is the shape of every mutating use case: read, decide, commit; when somebody else
was faster, read and decide again. A retry after a lost reply therefore meets its own guard and
renders the original outcome instead of acting twice.
"""

import random
import time
import uuid
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel.errors import Busy, Unavailable
from chalicelib.kernel.table.failures import is_passing
from chalicelib.kernel.table.items import Item, client

R = TypeVar("R")

MAX_ITEMS = 100
MAX_BYTES = 4_000_000
DECISIONS = 24
"""How often a use case is decided anew before the caller is told that we are busy."""
COMMIT_TRIES = 5


class ConditionFailed(Exception):
    """What the decision rested on is no longer so; decide again. Never shown to a caller."""


class Writes:
    """The changes of one use case, in order, at most one per key."""

    def __init__(self) -> None:
        """No changes yet."""
        self.actions: list[dict[str, Any]] = []
        self._keys: set[tuple[str, str]] = set()

    def put_new(self, item: Item) -> "Writes":
        """Add an item that must not exist yet."""
        return self.put(item, Item.pk.does_not_exist())

    def put(self, item: Item, condition: Condition | None) -> "Writes":
        """Add or replace a whole item."""
        return self._add("Put", item, item.get_save_kwargs_from_instance(condition=condition))

    def update(self, item: Item, actions: Sequence[Action], condition: Condition) -> "Writes":
        """Change some attributes of an existing item; attributes unknown to this version stay."""
        return self._add(
            "Update",
            item,
            item.get_update_kwargs_from_instance(actions=list(actions), condition=condition),
        )

    def delete(self, item: Item, condition: Condition | None = None) -> "Writes":
        """Remove an item."""
        return self._add("Delete", item, item.get_delete_kwargs_from_instance(condition=condition))

    def check(self, item: Item, condition: Condition) -> "Writes":
        """Let everything depend on another item that does not change."""
        return self._add(
            "ConditionCheck", item, item.get_delete_kwargs_from_instance(condition=condition)
        )

    def __iadd__(self, other: "Writes") -> "Writes":
        """Take over what another room wants."""
        for action, key in zip(other.actions, keys_of(other), strict=True):
            self._claim(key)
            self.actions.append(action)
        return self

    def __len__(self) -> int:
        """How many items change."""
        return len(self.actions)

    @property
    def size(self) -> int:
        """Bytes, no fewer than DynamoDB counts."""
        return _size(self.actions)

    def _add(self, verb: str, item: Item, arguments: dict[str, Any]) -> "Writes":
        self._claim((item.pk, item.sk))
        self.actions.append({verb: arguments})
        return self

    def _claim(self, key: tuple[str, str]) -> None:
        if key in self._keys:
            raise AssertionError(f"two changes of {key} in one transaction")
        self._keys.add(key)
        if len(self._keys) > MAX_ITEMS:
            raise AssertionError(f"more than {MAX_ITEMS} items in one transaction")


def keys_of(writes: Writes) -> list[tuple[str, str]]:
    """The keys of the changes, in their order."""
    return [_key(action) for action in writes.actions]


def commit(writes: Writes) -> None:
    """Make all changes or none. No changes: nothing is sent.

    Conflicts and throttles are tried again, with jitter and under one request token, so that a
    lost reply cannot apply them twice.

    Raises:
        ConditionFailed: a condition did not hold.
        Unavailable: the table did not answer; whether the change was made is unknown, so the
        caller must
            send the same request again.
    """
    if not writes.actions:
        return
    _refuse_oversize(writes)
    token = str(uuid.uuid4())
    for attempt in range(COMMIT_TRIES):
        try:
            client().transact_write_items(TransactItems=writes.actions, ClientRequestToken=token)
            return
        except ClientError as error:
            if not _is_passing(error):
                raise
        except BotoCoreError as error:
            raise Unavailable(retry_after=1) from error
        pause(attempt)
    raise Busy(retry_after=1)


def transact(decide: Callable[[bool], tuple[Writes, R]]) -> R:
    """Decide and commit until the decision still holds when it is committed; return its outcome.

    ``decide(strong)`` must read afresh each time, with strong reads when told so (from the second
    time on: the first may take the cheap ones, because the conditions catch what was stale). It
    returns no writes for a request that was done before.
    """
    for attempt in range(DECISIONS):
        writes, outcome = decide(attempt > 0)
        try:
            commit(writes)
            return outcome
        except ConditionFailed:
            pause(attempt)
    raise Busy(retry_after=1)


def pause(attempt: int) -> None:
    """Full jitter up to half a second (AWS Architecture Blog, "Exponential Backoff And Jitter")."""
    time.sleep(random.uniform(0, min(0.5, 0.005 * 2**attempt)))  # nosec B311


def _is_passing(error: ClientError) -> bool:
    reasons = {reason.get("Code") for reason in error.response.get("CancellationReasons", [])}
    if "ConditionalCheckFailed" in reasons:
        raise ConditionFailed from error
    return is_passing(error)


def _key(action: dict[str, Any]) -> tuple[str, str]:
    ((_, arguments),) = action.items()
    stored = arguments.get("Item") or arguments["Key"]
    return stored["pk"]["S"], stored["sk"]["S"]


def _size(value: Any) -> int:
    """Bytes in UTF-8, names of attributes and types with them: no less than DynamoDB counts."""
    if isinstance(value, dict):
        return sum(_size(name) + _size(one) for name, one in value.items())
    if isinstance(value, list | tuple | set):
        return sum(map(_size, value))
    return len(value) if isinstance(value, bytes) else len(str(value).encode())


def _refuse_oversize(writes: Writes) -> None:
    if writes.size > MAX_BYTES:
        raise AssertionError("more than 4 MB in one transaction")
