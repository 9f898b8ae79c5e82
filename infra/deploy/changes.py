"""What a change set would do, for people to read, and what of it nobody does by accident."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import msgspec

KEPT = frozenset(
    {
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::S3::Bucket",
        "AWS::SecretsManager::Secret",
    }
)
"""Kinds whose loss is the loss of data."""
MANY = 8
"""So many alike are told as a number."""
ORDER = ("REMOVE", "REPLACE", "may be REPLACED", "change", "add", "import")
_KINDS = {"Add": "add", "Remove": "REMOVE", "Import": "import"}


class Change(msgspec.Struct, frozen=True, order=True):
    """One resource that would change."""

    what: str
    """``add``, ``change``, ``may be REPLACED``, ``REPLACE``, ``REMOVE`` or ``import``."""
    name: str
    """Logical name in the template."""
    kind: str
    """CloudFormation's type."""
    why: str = ""
    """Properties that change."""

    @property
    def loses(self) -> bool:
        """Whether data would be lost, or might be."""
        return self.kind in KEPT and self.what not in ("add", "change", "import")


def read(described: Iterable[dict[str, Any]]) -> list[Change]:
    """The changes of CloudFormation's description, the gravest first."""
    changes = [_change(each["ResourceChange"]) for each in described]
    return sorted(changes, key=lambda one: (ORDER.index(one.what), one.kind, one.name))


def _change(found: dict[str, Any]) -> Change:
    what = _KINDS.get(found["Action"])
    if what is None:
        replaced = found.get("Replacement", "False")
        what = {"True": "REPLACE", "Conditional": "may be REPLACED"}.get(replaced, "change")
    targets = (each.get("Target", {}) for each in found.get("Details", ()))
    names = {each.get("Name") or each.get("Attribute", "") for each in targets}
    return Change(
        what, found["LogicalResourceId"], found["ResourceType"], ", ".join(sorted(names - {""}))
    )


def lost(changes: Iterable[Change], allowed: Iterable[str]) -> list[Change]:
    """Those that would lose data without being named."""
    named = set(allowed)
    return [one for one in changes if one.loses and one.name not in named]


def table(changes: list[Change]) -> list[str]:
    """Lines to read: many of a kind that only come or change are told as a number."""
    alike = Counter((one.what, one.kind) for one in changes)
    rows: list[tuple[str, str, str]] = []
    told: set[tuple[str, str]] = set()
    for one in changes:
        group = (one.what, one.kind)
        if one.what in ("add", "change") and alike[group] > MANY:
            if group not in told:
                told.add(group)
                rows.append((one.what, f"{alike[group]} of them", one.kind))
            continue
        rows.append((one.what, one.name, f"{one.kind}  {one.why}".rstrip()))
    widths = [max((len(row[column]) for row in rows), default=0) for column in (0, 1)]
    return [f"  {what:<{widths[0]}}  {name:<{widths[1]}}  {kind}" for what, name, kind in rows]
