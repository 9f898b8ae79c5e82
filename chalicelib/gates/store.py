"""What was told to a member of their gates: one item, there once something was."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.gates.model import Told
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes

GATES = "GATES"


class GatesItem(Item):
    """By the gate's name in the document."""

    version = IntAttribute()
    told: PackedAttribute[dict[str, Told]] = PackedAttribute(dict[str, Told])


class Read(NamedTuple):
    """What was told, and the item's version; 0: it is not there."""

    told: Mapping[str, Told]
    version: int


def read(program: str, member: str) -> Read:
    """A strong read."""
    found = GatesItem.find(keys.member(program, member), GATES, strong=True)
    return Read(found.told, found.version) if found else Read({}, 0)


def told(program: str, member: str, before: Read, gate: str, now: Told) -> Writes:
    """Something was told of a gate, if nobody told anything meanwhile."""
    item = GatesItem(
        keys.member(program, member),
        GATES,
        version=before.version + 1,
        told={**before.told, gate: now},
    )
    same = GatesItem.version == before.version if before.version else GatesItem.pk.does_not_exist()
    return Writes().put(item, same)
