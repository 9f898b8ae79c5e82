"""What files are taken for what, and how their content is told from their name."""

import re
from typing import Literal, NamedTuple

Purpose = Literal["reward-image", "list"]
MediaType = Literal["image/png", "image/jpeg", "image/webp", "text/csv"]
State = Literal["awaiting", "ready", "deleted"]

AWAITING: State = "awaiting"
READY: State = "ready"
DELETED: State = "deleted"
PROGRAM = re.compile(r"[a-z][a-z0-9-]{1,30}")
UPLOAD_S = 900
"""Seconds for which an upload is taken."""
HEAD_BYTES = 16
"""How much of a file tells its type."""


class Rules(NamedTuple):
    """What holds for the files of one purpose."""

    types: tuple[MediaType, ...]
    most_bytes: int
    folder: str
    """Where a checked file lies: ``media`` is served to anybody who knows the address."""


PURPOSES: dict[Purpose, Rules] = {
    "reward-image": Rules(("image/png", "image/jpeg", "image/webp"), 2_000_000, "media"),
    "list": Rules(("text/csv",), 5_000_000, "private"),
}


def quarantine_key(program: str, file: str) -> str:
    """Where an upload arrives; what lies here is never served."""
    return f"quarantine/{program}/{file}"


def clean_key(purpose: Purpose, program: str, file: str) -> str:
    """Where a checked file lies for good."""
    return f"{PURPOSES[purpose].folder}/{program}/{file}"


def image_type(head: bytes) -> MediaType | None:
    """The type of an image by its first bytes, or nothing when it is none of ours.

    PNG 3rd edition §5.2; JPEG (ITU-T T.81 annex B: SOI and the next marker); RFC 9649 (WebP).
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return None


def as_text(content: bytes) -> str | None:
    """UTF-8 text without its byte order mark, or nothing when it is something else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text
