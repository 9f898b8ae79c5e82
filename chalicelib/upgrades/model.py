"""What an upgrade of the data is, how far it has got, and when what may be done; pure.

An upgrade looks at every item of one kind and says how it should stand, or that it stands so. A
*pass* is one reading of the whole table: a *check* counts and shows, a *run* also writes.
"""

from collections.abc import Callable, Iterable
from typing import Any, Literal, NamedTuple

import msgspec

Raw = dict[str, Any]
"""A stored item in DynamoDB's own notation."""
Mode = Literal["check", "run"]
State = Literal["pending", "checking", "checked", "running", "stopped", "incomplete", "applied"]
KEYS = ("pk", "sk")
SAMPLES = 3
"""Items that a check shows of each part at most."""


class Upgrade(NamedTuple):
    """One upgrade, as code."""

    number: int
    """From 1; the upgrades before it must have been applied."""
    name: str
    kind: str
    """Which items it looks at: the name of their format in ``kernel/table/keys.py``."""
    change: Callable[[Raw], Raw | None]
    """How an item, in DynamoDB's own notation, should stand; nothing when it stands so. A pure
    function: it may be called again for the same item, and for what it made itself.
    """


class Refused(Exception):
    """It may not be done, or not now; ``code`` says why."""

    def __init__(self, code: str) -> None:
        """``code`` is stable."""
        super().__init__(code)
        self.code = code


class Shape(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one attribute of a sample is stored, without what it says."""

    name: str
    before: str = ""
    """DynamoDB's type and the size in bytes, such as ``S 812``; empty: there is none."""
    after: str = ""


class Counts(msgspec.Struct, frozen=True):
    """What a pass has met so far."""

    seen: int = 0
    """Items of the kind."""
    changed: int = 0
    """Items that were written; of a check, that would be. What a worker wrote right before it was
    killed stands as it should when the next one comes, and is in ``seen`` alone."""
    parked: int = 0
    """Items that could not be read; the log says which."""

    def __add__(self, other: object) -> "Counts":
        """Both together."""
        if not isinstance(other, Counts):
            return NotImplemented
        return Counts(
            self.seen + other.seen, self.changed + other.changed, self.parked + other.parked
        )


class Pass(msgspec.Struct, frozen=True, kw_only=True):
    """One reading of the table."""

    number: int
    """From 1 within the upgrade; a run that is taken up again keeps it."""
    mode: Mode
    job: str
    """Id of the job that does it."""
    code: str
    """Version of the code that began it, or took it up."""
    started_at: str
    ended_at: str = ""
    """Empty: it is on its way."""
    counts: Counts = Counts()
    """Complete when it has ended."""


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one upgrade of this table, oldest pass first."""

    passes: tuple[Pass, ...] = ()

    @property
    def last(self) -> Pass | None:
        """The newest pass."""
        return self.passes[-1] if self.passes else None

    @property
    def open(self) -> Pass | None:
        """The pass that is on its way, working or not."""
        return self.last if self.last and not self.last.ended_at else None

    @property
    def proved(self) -> Pass | None:
        """The newest pass that came to its end."""
        return next((one for one in reversed(self.passes) if one.ended_at), None)

    @property
    def is_applied(self) -> bool:
        """Whether a run came to its end and nothing was left by it, nor found later."""
        ran = any(one.mode == "run" and one.ended_at for one in self.passes)
        if self.proved is None or not ran:
            return False
        left = self.proved.counts.changed if self.proved.mode == "check" else 0
        return not left and not self.proved.counts.parked


def state(record: Record, *, works: bool) -> State:
    """How an upgrade stands; ``works``: whether the job of the open pass is open."""
    if record.open:
        if not works:
            return "stopped"
        return "checking" if record.open.mode == "check" else "running"
    if record.proved is None:
        return "pending"
    if record.is_applied:
        return "applied"
    return "checked" if record.proved.mode == "check" else "incomplete"


def plan(
    record: Record, mode: Mode, before: Iterable[Record], code: str, *, works: bool
) -> Literal["begin", "take up", "nothing"]:
    """What a wish for a pass comes to now. The same wish twice comes to the same pass.

    Raises:
        Refused: `upgrade_busy`: a pass of the other mode works. `upgrade_stopped`: a run stands
        still and must be taken up. `upgrade_before_missing`: an upgrade before was not applied.
        `upgrade_unchecked`: what a run would do was not counted by this very code.
        `upgrade_damaged_items`: the check met items that cannot be read.
    """
    if mode == "run" and not all(one.is_applied for one in before):
        raise Refused("upgrade_before_missing")
    if record.open and works:
        if record.open.mode == mode:
            return "nothing"
        raise Refused("upgrade_busy")
    if record.open and record.open.mode == "run":
        if mode == "run":
            return "take up"
        raise Refused("upgrade_stopped")
    if mode == "check":
        return "begin"
    if record.is_applied:
        return "nothing"
    checked = record.last
    if checked is None or checked.mode != "check" or not checked.ended_at or checked.code != code:
        raise Refused("upgrade_unchecked")
    if checked.counts.parked:
        raise Refused("upgrade_damaged_items")
    return "begin"


def begun(record: Record, mode: Mode, job: str, code: str, at: str) -> Record:
    """The record with a new pass; a check that had stopped is forgotten for it."""
    number = record.last.number + 1 if record.last else 1
    kept = record.passes[:-1] if record.open else record.passes
    new = Pass(number=number, mode=mode, job=job, code=code, started_at=at)
    return Record(passes=(*kept, new))


def taken_up(record: Record, job: str, code: str) -> Record:
    """The record with its open pass worked on by another job."""
    return _with_last(record, job=job, code=code)


def ended(record: Record, counts: Counts, at: str) -> Record:
    """The record with its open pass at its end."""
    return _with_last(record, ended_at=at, counts=counts)


def _with_last(record: Record, **changes: Any) -> Record:
    last = msgspec.structs.replace(record.passes[-1], **changes)
    return Record(passes=(*record.passes[:-1], last))


def difference(before: Raw, after: Raw) -> tuple[Raw, list[str]]:
    """What to set and what to remove so that ``before`` becomes ``after``."""
    if any(before[name] != after.get(name) for name in KEYS):
        raise AssertionError("an upgrade changes an item where it stands")
    sets = {name: value for name, value in after.items() if before.get(name) != value}
    return sets, [name for name in before if name not in after]


def shapes(before: Raw, after: Raw) -> tuple[Shape, ...]:
    """How what changes is stored before and after, without its content."""
    sets, removed = difference(before, after)
    return tuple(
        Shape(name, _shape(before.get(name)), _shape(after.get(name)))
        for name in sorted([*sets, *removed])
    )


def _shape(value: dict[str, Any] | None) -> str:
    if value is None:
        return ""
    ((kind, content),) = value.items()
    size = len(content) if isinstance(content, bytes) else len(str(content).encode())
    return f"{kind} {size}"
