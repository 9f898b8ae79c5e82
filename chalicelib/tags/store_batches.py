"""How batches, their print windows and the mass of their tags are stored and read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.tags import model
from chalicelib.tags.store import TAG, TagItem


class BatchItem(Item):
    """A batch of equal tags. ``seed`` is erased when its print window closes."""

    batch = UnicodeAttribute()
    job = UnicodeAttribute()
    item: PackedAttribute[model.Item] = PackedAttribute(model.Item)
    size = IntAttribute()
    partner = UnicodeAttribute(null=True)
    created_at = UnicodeAttribute()
    created_by = UnicodeAttribute()
    seed = UnicodeAttribute(null=True)
    opened_at = UnicodeAttribute(null=True)
    opened_by = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    until = UnicodeAttribute(null=True)
    closed_at = UnicodeAttribute(null=True)
    closed_by = UnicodeAttribute(null=True)

    @property
    def program(self) -> str:
        """The club it belongs to."""
        return self.pk.partition("#")[0]


class WindowItem(Item):
    """An open print window, where the schedule finds it by its end."""

    program = UnicodeAttribute()
    batch = UnicodeAttribute()
    until = UnicodeAttribute()


def batch(program: str, batch_id: str) -> BatchItem | None:
    """One batch or nothing (a strong read: what is printed and destroyed rests on it)."""
    return BatchItem.find(keys.batches(program), batch_key(batch_id), strong=True)


def batches(program: str, after: str | None, limit: int) -> Iterator[BatchItem]:
    """A program's batches, newest first."""
    pk = keys.batches(program)
    return BatchItem.below(pk, "BATCH#", newest_first=True, after=after, limit=limit)


def batch_key(batch_id: str) -> str:
    """Sort key of a batch; its id sorts in the order of time."""
    return f"BATCH#{batch_id}"


def opened(found: BatchItem, at: str, by: str, reason: str, until: str) -> Writes:
    """The print window opens, once."""
    writes = Writes().update(
        found,
        [
            BatchItem.opened_at.set(at),
            BatchItem.opened_by.set(by),
            BatchItem.reason.set(reason),
            BatchItem.until.set(until),
        ],
        BatchItem.seed.exists() & BatchItem.opened_at.does_not_exist(),
    )
    return writes.put_new(_window(found, until))


def shipped(found: BatchItem, partner: str) -> Writes:
    """To whom the batch was shipped, if nobody said otherwise meanwhile."""
    field = BatchItem.partner
    unchanged = BatchItem.pk.exists() & (
        field == found.partner if found.partner else field.does_not_exist()
    )
    turned = field.set(partner) if partner else field.remove()
    return Writes().update(BatchItem(found.pk, found.sk), [turned], unchanged)


def shredded(found: BatchItem, at: str, by: str) -> Writes:
    """The seed is gone, and with it every code of the batch."""
    writes = Writes().update(
        found,
        [BatchItem.seed.remove(), BatchItem.closed_at.set(at), BatchItem.closed_by.set(by)],
        BatchItem.closed_at.does_not_exist(),
    )
    return writes.delete(_window(found, found.until)) if found.until else writes


def windows() -> Iterator[WindowItem]:
    """Open print windows of all programs, the first to end first."""
    return WindowItem.below(keys.windows(), "WINDOW#", strong=True)


def make(found: BatchItem, hashed: Sequence[tuple[model.Label, str]]) -> bool:
    """Make at most 100 tags at once, each with the hash of its code; what was made before stays.

    Returns whether all of them are now this batch's; False: a serial belongs to another batch.
    """
    left = {keys.tag(label.serial): (label, digest) for label, digest in hashed}
    if len(left) < len(hashed):
        return False
    common = _common(found)
    while left:
        writes = Writes()
        # Low-level puts on purpose: PynamoDB would take longer to write them than the table.
        writes.actions = [_put(common, pk, *one) for pk, one in left.items()]
        try:
            commit(writes)
            return True
        except ConditionFailed as failed:
            present = dict(_present(failed))
            if not present:
                raise
            for pk, place in present.items():
                if place != (found.batch, left.pop(pk)[0].number):
                    return False
    return True


def _common(found: BatchItem) -> dict[str, Any]:
    packed = TagItem.item.serialize(found.item)
    fields = {"sk": TAG, "program": found.program, "batch": found.batch, "item": packed}
    return {name: {"S": value} for name, value in fields.items()}


def _put(common: dict[str, Any], pk: str, label: model.Label, digest: str) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": settings().table,
            "Item": common
            | {"pk": {"S": pk}, "number": {"N": str(label.number)}, "code_hash": {"S": digest}},
            "ConditionExpression": "attribute_not_exists(pk)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def _present(failed: ConditionFailed) -> Iterable[tuple[str, tuple[str, int]]]:
    error = failed.__cause__
    reasons = (
        error.response.get("CancellationReasons", []) if isinstance(error, ClientError) else []
    )
    for reason in reasons:
        if reason.get("Item"):
            stored = reason["Item"]
            yield stored["pk"]["S"], (stored["batch"]["S"], int(stored["number"]["N"]))


def _window(found: BatchItem, until: str) -> WindowItem:
    sort_key = f"WINDOW#{until}#{found.program}#{found.batch}"
    return WindowItem(
        keys.windows(), sort_key, program=found.program, batch=found.batch, until=until
    )
