"""What a change of a program document is, and how one is noted. Pure."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from chalicelib.programs.better import Sign
from chalicelib.programs.rules_model import Rule

Kind = Literal["added", "removed", "changed"]
Effect = Literal["better", "worse", "neutral", "unknown"]
EFFECTS: dict[Sign, Effect] = {1: "better", 0: "neutral", -1: "worse", None: "unknown"}
OTHER = "other"
"""The topic of what has no words of its own."""
INTERNAL = frozenset({"approvals", "partners_settle"})
"""Topics that are no business of members."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that changes."""

    pointer: str
    topic: str
    """What it is about; its words stand in the catalogues under ``topic.<topic>``."""
    kind: Kind = "changed"
    before: Any = None
    after: Any = None
    effect: Effect
    """For members."""
    rule: Rule | None = None
    """The rule that it is about: as it will be, or as it was."""
    name: str = ""
    """Which article, category, language, … the topic's words name."""


def for_members(given: tuple[Change, ...]) -> tuple[Change, ...]:
    """What members are told of."""
    return tuple(one for one in given if one.topic not in INTERNAL)


def changed(
    pointer: str, topic: str, before: Any, after: Any, sign: Sign, **more: Any
) -> Iterator[Change]:
    """A change, if there is one."""
    if before != after:
        yield Change(
            pointer=pointer,
            topic=topic,
            before=before,
            after=after,
            effect=EFFECTS[sign],
            **more,
        )


def set_or_not(
    pointer: str, topic: str, before: Any, after: Any, sign: Sign, **more: Any
) -> Iterator[Change]:
    """The same of something that need not be there: then it is added or removed."""
    kind = "added" if before is None else "removed" if after is None else "changed"
    yield from changed(pointer, topic, before, after, sign, kind=kind, **more)


def others(before: Any, after: Any, pointer: str, known: frozenset[str]) -> Iterator[Change]:
    """What nothing else here knows of: a field that came into the types later."""
    for name in before.__struct_fields__:
        if name not in known:
            yield from changed(
                f"{pointer}/{name}", OTHER, getattr(before, name), getattr(after, name), None
            )


def escaped(name: str) -> str:
    """A name as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
