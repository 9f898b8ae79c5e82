"""What stands in the table, read past the app: for dumps, for the census, and to put a world back
as it was.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import client
from chalicelib.kernel.table.patterns import Key, patterns_of
from infra.local.resources import client as aws

Image = dict[str, Any]
"""A stored item in DynamoDB's own notation."""
Stored = dict[Key, Image]
_BATCH = 25


def everything() -> Stored:
    """The whole table."""
    found: Stored = {}
    more: dict[str, Any] = {}
    while True:
        answer = client().scan(TableName=settings().table, ConsistentRead=True, **more)
        found |= {key_of(item): item for item in answer["Items"]}
        if "LastEvaluatedKey" not in answer:
            return found
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def partition(pk: str) -> Iterator[Image]:
    """All items of one partition, by strong reads."""
    more: dict[str, Any] = {}
    while True:
        answer = client().query(
            TableName=settings().table,
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": pk}},
            ConsistentRead=True,
            **more,
        )
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        more = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


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
    return aws("s3", os.environ["AWS_ENDPOINT_URL"])


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
