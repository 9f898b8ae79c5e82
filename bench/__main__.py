"""``make bench``: the budgets of docs/architecture.md beside what was measured just now.

Units are exact and repeatable. CPU is this machine's, of the whole request through gateway,
authorizer and handler: compare rows of one run with each other, not with another machine's.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.forecasts import print_forecasts
from bench.rules import print_rules
from infra.local.gateway import Gateway
from infra.local.platform import Platform
from infra.local.resources import ROOT

TIMES = 200
IMPORT_RUNS = 7


def main() -> None:
    """Measure everything and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform.start(Path(folder), durable=False)
        os.environ.update(platform.environment)
        try:
            _print_operations(platform)
        finally:
            platform.stop()
    print_rules()
    print_forecasts()
    _print_imports()


def _print_operations(platform: Platform) -> None:
    from app import app
    from bench.club import BenchClub
    from bench.meter import Meter
    from bench.till import Till, terms

    club = BenchClub(Gateway(app), platform.serve(app, background=False), **terms())
    meter = Meter()
    print(f"{'operation':46}{'W':>7}{'budget':>8}{'R':>7}{'budget':>8}{'calls':>7}{'CPU ms':>9}")
    for row in (*Till(club).rows(), *club.rows()):
        row.work(row.prepare())  # warm: caches, clients
        times = TIMES if row.parts == 1 else TIMES // 10
        bill = meter.measure(row.prepare, row.work, times).shared(row.parts)
        print(
            f"{row.name:46}{bill.write_units:7.1f}{row.write_budget:>8}{bill.read_units:7.1f}"
            f"{row.read_budget:>8}{bill.calls:7.1f}{bill.cpu_s * 1000:9.2f}"
        )


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
