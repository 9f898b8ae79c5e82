"""How imports, the ranges of their files and what became of their rows are stored and read."""

from collections.abc import Iterator, Sequence

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.transfers.model import (
    Fault,
    Import,
    ImportState,
    Order,
    Phase,
    Problem,
    Tally,
)
from chalicelib.transfers.reading import Outline, Range

RANGES = 500
"""Ranges in one item: some 30 KB."""
_STEM: dict[Phase, str] = {"check": "CHECK", "run": "RUN"}


class Cut(msgspec.Struct, frozen=True):
    """What is known of a file since it was read once."""

    etag: str
    columns: tuple[str, ...]
    delimiter: str
    rows: int
    parts: int


class ImportItem(Item):
    """An import. Parts add to its figures, each once; its ``state`` and ``job`` change only from
    those that were read.
    """

    order: PackedAttribute[Order] = PackedAttribute(Order)
    state = UnicodeAttribute()
    job = UnicodeAttribute()
    cut: PackedAttribute[Cut] = PackedAttribute(Cut, null=True)
    problem: PackedAttribute[Problem] = PackedAttribute(Problem, null=True)
    check_left = IntAttribute(default=0)
    check_good = IntAttribute(default=0)
    check_known = IntAttribute(default=0)
    check_refused = IntAttribute(default=0)
    check_points = IntAttribute(default=0)
    run_left = IntAttribute(default=0)
    run_good = IntAttribute(default=0)
    run_known = IntAttribute(default=0)
    run_refused = IntAttribute(default=0)
    run_points = IntAttribute(default=0)
    run_by = UnicodeAttribute(default="")
    run_at = UnicodeAttribute(default="")


class RangesItem(Item):
    """Some ranges of a file in their order; put once."""

    ranges: PackedAttribute[tuple[Range, ...]] = PackedAttribute(tuple[Range, ...])


class PartItem(Item):
    """What became of one part, checked or run: the faults of its rows; put once."""

    tally: PackedAttribute[Tally] = PackedAttribute(Tally)
    faults: PackedAttribute[tuple[Fault, ...]] = PackedAttribute(tuple[Fault, ...])


class Listed(Item):
    """One fault of the report, for paging; never stored."""

    fault: Fault


def read(program: str, import_id: str) -> ImportItem | None:
    """An import, or nothing. A strong read."""
    return ImportItem.find(keys.imports(program), _key(import_id), strong=True)


def newest(program: str, after: str | None, limit: int) -> Iterator[ImportItem]:
    """A program's imports, newest first."""
    pk = keys.imports(program)
    return ImportItem.below(pk, "IMPORT#", newest_first=True, after=after, limit=limit)


def value(item: ImportItem) -> Import:
    """The stored import; its state as it was written last."""
    cut = item.cut
    return Import(
        program=item.pk.partition("#")[0],
        id=item.sk.removeprefix("IMPORT#"),
        order=item.order,
        state=msgspec.convert(item.state, ImportState),
        job=item.job,
        rows=cut.rows if cut else 0,
        parts=cut.parts if cut else 0,
        problem=item.problem,
        check_left=item.check_left,
        checked=Tally(item.check_good, item.check_known, item.check_refused, item.check_points),
        run_left=item.run_left,
        ran=Tally(item.run_good, item.run_known, item.run_refused, item.run_points),
        run_by=item.run_by,
        run_at=item.run_at,
    )


def create(program: str, import_id: str, order: Order, job: str) -> Writes:
    """A new import, which waits to be read."""
    item = ImportItem(keys.imports(program), _key(import_id), order=order, state="reading", job=job)
    return Writes().put_new(item)


def put_ranges(program: str, import_id: str, outline: Outline) -> Iterator[Writes]:
    """The ranges of a file, in writes to commit one after the other; doing it again changes
    nothing.
    """
    pk = keys.import_parts(program, import_id)
    for start in range(0, len(outline.ranges), RANGES):
        some = outline.ranges[start : start + RANGES]
        number = start // RANGES + 1
        yield Writes().put(RangesItem(pk, keys.numbered("RANGES", number), ranges=some), None)


def range_of(program: str, import_id: str, part: int) -> Range | None:
    """The range of one part, or nothing. A strong read."""
    item, place = divmod(part - 1, RANGES)
    pk = keys.import_parts(program, import_id)
    found = RangesItem.find(pk, keys.numbered("RANGES", item + 1), strong=True)
    return found.ranges[place] if found is not None and place < len(found.ranges) else None


def refused(before: ImportItem, problem: Problem) -> Writes:
    """The file cannot be read."""
    item = ImportItem
    actions = [item.state.set("refused"), item.problem.set(problem)]
    return Writes().update(before, actions, _unchanged(before))


def outlined(before: ImportItem, cut: Cut, job: str) -> Writes:
    """The file was read once, and a job checks it now."""
    item = ImportItem
    actions = [
        item.state.set("checking"),
        item.job.set(job),
        item.cut.set(cut),
        item.check_left.set(cut.parts),
    ]
    return Writes().update(before, actions, _unchanged(before))


def begun(before: ImportItem, parts: int, job: str, actor: str, at: str) -> Writes:
    """A job runs the import from now on, or the rest of it."""
    item = ImportItem
    actions = [
        item.state.set("running"),
        item.job.set(job),
        item.run_by.set(actor),
        item.run_at.set(at),
        *([] if before.run_by else [item.run_left.set(parts)]),
    ]
    return Writes().update(before, actions, _unchanged(before))


def counted(
    before: ImportItem, phase: Phase, part: int, tally: Tally, faults: Sequence[Fault]
) -> Writes:
    """What became of one part, once, as long as the import is in this phase."""
    program, _, _ = before.pk.partition("#")
    pk = keys.import_parts(program, before.sk.removeprefix("IMPORT#"))
    item = ImportItem
    figures = (
        (item.check_left, item.check_good, item.check_known, item.check_refused, item.check_points)
        if phase == "check"
        else (item.run_left, item.run_good, item.run_known, item.run_refused, item.run_points)
    )
    values = (-1, tally.good, tally.known, tally.refused, tally.points)
    actions = [figure.add(value) for figure, value in zip(figures, values, strict=True)]
    writes = Writes().update(before, actions, item.state == before.state)
    return writes.put_new(PartItem(pk, _part_key(phase, part), tally=tally, faults=tuple(faults)))


def is_counted(program: str, import_id: str, phase: Phase, part: int) -> bool:
    """Whether one part was counted in a phase. A strong read."""
    pk = keys.import_parts(program, import_id)
    return PartItem.find(pk, _part_key(phase, part), strong=True) is not None


def report(program: str, import_id: str, phase: Phase, after: str | None) -> Iterator[Listed]:
    """The faults of a phase beyond the place ``after``, part by part."""
    pk, stem = keys.import_parts(program, import_id), _STEM[phase]
    part, number = (int(one) for one in after.split("#")) if after else (1, 0)
    before = _part_key(phase, part - 1) if part > 1 else None
    for item in PartItem.below(pk, f"{stem}#", after=before, at_once=5):
        mine = int(item.sk.removeprefix(f"{stem}#"))
        for place, fault in enumerate(item.faults, start=1):
            if mine > part or place > number:
                listed = Listed(pk, f"{mine}#{place}")
                listed.fault = fault
                yield listed


def _unchanged(before: ImportItem) -> Condition:
    same: Condition = (ImportItem.state == before.state) & (ImportItem.job == before.job)
    return same


def _key(import_id: str) -> str:
    return f"IMPORT#{import_id}"


def _part_key(phase: Phase, part: int) -> str:
    return keys.numbered(_STEM[phase], part)
