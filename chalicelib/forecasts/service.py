"""Use cases of forecasts: order one, look at it, and what its result means."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from chalicelib.files import service as files
from chalicelib.forecasts import store, variants
from chalicelib.forecasts.errors import ForecastNotDone, ForecastUnknown
from chalicelib.forecasts.figures import Result
from chalicelib.forecasts.model import (
    IN_FORCE,
    MOST_DAYS,
    MOST_DOCUMENTS,
    Assumptions,
    Forecast,
    Named,
    Source,
    value_of,
)
from chalicelib.forecasts.store import ForecastItem
from chalicelib.forecasts.variants import Variant
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Job
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs import checks, service, service_drafts
from chalicelib.programs import store as programs
from chalicelib.programs.model import DraftInvalid, Program
from chalicelib.programs.rules_effects import DISCOUNTS

GATHER = "forecasts.gather"
"""The kind of job that gathers receipts; its handler stands in ``service_jobs``, as that of
PLAY."""
PLAY = "forecasts.play"
SCANS = 4
"""Parts in which the table is searched for receipts."""
SPAN = timedelta(days=91)
"""How far back a forecast looks, if nobody says."""
Wanted = Literal["draft", "in_force"] | int
Kind = Literal["in_force", "draft", "version", "variant"]


@dataclass(frozen=True, slots=True)
class Order:
    """A forecast as somebody orders it."""

    program: str
    name: str
    documents: tuple[Wanted, ...]
    variants: tuple[Variant, ...]
    source: Source
    file: str
    first: str
    """First local day; empty: the default."""
    last: str
    assumptions: Assumptions
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A forecast and the job that works on it."""

    forecast: Forecast
    job: Job


def order(wish: Order, call: guards.Request, ids: Ids) -> Found:
    """Begin a forecast: a job gathers the receipts, another plays them through. Nothing of the
    program or of its members changes.

    Raises:
        ProgramUnknown, VersionUnknown, DraftInvalid, InvalidFields;
        FileUnknown, FileNotReady, WrongFilePurpose: there is no such file of receipts.
    """
    pk = keys.forecasts(wish.program)
    base = service.in_force(wish.program, wish.at)
    first, last = _span(wish, base)
    named = list(_documents(wish, base))
    if wish.source == "file":
        files.require_ready(wish.program, wish.file, "receipts")
    parts = 1 if wish.source == "file" else SCANS
    new = Forecast(
        program=wish.program,
        forecast=in_time_order(wish.at, ids.new()),
        name=wish.name,
        source=wish.source,
        file=wish.file,
        first=first,
        last=last,
        documents=tuple(name for name, _ in named),
        assumptions=wish.assumptions,
        job=in_time_order(wish.at, ids.new()),
        parts=parts,
        created_at=render(wish.at),
        created_by=wish.actor,
    )

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        writes = store.create(new, (document for _, document in named))
        writes += job_of(new, GATHER, parts, wish.at)
        guards.remember(writes, pk, call, new.forecast)
        return audit.note(writes, _act(new, wish)), new.forecast

    ordered = read(wish.program, transact(decide))
    jobs.announce(wish.program, ordered.job.job)
    return ordered


def read(program: str, forecast: str) -> Found:
    """A forecast and its job; raises ForecastUnknown."""
    stored = item_of(program, forecast).forecast
    job = jobs.read(program, stored.job, strong=True)
    return Found(_current(stored, job), job)


def current(stored: Forecast) -> Forecast:
    """A forecast as it stands: stopped where its job was. Reads the job of one that is not done."""
    if stored.state == "done":
        return stored
    return _current(stored, jobs.read(stored.program, stored.job))


def result(program: str, forecast: str) -> tuple[Forecast, Result]:
    """What a forecast found.

    Raises:
        ForecastUnknown, ForecastNotDone.
    """
    stored = item_of(program, forecast).forecast
    found = store.result(program, forecast) if stored.state == "done" else None
    if found is None:
        raise ForecastNotDone
    return stored, found


def item_of(program: str, forecast: str) -> ForecastItem:
    """A stored forecast; raises ForecastUnknown."""
    found = store.read(program, forecast)
    if found is None:
        raise ForecastUnknown
    return found


def job_of(forecast: Forecast, kind: str, units: int, at: datetime) -> Writes:
    """The job that works on a forecast from now on."""
    return jobs.start(
        forecast.program,
        forecast.job,
        kind,
        forecast.forecast,
        thing="forecast",
        parts=forecast.parts,
        units=units,
        at=at,
    )


def _current(stored: Forecast, job: Job) -> Forecast:
    if stored.state == "done" or job.is_open or job.state == "done":
        return stored
    state: Literal["failed", "cancelled"] = "failed" if job.state == "failed" else "cancelled"
    return msgspec.structs.replace(stored, state=state)


def _documents(wish: Order, base: Program) -> Iterator[tuple[Named, Program]]:
    """What is compared: the version in force, then what was asked for, then variants."""
    yield _named(wish, "in_force", base), base
    wanted = list(dict.fromkeys(one for one in wish.documents if one != IN_FORCE))
    many = len(wanted) + len(wish.variants)
    if many > MOST_DOCUMENTS:
        fault = FieldError("/documents", "too_long", {"limit": str(MOST_DOCUMENTS)})
        raise InvalidFields(fields=(fault,))
    draft = _draft(wish.program) if "draft" in wanted or wish.variants else base
    for one in wanted:
        if isinstance(one, int):
            document = service.version(wish.program, one)
            yield _named(wish, "version", document), document
        else:
            yield _named(wish, "draft", draft), draft
    for place, variant in enumerate(wish.variants):
        made, faults = variants.document_of(draft, variant, f"/variants/{place}")
        faults += checks.changed_fixed(base, made)
        if faults:
            raise InvalidFields(fields=faults)
        yield _named(wish, "variant", made, variant.name), made


def _draft(program: str) -> Program:
    draft = programs.unpack(service_drafts.read_draft(program).document)
    faults = checks.faults(draft)
    if faults:
        raise DraftInvalid(fields=faults)
    return draft


def _named(
    wish: Order,
    kind: Kind,
    document: Program,
    name: str = "",
) -> Named:
    discounts = any(isinstance(rule.effect, DISCOUNTS) for rule in document.earning.rules)
    number = document.version if kind in ("in_force", "version") else 0
    return Named(name, kind, number, value_of(document, wish.assumptions), discounts)


def _span(wish: Order, program: Program) -> tuple[str, str]:
    """First and last local day.

    Raises:
        InvalidFields: they are in the wrong order, too far apart, or nothing would be counted.
    """
    last = date.fromisoformat(wish.last) if wish.last else local_date(wish.at, program.zone)
    first = date.fromisoformat(wish.first) if wish.first else last - SPAN
    if last < first:
        raise InvalidFields(fields=(FieldError("/to", "before_from"),))
    if (last - first).days >= MOST_DAYS:
        raise InvalidFields(fields=(FieldError("/to", "span_too_long", {"limit": str(MOST_DAYS)}),))
    counted = wish.assumptions.counted_from
    if counted and date.fromisoformat(counted) > last + timedelta(wish.assumptions.shift_days):
        raise InvalidFields(
            fields=(
                FieldError("/assumptions/counted_from", "too_big", {"limit": last.isoformat()}),
            )
        )
    return first.isoformat(), last.isoformat()


def _act(new: Forecast, wish: Order) -> audit.Act:
    return audit.Act(
        program=new.program,
        actor=wish.actor,
        action="forecast.ordered",
        subject=audit.subject(forecast=new.forecast),
        at=wish.at,
        after={
            "name": new.name,
            "source": new.source,
            "from": new.first,
            "to": new.last,
            "documents": [one.name or one.kind for one in new.documents],
        },
    )
