"""Which kind of item a stored key is of, by the formats of :mod:`chalicelib.kernel.table.keys`."""

import re
from functools import cache, lru_cache

from chalicelib.kernel.table.keys import PATTERNS, Pattern

Key = tuple[str, str]
"""Partition and sort key."""
_PARTS = {
    "program": r"(?:_|[a-z][a-z0-9-]{1,30})",
    "scope": r".+",
    "fact": r".+",
    "seq": r"\d{12}",
    "number": r"\d{12}",
}
_REMEMBERED = 50_000
UNLISTED = "unlisted"


@lru_cache(maxsize=_REMEMBERED)
def patterns_of(key: Key) -> list[Pattern]:
    """The key formats that a stored key matches; anything but one is a fault."""
    return [
        pattern for pattern, pk, sk in _compiled() if pk.fullmatch(key[0]) and sk.fullmatch(key[1])
    ]


def kind_of(key: Key) -> str:
    """The name of a key's one format; :data:`UNLISTED` when it has none."""
    return " and ".join(found.name for found in patterns_of(key)) or UNLISTED


def named(name: str) -> Pattern:
    """The format of this name."""
    return next(pattern for pattern in PATTERNS if pattern.name == name)


def begin(template: str) -> str:
    """What all keys of a format begin with; the whole key where it is fixed."""
    return template.partition("{")[0]


def _compile(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", template)
    fixed = (re.escape(part) for part in parts[::2])
    variable = (_PARTS.get(name, r"[^#]+") for name in parts[1::2])
    pairs = zip(fixed, [*variable, ""], strict=True)
    return re.compile("".join(before + after for before, after in pairs))


@cache
def _compiled() -> list[tuple[Pattern, re.Pattern[str], re.Pattern[str]]]:
    # On first use: two hundred expressions, and what members ask for never needs them.
    return [(pattern, _compile(pattern.pk), _compile(pattern.sk)) for pattern in PATTERNS]
