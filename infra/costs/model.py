"""What operations, an idle stage and example clubs use, and what that costs."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from infra.costs.prices import HERE, PriceList

GB = 2**30
Bill = dict[str, int]
"""Trillionths of a dollar by service."""
SERVICES = ("table", "compute", "API", "edge", "queues", "logs")
"""What an operation pays for, in the order of the tables."""


class Row(msgspec.Struct, frozen=True):
    """What one operation was measured to consume, in thousandths."""

    name: str
    write_milliunits: int
    read_milliunits: int
    calls_thousandths: int
    cpu_us: int
    """Microseconds."""
    by: str = ""
    """Who measured it, if not the bench."""


class Measured(msgspec.Struct, frozen=True):
    """The bench's snapshot."""

    measured_on: str
    note: str
    rows: tuple[Row, ...]


class Operation(msgspec.Struct, frozen=True):
    """An operation that is billed."""

    name: str
    title: str
    row: str
    """The name of what was measured."""
    way: str
    """How it comes in."""
    new_bytes: int
    """What the table grows by."""


class Way(msgspec.Struct, frozen=True):
    """What a way in needs, in thousandths."""

    api: int
    """Requests of the API, through the edge and its firewall."""
    invocations: int
    queue: int
    """Requests to queues."""


class Idle(msgspec.Struct, frozen=True):
    """What a stage holds and does without a single member."""

    alarms: int
    dashboards: int
    secrets: int
    keys: int
    firewall_rules: int
    metrics: int
    files_gb: int
    file_writes: int
    polled_queues: int
    polls_a_minute_and_queue: int
    cold_starts_a_month: int
    runs_a_month: dict[str, int]
    """Of each schedule."""


class Club(msgspec.Struct, frozen=True):
    """An example."""

    name: str
    members: int


class Assumed(msgspec.Struct, frozen=True):
    """What is not measured: change it to what you know of yours."""

    memory_mb: int
    full_cpu_mb: int
    """Memory at which Lambda gives one whole CPU."""
    wait_us_per_call: int
    """How long a call of the table is waited for."""
    log_bytes_per_invocation: int
    access_log_bytes: int
    """A request's line of the gateway."""
    response_bytes: int
    idle: Idle
    metrics_of_a_busy_stage: int
    operations: tuple[Operation, ...]
    rows_measured_elsewhere: tuple[Row, ...]
    ways: dict[str, Way]
    clubs: tuple[Club, ...]
    done_a_month_by_1000_members: dict[str, int]
    messages_a_month_to_1000_members: dict[str, int]
    bytes_of_a_new_member: int
    bytes_of_an_entry: int
    sweeper_us_per_member: int
    """How long the daily round is busy with an account."""
    months_of_storage: int
    """How long the club has been there."""
    months_of_logs: int


class Model(msgspec.Struct, frozen=True):
    """Prices, measurements and assumptions together."""

    prices: PriceList
    measured: Measured
    assumed: Assumed

    def row(self, name: str) -> Row:
        """What was measured under a name; raises KeyError."""
        rows = (*self.measured.rows, *self.assumed.rows_measured_elsewhere)
        return {row.name: row for row in rows}[name]

    def duration_us(self, row: Row, memory_mb: int = 0) -> int:
        """How long Lambda works and waits for one, in microseconds, rounded up.

        ``memory_mb`` is the function's, if it is not what all are assumed to have.
        """
        share = min(memory_mb or self.assumed.memory_mb, self.assumed.full_cpu_mb)
        work = -(-row.cpu_us * self.assumed.full_cpu_mb // share)
        return work + row.calls_thousandths * self.assumed.wait_us_per_call // 1000


def read(prices: PriceList, folder: Path = HERE) -> Model:
    """The model of the files of a folder."""
    measured = msgspec.json.decode((folder / "measured.json").read_bytes(), type=Measured)
    assumed = msgspec.json.decode((folder / "assumptions.json").read_bytes(), type=Assumed)
    return Model(prices, measured, assumed)


def operation_bill(model: Model, operation: Operation, times: int) -> Bill:
    """What an operation costs so many times."""
    return _used(model, model.row(operation.row), model.assumed.ways[operation.way], times)


def schedule_bill(model: Model, name: str, times: int) -> Bill:
    """What so many runs of a schedule cost that find nothing to do."""
    way = Way(api=0, invocations=1000, queue=1000)
    bill = _used(model, model.row(f"schedule {name}, nothing to do"), way, times)
    bill["compute"] += times * model.prices.pico("event")
    return bill


def _used(model: Model, row: Row, way: Way, times: int) -> Bill:
    price, assumed = model.prices.pico, model.assumed
    units = row.write_milliunits * price("write unit") + row.read_milliunits * price("read unit")
    memory = model.duration_us(row) * times * assumed.memory_mb
    edge = price("edge request") + price("firewall request")
    out = way.api * times * assumed.response_bytes * price("edge GB")
    kept = price("log GB") + assumed.months_of_logs * price("log GB-month")
    lines = way.invocations * assumed.log_bytes_per_invocation + way.api * assumed.access_log_bytes
    return {
        "table": units * times // 1000,
        "compute": memory * price("Lambda GB-second") // (1024 * 1_000_000)
        + way.invocations * times * price("Lambda request") // 1000,
        "API": way.api * times * price("API request") // 1000,
        "edge": way.api * times * edge // 1000 + out // (1000 * GB),
        "queues": way.queue * times * price("queue request") // 1000,
        "logs": lines * times * kept // (1000 * GB),
    }


def idle_bill(model: Model) -> Bill:
    """What a stage costs in a month in which nobody does anything."""
    price, idle = model.prices.pico, model.assumed.idle
    polls = idle.polled_queues * idle.polls_a_minute_and_queue * 60 * 730
    firewall = price("firewall") + idle.firewall_rules * price("firewall rule")
    bill = {f"schedule {name}": 0 for name in idle.runs_a_month}
    for name, runs in idle.runs_a_month.items():
        bill[f"schedule {name}"] = sum(schedule_bill(model, name, runs).values())
    return bill | {
        "queues, asked for work": polls * price("queue request"),
        "firewall": firewall,
        "files": idle.files_gb * price("S3 GB-month") + idle.file_writes * price("S3 write"),
        "alarms": idle.alarms * price("alarm"),
        "dashboard": idle.dashboards * price("dashboard"),
        "metrics": idle.metrics * price("metric"),
        "secrets": idle.secrets * price("secret") + idle.cold_starts_a_month * price("secret read"),
        "key of the alarms": idle.keys * price("key"),
    }


def club_bill(model: Model, club: Club) -> Bill:
    """What a club costs in a month, the table as it is after so many months."""
    price, assumed = model.prices.pico, model.assumed
    bill: Bill = dict.fromkeys(SERVICES, 0)
    for operation in assumed.operations:
        times = monthly(assumed, club, operation.name)
        for service, pico in operation_bill(model, operation, times).items():
            bill[service] += pico
    grown = growth(assumed, club) * assumed.months_of_storage
    stored = club.members * assumed.bytes_of_a_new_member + grown
    metrics = assumed.metrics_of_a_busy_stage - assumed.idle.metrics
    return bill | {
        "storage": stored * (price("table GB-month") + price("recovery GB-month")) // GB,
        "sweeper": sweeper_pico(model, club, stored),
        "messages": _messages(model, club),
        "standing": sum(idle_bill(model).values()) + metrics * price("metric"),
    }


def sweeper_pico(model: Model, club: Club, stored: int) -> int:
    """Thirty rounds: half a unit for 4 KB of the table, one for 4 KB of each member's entries."""
    assumed = model.assumed
    movements = monthly(assumed, club, "told") + monthly(assumed, club, "register")
    entries = movements * assumed.months_of_storage * assumed.bytes_of_an_entry
    units = stored // 8192 + club.members + entries // 4096
    memory = club.members * assumed.sweeper_us_per_member * assumed.memory_mb
    compute = memory * model.prices.pico("Lambda GB-second") // (1024 * 1_000_000)
    return 30 * (units * model.prices.pico("read unit") + compute)


def growth(assumed: Assumed, club: Club) -> int:
    """Bytes by which the table grows in a month."""
    return sum(
        monthly(assumed, club, operation.name) * operation.new_bytes
        for operation in assumed.operations
    )


def monthly(assumed: Assumed, club: Club, operation: str) -> int:
    """How often a club's members do something in a month."""
    return club.members * assumed.done_a_month_by_1000_members.get(operation, 0) // 1000


def _messages(model: Model, club: Club) -> int:
    by_kind: Mapping[str, int] = model.assumed.messages_a_month_to_1000_members
    return sum(
        club.members * each // 1000 * model.prices.pico(kind) for kind, each in by_kind.items()
    )
