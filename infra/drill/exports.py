"""Exports in files: the layout of DynamoDB's own exports to S3, so that both are read by the same
code.

A folder holds ``manifest-summary.json``, ``manifest-files.json`` and ``data/*.json.gz``; one of
ours also ``objects.json``, what lies in the bucket. Who may read it may read everything that the
platform knows: the folder is this user's alone.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from infra.drill.items import Raw, Unreadable, item_of, line_of
from infra.drill.tables import SEGMENTS, Table

SUMMARY, FILES, OBJECTS, DATA = (
    "manifest-summary.json",
    "manifest-files.json",
    "objects.json",
    "data",
)
FORMAT = "DYNAMODB_JSON"
VERSION = "2020-06-30"
"""Of DynamoDB's manifests."""


class ExportBroken(Exception):
    """An export is not whole; the message says what is wrong with which file."""


class Stored(NamedTuple):
    """An object of the bucket."""

    key: str
    size: int
    etag: str


def write(table: Table, folder: Path, objects: Iterable[Stored] | None, at: str) -> int:
    """Export a table, segment by segment; how many items. ``at``: when, RFC 3339.

    A scan is no picture of one moment: export a copy that nobody writes to.
    """
    folder.mkdir(mode=0o700, parents=True)
    (folder / DATA).mkdir(mode=0o700)
    files = [_write_segment(table, folder, segment) for segment in range(SEGMENTS)]
    lines = [json.dumps(one) for one in files]
    (folder / FILES).write_text("\n".join(lines) + "\n")
    total = sum(int(one["itemCount"]) for one in files)
    summary = {
        "version": VERSION,
        "tableArn": table.name,
        "exportTime": at,
        "itemCount": total,
        "outputFormat": FORMAT,
        "manifestFilesS3Key": FILES,
    }
    if objects is not None:
        (folder / OBJECTS).write_text(json.dumps(sorted(objects)))
    (folder / SUMMARY).write_text(json.dumps(summary, indent=1) + "\n")  # last: it is whole
    return total


def read(folder: Path) -> Iterator[Raw]:
    """Every item of an export, ours or DynamoDB's; each file is proved before it is read.

    Raises:
        ExportBroken: a file is missing or changed, or is no export at all.
    """
    summary = _json(folder / SUMMARY)
    if summary.get("outputFormat") != FORMAT or summary.get("exportType", "FULL_EXPORT") != (
        "FULL_EXPORT"
    ):
        raise ExportBroken(f"{SUMMARY} is not of a full export in {FORMAT}.")
    total = 0
    for entry in _entries(folder):
        for item in _read_file(folder, entry):
            total += 1
            yield item
    if total != summary["itemCount"]:
        raise ExportBroken(f"{total} items are there, {summary['itemCount']} should be.")


def exported_at(folder: Path) -> str:
    """The moment that an export shows."""
    return str(_json(folder / SUMMARY)["exportTime"])


def objects(folder: Path) -> list[Stored] | None:
    """What lay in the bucket; nothing: the export does not tell."""
    if not (folder / OBJECTS).exists():
        return None
    return [Stored(*one) for one in json.loads((folder / OBJECTS).read_text())]


def _write_segment(table: Table, folder: Path, segment: int) -> dict[str, Any]:
    name, count = f"{DATA}/{segment:04}.json.gz", 0
    with (folder / name).open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as out:
        for item in table.items(segment):
            out.write(line_of(item))
            count += 1
    digest = base64.b64encode(_md5(folder / name)).decode()
    return {"itemCount": count, "md5Checksum": digest, "dataFileS3Key": name}


def _read_file(folder: Path, entry: dict[str, Any]) -> Iterator[Raw]:
    # DynamoDB names keys of its bucket; the files lie beside the manifest, however they came here.
    name = f"{DATA}/{str(entry['dataFileS3Key']).rpartition('/')[2]}"
    if not (folder / name).is_file():
        raise ExportBroken(f"{name} is missing.")
    if _md5(folder / name) != base64.b64decode(entry["md5Checksum"]):
        raise ExportBroken(f"{name} is not what the manifest says: its checksum differs.")
    count = 0
    try:
        with gzip.open(folder / name) as lines:
            for line in lines:
                count += 1
                yield item_of(line)
    except (Unreadable, OSError, EOFError) as fault:
        raise ExportBroken(f"{name}, line {count}: {fault}.") from None
    if count != entry["itemCount"]:
        raise ExportBroken(f"{name} has {count} items, {entry['itemCount']} should be there.")


def _entries(folder: Path) -> list[dict[str, Any]]:
    try:
        lines = (folder / FILES).read_text().splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as fault:
        raise ExportBroken(f"{FILES} cannot be read: {fault}.") from None


def _json(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError) as fault:
        raise ExportBroken(f"{file.name} cannot be read: {fault}.") from None
    return found


def _md5(file: Path) -> bytes:
    """DynamoDB's manifests have MD5: it finds damage, not malice."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).digest()
