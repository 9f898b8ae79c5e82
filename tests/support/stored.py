"""What stands in the table, read past the app: for dumps, for the census, and to put a world back
as it was.

Reads go to the engine's own file, to which it writes before it answers: however much other tests
left in the table, a look at it takes milliseconds.
"""

import base64
import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Any

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import client
from chalicelib.kernel.table.patterns import Key, patterns_of
from infra.local.engine import FILE
from infra.local.resources import client as aws

Image = dict[str, Any]
"""A stored item in DynamoDB's own notation."""
Stored = dict[Key, Image]
_BATCH = 25
_TEXT = "S:"
"""How the engine marks keys that are texts."""
_LAST = "\U0010ffff"


def everything() -> Stored:
    """The whole table."""
    return {key_of(item): item for item in _items("")}


def partition(pk: str) -> Iterator[Image]:
    """All items of one partition, in the order of their sort keys."""
    return _items("WHERE pk = ? ORDER BY sk", _TEXT + pk)


def below(prefix: str) -> Stored:
    """All items of the partitions whose keys begin so."""
    return between(prefix, prefix + _LAST)


def between(begin: str, end: str) -> Stored:
    """All items of the partitions from a key to before another."""
    where = "WHERE pk >= ? AND pk < ? ORDER BY pk, sk"
    return {key_of(item): item for item in _items(where, _TEXT + begin, _TEXT + end)}


def put_back(before: Stored, now: Stored) -> None:
    """Make what is ``now`` there what was there ``before``."""
    requests = [
        {"DeleteRequest": {"Key": {"pk": item["pk"], "sk": item["sk"]}}}
        for key, item in now.items()
        if key not in before
    ]
    requests += [
        {"PutRequest": {"Item": item}} for key, item in before.items() if now.get(key) != item
    ]
    for start in range(0, len(requests), _BATCH):
        part = {settings().table: requests[start : start + _BATCH]}
        answer = client().batch_write_item(RequestItems=part)
        assert not answer.get("UnprocessedItems")


def objects(program: str) -> dict[str, tuple[bytes, str]]:
    """Content and media type of a program's uploads, clean or not, by their keys."""
    bucket, found = settings().files_bucket, {}
    for one in files().list_objects_v2(Bucket=bucket).get("Contents", ()):
        if program in one["Key"].split("/"):
            answer = files().get_object(Bucket=bucket, Key=one["Key"])
            found[one["Key"]] = (answer["Body"].read(), answer["ContentType"])
    return found


def put_objects(before: dict[str, tuple[bytes, str]]) -> None:
    """Put uploads back that were there before."""
    for key, (body, kind) in before.items():
        files().put_object(Bucket=settings().files_bucket, Key=key, Body=body, ContentType=kind)


def files() -> Any:
    """Object storage."""
    return _files(os.environ["AWS_ENDPOINT_URL"])


@lru_cache  # a client takes longer to make than all that a test asks it for
def _files(url: str) -> Any:
    return aws("s3", url)


def key_of(item: Image) -> Key:
    """Partition and sort key of an item."""
    return item["pk"]["S"], item["sk"]["S"]


def census(keys: Iterable[Key]) -> Counter[str]:
    """How many items of each kind there are; the kind is its pattern's name."""
    return Counter(
        " and ".join(found.name for found in patterns_of(key)) or f"unlisted {key}" for key in keys
    )


def texts(item: Image) -> str:
    """Everything in an item as one text, to look for what must not be there."""
    return repr({name: next(iter(value.values())) for name, value in item.items()})


def newest_change() -> str | None:
    """The number of the newest record of the table's stream; None: there is none yet."""
    order = "ORDER BY CAST(sequence_number AS INTEGER) DESC LIMIT 1"
    asked = f"SELECT sequence_number FROM _stream_records WHERE table_name = ? {order}"
    return next((str(number) for (number,) in _rows(asked, settings().table)), None)


def _items(where: str, *given: str) -> Iterator[Image]:
    found = _rows(f'SELECT item_json FROM "{settings().table}" {where}', *given)
    return (_image(text) for (text,) in found)


def _rows(asked: str, *given: str) -> list[tuple[str]]:
    file = Path(settings().clock_file).parent / FILE
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return database.execute(asked, given).fetchall()


def _image(text: str) -> Image:
    item = json.loads(text)
    return {name: _with_bytes(value) for name, value in item.items()} if '"B' in text else item


def _with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    """The value with bytes where the engine's file has them as text."""
    ((kind, told),) = value.items()
    match kind:
        case "B":
            return {kind: base64.b64decode(told)}
        case "BS":
            return {kind: [base64.b64decode(each) for each in told]}
        case "L":
            return {kind: [_with_bytes(each) for each in told]}
        case "M":
            return {kind: {name: _with_bytes(each) for name, each in told.items()}}
    return value
