"""What publishing the draft would do, before anybody does it."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import Refusal
from chalicelib.programs import schedule, service, service_versions, store
from chalicelib.programs.differences import Change
from chalicelib.programs.model import (
    BaseVersionStale,
    EffectiveOutOfRange,
    Faults,
    NoticeOutOfOrder,
    OvertakesUnannounced,
    OwnDraft,
    Program,
)
from chalicelib.programs.rules_effects import StampsEffect
from chalicelib.programs.schedule import Scheduled
from chalicelib.programs.service_changes import Compared, compared, day
from chalicelib.programs.service_drafts import faults_for, read_draft
from chalicelib.programs.service_versions import Plan, dated, row_of

_RUNNING = frozenset({"cap_day", "cap_month", "cap_period", "cap_ever", "cap_program"})


class Caution(msgspec.Struct, frozen=True):
    """Something that publishing does and its author may not have thought of."""

    code: str
    """Its sentence stands in the catalogues under ``warning.<code>``."""
    params: dict[str, str] = {}


class Preview(msgspec.Struct, frozen=True):
    """What would come of a plan."""

    number: int
    effective_at: str
    """As it would be; now, where the plan's dates cannot be."""
    notice_at: str
    faults: Faults
    refusals: tuple[Refusal, ...]
    warnings: tuple[Caution, ...]
    compared: Compared


def preview(program_id: str, plan: Plan, author: str, at: datetime, language: str) -> Preview:
    """What publishing the draft by a plan would do; changes nothing.

    Raises:
        ProgramUnknown.
    """
    draft = read_draft(program_id)
    head = store.head(program_id, strong=True)
    number = int(head.newest) + 1 if head else 1
    document = msgspec.structs.replace(store.unpack(draft.document), version=number)
    refusals: list[Refusal] = []
    row = Scheduled(number, render(at), "", render(at))
    try:
        row = row_of(dated(plan, author, at, first=head is None), number)
    except (EffectiveOutOfRange, NoticeOutOfOrder) as refusal:
        refusals.append(refusal)
    refusals += _refusals(plan, head, row, at)
    if draft.set_by == author and service_versions.loosens(document, head, at):
        refusals.append(OwnDraft())
    base = _base(program_id, head, row)
    found = compared(base, document)
    return Preview(
        number,
        row.effective_at,
        row.notice_at,
        faults_for(document, store.newest(program_id), parse(row.effective_at)),
        tuple(refusals),
        tuple(_warnings(found, head, row, at, language)),
        found,
    )


def _refusals(
    plan: Plan, head: store.HeadItem | None, row: Scheduled, at: datetime
) -> Iterator[Refusal]:
    try:
        service_versions.refuse_stale(plan, row.number - 1)
    except BaseVersionStale as refusal:
        yield refusal
    try:
        service_versions.refuse_overtaking(head, row, at)
    except OvertakesUnannounced as refusal:
        yield refusal


def _base(program_id: str, head: store.HeadItem | None, row: Scheduled) -> Program | None:
    base = schedule.base_of(head.schedule, row) if head else None
    return service.version(program_id, base.number) if base else None


def _warnings(
    found: Compared, head: store.HeadItem | None, row: Scheduled, at: datetime, language: str
) -> Iterator[Caution]:
    if found.before is None:
        return
    if not found.changes:
        yield Caution("no_changes")
    if row.notice_at >= row.effective_at:
        yield Caution("without_notice")
    yield from _other_versions(found.before, head, row, at, language)
    for change in found.changes:
        yield from _of_change(change, found, language)


def _other_versions(
    before: Program, head: store.HeadItem | None, row: Scheduled, at: datetime, language: str
) -> Iterator[Caution]:
    rows = head.schedule if head else ()

    def named(other: Scheduled) -> dict[str, str]:
        return {"version": str(other.number), "day": day(before, other.effective_at, language)}

    for other in schedule.overtakes(rows, row):
        yield Caution("overtakes", named(other))
    for other in schedule.coming(rows, render(at)):
        if other.effective_at < row.effective_at:
            yield Caution("after_another", named(other))


def _of_change(change: Change, found: Compared, language: str) -> Iterator[Caution]:
    rule = change.rule
    if change.topic == "counter" and change.kind != "removed":
        yield Caution("counter_starts_at_zero", {"counter": change.name})
    elif change.topic in _RUNNING and change.kind == "changed" and rule:
        yield Caution("cap_counts_on", {"rule": rule.name.get(language)})
    elif change.topic == "rule" and change.kind == "removed" and rule:
        if rule.caps.program is not None:
            params = {"rule": rule.name.get(language), "budget": str(rule.caps.program)}
            yield Caution("budget_given_up", params)
        if isinstance(rule.effect, StampsEffect) and rule.effect.card not in _cards(found.after):
            yield Caution("card_given_up", {"card": rule.effect.card})


def _cards(document: Program) -> set[str]:
    return {
        rule.effect.card for rule in document.earning.rules if isinstance(rule.effect, StampsEffect)
    }
