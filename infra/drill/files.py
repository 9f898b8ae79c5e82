"""Whether the files that the table tells of lie in the bucket."""

from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.files.model import PURPOSES, READY, clean_key
from chalicelib.kernel.table.patterns import kind_of
from infra.drill.exports import Stored
from infra.drill.items import Raw, key_of
from infra.drill.verdict import SHOWN, Verdict

KEPT = ("media", "private")
"""Folders that the bucket does not empty by itself."""


def listed(client: Any, bucket: str) -> Iterator[Stored]:
    """Every object of a bucket as it is now; its older versions are not told."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for one in page.get("Contents", ()):
            yield Stored(one["Key"], one["Size"], one["ETag"])


def missing(items: Iterable[Raw], objects: Iterable[Stored]) -> list[str]:
    """Keys of objects that should be there, or are of another size."""
    sizes = {one.key: one.size for one in objects}
    wanted = (_wanted(item) for item in items if kind_of(key_of(item)) == "file")
    return sorted(key for key, size in filter(None, wanted) if sizes.get(key) != size)


def compare(verdict: Verdict, items: Iterable[Raw], objects: list[Stored] | None) -> None:
    """Tell what is missing; nothing is known of objects when the platform did not run."""
    if objects is None:
        verdict.say("Files were not looked at: the export does not tell of the bucket.")
        return
    gone = missing(items, objects)
    for key in gone[:SHOWN]:
        verdict.wrong(f"the file {key} is not in the bucket as the table tells of it")
    if not gone:
        verdict.say(f"{len(objects)} objects in the bucket; every file that must stay is there.")


def _wanted(item: Raw) -> tuple[str, int] | None:
    purpose = item["purpose"]["S"]
    if item["state"]["S"] != READY or PURPOSES[purpose].folder not in KEPT:
        return None
    program = item["pk"]["S"].partition("#")[0]
    file = item["sk"]["S"].removeprefix("FILE#")
    return clean_key(purpose, program, file), int(item["size"]["N"])
