"""What members asked for after a backup, kept in a file, and done again on what was restored.

A line is a member's random id, what they asked for and when: nobody is named.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from chalicelib.kernel.facts import image
from chalicelib.members.service_restored import Wish, repeat, wish_of
from infra.drill.items import Raw


def since(items: Iterable[Raw], instant: str) -> Iterator[Wish]:
    """The wishes of that instant and later, in no order; reads everything."""
    for item in items:
        if item["sk"]["S"].startswith("J#") and "#M#" in item["pk"]["S"]:
            wish = wish_of(image(item))
            if wish is not None and wish.at >= instant:
                yield wish


def write(file: Path, wishes: Iterable[Wish]) -> int:
    """Keep wishes, the oldest first; how many."""
    found = sorted(wishes, key=lambda wish: (wish.at, wish.program, wish.member))
    file.write_bytes(msgspec.json.Encoder().encode_lines(found))
    return len(found)


def read(file: Path) -> list[Wish]:
    """What was kept; raises msgspec.ValidationError."""
    return msgspec.json.Decoder(Wish).decode_lines(file.read_bytes())


def repeated(wishes: Iterable[Wish], at: datetime) -> tuple[int, int]:
    """Do them again: how many were needed, and how many stood so already."""
    # Every room that has a part in an erasure is told of it there.
    import chalicelib.entrance  # noqa: F401

    found = [repeat(wish, at) for wish in wishes]
    return sum(found), len(found) - sum(found)
