"""The peaks of a program of 20 million members, made of measured units and AWS's limits."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from chalicelib.agenda.model import PAGE, SHARDS
from chalicelib.agenda.service import BUSY, MOST
from infra.costs.model import Model
from infra.peaks.arrivals import Arrivals, ByHours, Diary, Evenly
from infra.peaks.stations import Functions, Gateway, HotKey, Limits, Pollers, Station, Units

HERE = Path(__file__).parent
ORDER_MILLIUNITS = (17_000, 4_000)
"""Write and read units of an order with stock, docs/architecture.md."""
RARE_ORDERS = 100
"""Orders of one reward that a second takes, docs/scaling.md: one item, and conflicts on it."""
BATCH = 25
"""Receipts of one batch."""
CREDENTIAL_READS = 3000
"""Strong reads a second of the partition that holds a partner's credential."""


class Peaks(msgspec.Struct, frozen=True):
    """What is assumed of the program; ``peaks.json``."""

    members: int
    partners: int
    sales_on_a_peak_day: int
    weights_of_its_hours: tuple[int, ...]
    due_at_new_year: int
    shards_on_one_partition: int
    """How many shards of the day happen to lie on one partition of the table."""
    open_the_app: int
    within_s: int
    want_the_rare_gift: int
    within_s_of_the_hour: int
    receipts_of_the_night: int
    partners_begin_within_s: int
    hot_partner_in_thousand: int
    """How much of all receipts come from the largest partner."""
    function_mb: dict[str, int]


class Stage(msgspec.Struct, frozen=True):
    """What the deployment itself lets through."""

    requests: int
    burst: int
    workers: int


class Scene(msgspec.Struct, frozen=True):
    """A peak and what it passes."""

    title: str
    arrivals: Arrivals
    stations: tuple[Station, ...]
    things: int = 1
    """How many of what is told of one thing that passes stands for."""


class Load(msgspec.Struct, frozen=True):
    """What one thing asks for."""

    requests: int
    """Of the API."""
    writes: int
    """Milliunits."""
    reads: int
    duration_us: int

    def __add__(self, other: "Load") -> "Load":
        return Load(
            self.requests + other.requests,
            self.writes + other.writes,
            self.reads + other.reads,
            self.duration_us + other.duration_us,
        )

    def __mul__(self, times: int) -> "Load":
        return Load(
            self.requests * times,
            self.writes * times,
            self.reads * times,
            self.duration_us * times,
        )


def read(folder: Path = HERE) -> tuple[Peaks, Limits]:
    """The assumptions and the limits of a folder's files."""
    peaks = msgspec.json.decode((folder / "peaks.json").read_bytes(), type=Peaks)
    return peaks, msgspec.json.decode((folder / "limits.json").read_bytes(), type=Limits)


def scenes(model: Model, peaks: Peaks, limits: Limits, stage: Stage) -> Iterator[Scene]:
    """Each peak, with the stage as it is deployed and as it would be raised."""
    one = _loads(model, peaks)
    grown = _grown(limits, 5)
    sale = one["receipt"] + one["quote"] + one["told"] + one["account"] * 2
    day = ByHours(peaks.sales_on_a_peak_day, peaks.weights_of_its_hours)
    yield Scene("a peak day: sales", day, _api(sale, limits, stage))
    opened = one["account"] * 3
    yield Scene(
        "a campaign: members who open the app",
        Evenly(peaks.open_the_app, peaks.within_s),
        _api(opened, limits, stage),
    )
    yield Scene(
        "the same, its limits raised five times",
        Evenly(peaks.open_the_app, peaks.within_s),
        _api(opened, grown, Stage(stage.requests * 5, stage.burst, stage.workers)),
    )
    order = Load(1, *ORDER_MILLIUNITS, one["hold"].duration_us * 2)
    yield Scene(
        "a rare gift: orders of one reward",
        Evenly(peaks.want_the_rare_gift, peaks.within_s_of_the_hour),
        (*_api(order, limits, stage), HotKey("the stock's item", RARE_ORDERS)),
    )
    yield from _nights(peaks, limits, stage, one)


def _nights(peaks: Peaks, limits: Limits, stage: Stage, one: dict[str, Load]) -> Iterator[Scene]:
    """What comes at night: files of receipts, and what is due on 1 January."""
    reads = CREDENTIAL_READS * 1000 // peaks.hot_partner_in_thousand
    yield Scene(
        "a night's file of all partners: receipts, by 25",
        Evenly(peaks.receipts_of_the_night // BATCH, peaks.partners_begin_within_s),
        (*_api(one["batch"], limits, stage), HotKey("the largest partner's credential", reads)),
        things=BATCH,
    )
    for title, most, workers, has in (
        ("1 January: burn-offs, as deployed", MOST, stage.workers, limits),
        ("the same, 200 000 a run, 300 workers", 200_000, 300, limits),
        ("the same, and the table's quota raised", 200_000, 300, _grown(limits, 5)),
    ):
        yield Scene(title, _diary(peaks, most), _workers(peaks, has, workers, one["page"]), PAGE)


def _diary(peaks: Peaks, most: int) -> Diary:
    # Where a run sends more, more may be on its way when the next one looks.
    busy = BUSY if most == MOST else most // PAGE // 4
    return Diary(-(-peaks.due_at_new_year // PAGE), most // PAGE, busy)


def _workers(peaks: Peaks, limits: Limits, workers: int, page: Load) -> tuple[Station, ...]:
    """Deleting a page's entries writes to all shards of the day alike, two units each."""
    most = limits.partition_writes * SHARDS // (2 * PAGE * peaks.shards_on_one_partition)
    return (
        Pollers(limits, workers, page.duration_us),
        *_table(page, limits),
        HotKey("the day's fullest partition", most, limits.partition_splits_after_s),
    )


def _api(load: Load, limits: Limits, stage: Stage) -> tuple[Station, ...]:
    rate = min(stage.requests, limits.gateway_requests) // load.requests
    burst = min(stage.burst, limits.gateway_burst) // load.requests
    return (Gateway(rate, burst), Functions(limits, load.duration_us), *_table(load, limits))


def _table(load: Load, limits: Limits) -> Sequence[Station]:
    return (
        Units("table, writes", limits, limits.writes, limits.new_table_writes, load.writes),
        Units("table, reads", limits, limits.reads, limits.new_table_reads, load.reads),
    )


def _loads(model: Model, peaks: Peaks) -> dict[str, Load]:
    found = {}
    for operation in model.assumed.operations:
        row, way = model.row(operation.row), model.assumed.ways[operation.way]
        memory = peaks.function_mb["due" if operation.way in ("page", "fact") else "api"]
        found[operation.name] = Load(
            -(-way.api // 1000) if operation.way != "batch" else 1,
            row.write_milliunits,
            row.read_milliunits,
            model.duration_us(row, memory),
        )
    found["batch"] = msgspec.structs.replace(found["batch"] * BATCH, requests=1)
    found["page"] = found["burn"] * PAGE
    return found


def _grown(limits: Limits, times: int) -> Limits:
    """Quotas that AWS was asked to raise, and a table that was warmed up for them."""
    return msgspec.structs.replace(
        limits,
        gateway_requests=limits.gateway_requests * times,
        gateway_burst=limits.gateway_burst * times,
        functions=limits.functions * times,
        writes=limits.writes * times,
        reads=limits.reads * times,
        new_table_writes=limits.writes * times,
        new_table_reads=limits.reads * times,
    )
