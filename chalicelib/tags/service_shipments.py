"""Staff record, and correct, to which partner tags were shipped: a whole batch, or serials."""

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.partners import store as partners
from chalicelib.tags import model, store, store_batches
from chalicelib.tags.errors import BatchUnknown
from chalicelib.tags.store import TagItem

MOST_SERIALS = 40
"""Tags of one call; their changes are one transaction."""


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    """What staff say was shipped where."""

    program: str
    partner: str
    """Empty: of a batch, that it is not known; of a tag, that it went where its batch did."""
    batch: str = ""
    serials: tuple[str, ...] = ()
    actor: str
    reason: str
    at: datetime


def ship(order: Shipment, call: guards.Request) -> None:
    """Record a shipment; the last word counts. Claims that were made before stay as they are.

    Raises:
        InvalidFields: the program has no such partner or tag.
        BatchUnknown, IdempotencyKeyReused.
    """
    pk = keys.batches(order.program)

    def decide(_: bool) -> tuple[Writes, None]:
        if guards.done(pk, call) is not None:
            return Writes(), None
        if order.partner and not partners.partner(order.program, order.partner, strong=True):
            raise InvalidFields(fields=(FieldError("/partner", "unknown_partner"),))
        writes = _batch(order) if order.batch else _tags(order)
        guards.remember(writes, pk, call, order.partner)
        return writes, None

    transact(decide)


def _batch(order: Shipment) -> Writes:
    found = store_batches.batch(order.program, order.batch)
    if found is None:
        raise BatchUnknown
    if (found.partner or "") == order.partner:
        return Writes()
    writes = store_batches.shipped(found, order.partner)
    act = _act(order, "batch.shipped", audit.subject(batch=order.batch))
    before, after = {"partner": found.partner}, {"partner": order.partner or None}
    return audit.note(writes, msgspec.structs.replace(act, before=before, after=after))


def _tags(order: Shipment) -> Writes:
    writes, was = Writes(), dict[str, str | None]()
    for tag in _found(order):
        if (tag.sent_to or "") == order.partner:
            continue
        field = TagItem.sent_to
        turned = field.set(order.partner) if order.partner else field.remove()
        writes += store.changed(tag, _noted(order), turned)
        was[tag.serial] = tag.sent_to
    act = _act(order, "tags.shipped", audit.subject(partner=order.partner or "-"))
    after = dict.fromkeys(was, order.partner or None)
    return audit.note(writes, msgspec.structs.replace(act, before={**was}, after={**after}))


def _found(order: Shipment) -> list[TagItem]:
    known = [model.read_serial(text) for text in order.serials]
    keyed = {keys.tag(serial): serial for serial in known if serial}
    found = {item.serial: item for item in TagItem.several((pk, store.TAG) for pk in keyed)}
    wrong = [
        FieldError(f"/serials/{place}", "unknown_tag")
        for place, serial in enumerate(known)
        if serial is None or serial not in found or found[serial].program != order.program
    ]
    if wrong:
        raise InvalidFields(fields=tuple(wrong))
    return list(found.values())


def _noted(order: Shipment) -> store.Noted:
    return store.Noted(
        fact="tag.shipped",
        at=render(order.at),
        actor=order.actor,
        reason=order.reason,
        program=order.program,
        partner=order.partner,
    )


def _act(order: Shipment, action: str, subject: str) -> audit.Act:
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=subject,
        at=order.at,
        reason=order.reason,
    )
