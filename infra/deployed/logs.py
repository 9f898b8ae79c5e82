"""What the functions logged, where CloudWatch keeps it."""

import json
from collections.abc import Iterator
from typing import Any

from infra.deployed.emulator import Emulator

_SHOWN = 20
"""How many of the newest lines of a fault are worth reading."""


def messages(emulator: Emulator, group: str) -> Iterator[str]:
    """All messages of a log group, the oldest first."""
    pages = emulator.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
    for page in pages:
        for event in page["events"]:
            yield str(event["message"])


def structured(emulator: Emulator, group: str) -> list[dict[str, Any]]:
    """Those of them that are JSON objects: our lines, and the metrics."""
    return [line for text in messages(emulator, group) if (line := _json(text))]


def defects(emulator: Emulator) -> Iterator[str]:
    """The newest lines of every function that tell of a fault."""
    for group in emulator.client("logs").describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        found = [text for text in messages(emulator, name) if _is_fault(text)]
        yield from (f"{name}: {text.rstrip()}" for text in found[-_SHOWN:])


def _is_fault(text: str) -> bool:
    line = _json(text)
    if line is None:
        return "Traceback" in text or "Error" in text
    return line.get("level") in ("ERROR", "CRITICAL") or line.get("status", 0) >= 500


def _json(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
