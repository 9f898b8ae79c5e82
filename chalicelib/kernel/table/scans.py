"""Reading the whole table, page by page and in segments side by side, for what has no list.

A scan costs half a read unit per 4 KB of all that it passes, whatever it finds. It is not strong:
what was written less than a second before may be missing.
"""

from typing import Any, NamedTuple

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import client

Raw = dict[str, Any]
"""A stored item in DynamoDB's own notation."""
Cursor = dict[str, Any]
"""Where a scan stands; empty: at its beginning."""


class Wanted(NamedTuple):
    """Which items a scan is for; the others are passed."""

    pk: str
    """What partition keys begin with."""
    sk: str
    """What sort keys begin with, or are."""
    whole: bool = False
    """Whether ``sk`` is the whole sort key."""
    since: str = ""
    """With ``until``: the attribute ``at`` is not before this instant."""
    until: str = ""
    """The attribute ``at`` is before this instant; empty: whatever it is."""


def page(
    cursor: Cursor | None,
    wanted: Wanted | None = None,
    *,
    segment: int = 1,
    segments: int = 1,
    limit: int | None = None,
) -> tuple[list[Raw], Cursor | None]:
    """Up to 1 MB of a segment of the table (from 1) beyond a cursor: the items that are wanted, and
    the next cursor; nothing at the end. ``limit`` is the most items that are passed.
    """
    asked: dict[str, Any] = {"TableName": settings().table}
    if segments > 1:
        asked |= {"Segment": segment - 1, "TotalSegments": segments}
    if limit is not None:
        asked["Limit"] = limit
    if cursor:
        asked["ExclusiveStartKey"] = cursor
    if wanted is not None:
        asked |= _filter(wanted)
    answer = client().scan(**asked)
    return answer["Items"], answer.get("LastEvaluatedKey")


def _filter(wanted: Wanted) -> dict[str, Any]:
    terms = ["begins_with(pk, :pk)", "sk = :sk" if wanted.whole else "begins_with(sk, :sk)"]
    values = {":pk": {"S": wanted.pk}, ":sk": {"S": wanted.sk}}
    names = {}
    if wanted.until:
        terms += ["#at >= :since", "#at < :until"]
        values |= {":since": {"S": wanted.since}, ":until": {"S": wanted.until}}
        names = {"ExpressionAttributeNames": {"#at": "at"}}
    return {
        "FilterExpression": " AND ".join(terms),
        "ExpressionAttributeValues": values,
        **names,
    }
