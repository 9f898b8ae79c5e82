"""``make drill``: the local platform's data, exported, restored into a fresh engine, and compared.

The source is a copy of the database as of one moment (SQLite's own backup), so the platform may run
on meanwhile. Nothing of it is changed.
"""

import os
import sqlite3
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from infra.drill import exports, files, verdict
from infra.drill.books import Books
from infra.drill.exports import Stored
from infra.drill.tables import Table
from infra.drill.verdict import Verdict
from infra.local import attach
from infra.local.engine import FILE, Engine, create_table
from infra.local.environment import TABLE, secret
from infra.local.process import StartError
from infra.local.resources import KEY, REGION, ROOT, client

Spoil = Callable[[Table], None]
"""What a test does to the restored table before it is compared."""


def play(data: Path, keep: Path | None = None, spoil: Spoil = lambda _: None) -> Verdict:
    """Export what stands in ``data``, restore it, compare.

    ``keep``: where the export stays; without it nothing does.

    Raises:
        StartError: there are no data, or an engine does not start.
    """
    if not (data / FILE).exists():
        raise StartError(f"There are no data in {data}: start the platform with `make run` first.")
    found = Verdict()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        folder = keep or work / "export"
        if folder.exists():
            raise StartError(f"{folder} exists: name a folder that does not.")
        _copy(data / FILE, work / "source" / FILE)
        with _engine(work / "source") as source, _engine(work / "restored") as restored:
            before, after = _table(source), _table(restored)
            at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            objects = _objects(data)
            total = exports.write(before, folder, objects, at)
            found.say(f"{total} items exported as of {at}.")
            after.fill(exports.read(folder))
            spoil(after)
            verdict.same_items(found, before.items, after.items)
            books = [_books(one, secret(data / "secret")) for one in (source, restored)]
            verdict.same_books(found, *books)
            files.compare(found, after.items(), exports.objects(folder))
    return found


def _copy(database: Path, to: Path) -> None:
    to.parent.mkdir()
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as copy:
        source.backup(copy)


@contextmanager
def _engine(folder: Path) -> Iterator[Engine]:
    engine = Engine.start(data=folder)
    try:
        create_table(engine.url, TABLE)
        yield engine
    finally:
        engine.stop()


def _table(engine: Engine) -> Table:
    return Table(client("dynamodb", engine.url), TABLE)


def _books(engine: Engine, root_secret: str) -> Books:
    """The reconciliation by the platform's own code, in a process that has this table alone."""
    done = subprocess.run(  # nosec B603
        [sys.executable, "-m", "infra.drill", "prove", "environment", "--json"],
        cwd=ROOT,
        env=_environment(engine, root_secret),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1) or not done.stdout:
        raise StartError(f"The books cannot be proved: {done.stderr.strip()[-500:]}")
    return msgspec.json.decode(done.stdout, type=Books)


def _environment(engine: Engine, root_secret: str) -> Mapping[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "CLUBKEEPER_TABLE": TABLE,
        "CLUBKEEPER_STAGE": "drill",
        "CLUBKEEPER_PUBLIC_URL": "http://127.0.0.1",
        "CLUBKEEPER_SECRET": root_secret,
        "AWS_ENDPOINT_URL_DYNAMODB": engine.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_DEFAULT_REGION": REGION,
        "POWERTOOLS_METRICS_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
    }


def _objects(data: Path) -> list[Stored] | None:
    """What lies in the bucket of the platform that runs on these data, if it does."""
    try:
        found = attach.running(data)
    except StartError:
        return None
    s3 = client("s3", found["AWS_ENDPOINT_URL"])
    return list(files.listed(s3, found["CLUBKEEPER_FILES_BUCKET"]))
