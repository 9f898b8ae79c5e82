"""What files are taken for what, and how their content is told from their name."""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, NamedTuple, get_args

import msgspec

StaffPurpose = Literal["reward-image", "list", "import", "receipts"]
Purpose = Literal[StaffPurpose, "evidence"]
EvidenceType = Literal["image/png", "image/jpeg", "image/webp", "application/pdf"]
FileId = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)")]
MediaType = Literal[EvidenceType, "text/csv", "application/x-ndjson"]
State = Literal["awaiting", "ready", "deleted"]

LARGE = ("import", "receipts")
"""Purposes of files that are too large to be read at once."""
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
    """Where a checked file lies: ``media`` is served to anybody who knows the address; what lies
    in ``imports`` the bucket deletes after two weeks, what lies in ``evidence`` after a hundred
    days.
    """


PURPOSES: dict[Purpose, Rules] = {
    "reward-image": Rules(("image/png", "image/jpeg", "image/webp"), 2_000_000, "media"),
    "list": Rules(("text/csv",), 5_000_000, "private"),
    "import": Rules(("text/csv", "application/x-ndjson"), 200_000_000, "imports"),
    "evidence": Rules(get_args(EvidenceType), 5_000_000, "evidence"),
    "receipts": Rules(("text/csv", "application/x-ndjson"), 60_000_000, "imports"),
}


def quarantine_key(program: str, file: str) -> str:
    """Where an upload arrives; what lies here is never served."""
    return f"quarantine/{program}/{file}"


def clean_key(purpose: Purpose, program: str, file: str) -> str:
    """Where a checked file lies for good."""
    return f"{PURPOSES[purpose].folder}/{program}/{file}"


def work_key(program: str, name: str) -> str:
    """Where long work keeps what it needs until it is done; nothing here is served, and nothing
    stays for more than some days.
    """
    return f"work/{program}/{name}"


def seen_type(head: bytes) -> MediaType | None:
    """The type of an image or a page by its first bytes, or nothing when it is none of ours.

    PNG 3rd edition §5.2; JPEG (ITU-T T.81 annex B: SOI and the next marker); RFC 9649 (WebP);
    ISO 32000-2 §7.5.2 (PDF).
    """
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return "application/pdf" if head.startswith(b"%PDF-") else None


def export_key(program: str, export: str, name: str) -> str:
    """Where a file lies that staff asked for; the bucket deletes it after three days."""
    return f"exports/{program}/{export}/{name}"


def is_text_so_far(head: bytes) -> bool:
    """Whether a file can be UTF-8 text by its first bytes: archives, spreadsheets and UTF-16
    cannot.
    """
    plain = not any(byte < 0x20 and byte not in b"\t\r\n" for byte in head)
    return plain and _begins_in_utf8(head)


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """The lines of a UTF-8 text that comes in pieces, without their ends."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    rest = ""
    for chunk in chunks:
        whole = (rest + decoder.decode(chunk)).split("\n")
        rest = whole.pop()
        yield from (line.removesuffix("\r") for line in whole)
    if rest:
        yield rest.removesuffix("\r")


def as_text(content: bytes) -> str | None:
    """UTF-8 text without its byte order mark, or nothing when it is something else."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _begins_in_utf8(head: bytes) -> bool:
    try:
        # A character of up to four bytes may be cut off at the end.
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
