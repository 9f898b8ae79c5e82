"""The audit log: who of the staff did what to what, before and after, and why.

A record is written in the same transaction as the change that it tells of, so neither exists
without the other. What was tried without the right to is noted by itself. Records are never
changed; they hold ids, codes and figures, and no member's personal data.
"""

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Literal

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit

STAFF = "staff:"
OPERATOR = "operator:"
Outcome = Literal["done", "refused"]
Facts = dict[str, Any]
"""Fields by name, as JSON can hold them."""
_KINDS = {"serial": "tag", "seq": "entry", "number": "order"}
"""What a path parameter is the id of, where its name does not say it."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that somebody did."""

    program: str
    actor: str
    """``staff:<id>`` or ``operator:<name>``; what others do stands in their own journals."""
    action: str
    """Stable dotted name, e.g. ``tag.withdrawn``."""
    subject: str
    """What it was done to, as :func:`subject` names it, e.g. ``tag:7K3M9QWX2B4D``."""
    at: datetime
    before: Facts = {}
    """The fields that changed, as they were."""
    after: Facts = {}
    """The same fields as they are."""
    reason: str = ""
    """Words of the actor; empty: none were asked for."""


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is only shown of a record, packed."""

    before: Facts = {}
    after: Facts = {}
    reason: str = ""


class AuditItem(Item):
    """One record; put once."""

    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    action = UnicodeAttribute()
    subject = UnicodeAttribute()
    outcome = UnicodeAttribute()
    told: PackedAttribute[Told] = PackedAttribute(Told)


def subject(**ids: str) -> str:
    """What something was done to: the kinds and ids that lead to it, e.g. ``hold:… member:…``."""
    return " ".join(f"{kind}:{ids[kind]}" for kind in sorted(ids))


def changed(before: Facts, after: Facts) -> tuple[Facts, Facts]:
    """The fields in which two states differ, as they were and as they are; null: not there."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return (
        {name: before.get(name) for name in names},
        {name: after.get(name) for name in names},
    )


def note(writes: Writes, act: Act) -> Writes:
    """Let ``writes`` leave a record of ``act``. Who is no staff leaves none; nor does no change."""
    if act.actor.startswith((STAFF, OPERATOR)) and len(writes):
        writes.put(_item(act, "done", render(act.at)), None)
    return writes


def put(act: Act) -> Writes:
    """A record by itself, of what changes nothing, such as a look at personal data."""
    return Writes().put(_item(act, "done", render(act.at)), None)


def tried(program: str, actor: str, right: str, path: dict[str, str], at: datetime) -> None:
    """Note that somebody tried what they have no right to: each right once a minute, with what it
    was tried on first, so that nobody can fill the table. ``path`` must hold checked ids.
    """
    minute = render(at.replace(second=0, microsecond=0))
    ids = {_KINDS.get(name, name): path[name] for name in path if name != "program"}
    act = Act(program=program, actor=actor, action=right, subject=subject(**ids), at=at)
    item = _item(act, "refused", minute)
    item.sk = f"A#{minute}#{_digest([actor, right, 'refused'])}"
    try:
        commit(Writes().put_new(item))
    except ConditionFailed:
        return


def newest(program: str, place: str, since: str, at_once: int) -> Iterator[AuditItem]:
    """The records beyond a sort key, newest first, from month to month back to an instant.

    ``at_once`` are asked of the table in one read: 0.5 read units per 4 KB, and 0.5 for a month
    without records.
    """
    month = place[2:9]
    while month >= since[:7]:
        pk = keys.audit(program, month)
        for item in AuditItem.below(pk, "A#", newest_first=True, after=place, at_once=at_once):
            if item.at < since:
                return
            yield item
        month = _month_before(month)
        place = f"A#{month}~"  # beyond every instant of that month


def place(at: str) -> str:
    """The sort key beyond which :func:`newest` finds what is older than an instant."""
    return f"A#{at}"


def _month_before(month: str) -> str:
    return (date.fromisoformat(f"{month}-01") - timedelta(days=1)).isoformat()[:7]


def _item(act: Act, outcome: Outcome, at: str) -> AuditItem:
    told = Told(act.before, act.after, act.reason)
    content: list[Any] = [act.actor, act.action, act.subject, outcome, told]
    # Named by its content: the same act decided anew is the same record.
    return AuditItem(
        keys.audit(act.program, at[:7]),
        f"A#{at}#{_digest(content)}",
        at=at,
        actor=act.actor,
        action=act.action,
        subject=act.subject,
        outcome=outcome,
        told=told,
    )


def _digest(content: list[Any]) -> str:
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()[:16]
