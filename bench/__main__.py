"""``make bench``: the budgets of docs/architecture.md beside what was measured just now.

Units are exact and repeatable. CPU is this machine's, of the whole request through gateway,
authorizer and handler: compare rows of one run with each other, not with another machine's.

``python -m bench --json FILE`` measures the operations alone and keeps them in a file, from which
``make costs`` works out what they cost; ``--times`` says how often each is measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bench.forecasts import print_forecasts
from bench.rules import print_rules
from chalicelib.kernel.observability import logger
from infra.local.gateway import Gateway
from infra.local.platform import Platform
from infra.local.resources import ROOT

TIMES = 200
IMPORT_RUNS = 7
NOTE = (
    "Units are what DynamoDB bills and the same on every machine. CPU is of the machine that"
    " measured, of the whole request, and an estimate for any other."
)

if TYPE_CHECKING:
    from bench.club import Row
    from bench.meter import Bill


def main() -> None:
    """Measure everything and print a table, or the operations alone into a file."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--json", type=Path, help="measure the operations alone, into this file")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each is measured")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform.start(Path(folder), durable=False)
        os.environ.update(platform.environment)
        logger.setLevel(os.environ["POWERTOOLS_LOG_LEVEL"])
        try:
            measured = _print_operations(platform, asked.times)
        finally:
            platform.stop()
    if asked.json:
        asked.json.write_text(json.dumps(_snapshot(measured), indent=2) + "\n")
        return
    print_rules()
    print_forecasts()
    _print_imports()


def _print_operations(platform: Platform, times: int) -> "list[tuple[Row, Bill]]":
    measured = []
    print(f"{'operation':58}{'W':>7}{'budget':>8}{'R':>7}{'budget':>8}{'calls':>7}{'CPU ms':>9}")
    for row, bill in _measured(platform, times):
        measured.append((row, bill))
        print(
            f"{row.name:58}{bill.write_units:7.1f}{row.write_budget:>8}{bill.read_units:7.1f}"
            f"{row.read_budget:>8}{bill.calls:7.1f}{bill.cpu_s * 1000:9.2f}"
        )
    return measured


def _measured(platform: Platform, times: int) -> "Iterator[tuple[Row, Bill]]":
    from app import app
    from bench import events
    from bench.club import BenchClub
    from bench.meter import Meter
    from bench.till import Till, terms

    served = platform.serve(app, background=False)
    club = BenchClub(Gateway(app), served, **terms())
    meter, till = Meter(), Till(club)
    for row in chain(till.rows(), events.rows(served, till), club.rows()):
        row.work(row.prepare())  # warm: caches, clients
        repeats = times if row.parts == 1 else max(1, times // 10)
        yield row, meter.measure(row.prepare, row.work, repeats).shared(row.parts)


def _snapshot(measured: "list[tuple[Row, Bill]]") -> dict[str, object]:
    """Whole numbers: thousandths of units and calls, microseconds of CPU."""
    return {
        "measured_on": datetime.now(UTC).date().isoformat(),
        "note": NOTE,
        "rows": [
            {
                "name": row.name,
                "write_milliunits": round(bill.write_units * 1000),
                "read_milliunits": round(bill.read_units * 1000),
                "calls_thousandths": round(bill.calls * 1000),
                "cpu_us": round(bill.cpu_s * 1_000_000),
            }
            for row, bill in measured
        ],
    }


def _print_imports() -> None:
    bare = _import_cpu_ms("pass")
    whole = _import_cpu_ms("import app")
    print(f"\nimport of the API, with .pyc, above a bare interpreter: {whole - bare:.0f} ms CPU")


def _import_cpu_ms(code: str) -> float:
    script = f"import time; {code}; print(time.process_time() * 1000)"
    runs = [
        float(subprocess.check_output([sys.executable, "-c", script], cwd=ROOT))
        for _ in range(IMPORT_RUNS)
    ]
    return sorted(runs)[len(runs) // 2]


if __name__ == "__main__":
    main()
