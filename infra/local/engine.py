"""The embedded DynamoDB: one small process on a SQLite file, durable on ``kill -9``."""

import os
import signal
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from infra.local.process import HOST, Child, StartError, launch
from infra.local.resources import ROOT, client, properties

BINARY = ROOT / ".local/node/node_modules/@dynoxide/linux-x64/dynoxide"
FILE = "table.sqlite"
_STREAM_INDEX = (
    "CREATE INDEX IF NOT EXISTS clubkeeper_sequence"
    " ON _stream_records (table_name, CAST(sequence_number AS INTEGER))"
)
_KEPT = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


class Engine:
    """A running engine. Without ``data`` it lives in memory and forgets everything at the end."""

    def __init__(self, child: Child, binary: Path, data: Path | None, port: int) -> None:
        self._child = child
        self._binary = binary
        self._data = data
        self.port = port

    @classmethod
    def start(
        cls, binary: Path = BINARY, data: Path | None = None, port: int | None = None
    ) -> "Engine":
        """Start and wait until it answers. ``data`` is a folder, ``port`` a loopback port or any
        free one.
        """
        if not os.access(binary, os.X_OK):
            raise StartError(
                f"The database engine {binary} is missing: run `make setup` (Linux x86-64)."
            )
        if data:
            data.mkdir(parents=True, exist_ok=True)
        child, port = launch(partial(_begin, binary, data), "/", port, "The database engine")
        return cls(child, binary, data, port)

    def index_stream(self) -> None:
        """Keep writes fast however long the stream grows; does nothing in memory.

        The engine numbers stream records by the highest number so far and has no index for it, so
        each write would read all records of the table. Call it after the tables are made.
        """
        if self._data is None:
            return
        with closing(sqlite3.connect(self._data / FILE, timeout=10)) as database:
            database.execute(_STREAM_INDEX)

    @property
    def url(self) -> str:
        """Where boto3 finds it."""
        return f"http://{HOST}:{self.port}"

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return self._child.alive

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._child.pid

    def stop(self) -> None:
        """An orderly end."""
        self._child.stop()

    def kill(self) -> None:
        """SIGKILL, for crash tests: what was acknowledged is still there after :meth:`restart`."""
        self._child.kill()

    def restart(self) -> None:
        """Run again on the same port and data, whether or not it still runs."""
        self._child.kill()
        self._child, _ = launch(
            partial(_begin, self._binary, self._data), "/", self.port, "The database engine"
        )


def _begin(binary: Path, data: Path | None, port: int) -> Child:
    command: list[str | Path] = [binary, "serve", "--host", HOST, "--port", str(port)]
    if data:
        command += ["--db-path", data / FILE]
    return Child.start(command, {"PATH": os.defpath}, signal.SIGKILL)


def create_table(url: str, name: str) -> str:
    """Make sure that the table of ``infra/resources.json`` exists under ``name``; returns its
    stream's ARN.
    """
    (table,) = properties("AWS::DynamoDB::Table").values()
    dynamodb = client("dynamodb", url)
    if name not in dynamodb.list_tables()["TableNames"]:
        stream = {**table["StreamSpecification"], "StreamEnabled": True}
        kept = {key: table[key] for key in _KEPT if key in table}
        dynamodb.create_table(TableName=name, StreamSpecification=stream, **kept)
        dynamodb.get_waiter("table_exists").wait(
            TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20}
        )
        dynamodb.update_time_to_live(
            TableName=name, TimeToLiveSpecification=table["TimeToLiveSpecification"]
        )
    return str(dynamodb.describe_table(TableName=name)["Table"]["LatestStreamArn"])
