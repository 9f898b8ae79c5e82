"""What two lots of items, their books and their files come to side by side."""

from collections.abc import Iterator
from itertools import islice

from infra.drill.books import Books
from infra.drill.compare import Difference, Reading, Tally, differences, tally

SHOWN = 20
"""Items that are named when lots differ."""


class Verdict:
    """Lines to read, and whether everything is the same."""

    def __init__(self) -> None:
        """Nothing is wrong yet."""
        self.lines: list[str] = []
        self.faults = 0

    def say(self, line: str) -> None:
        """Tell something."""
        self.lines.append(line)

    def wrong(self, line: str) -> None:
        """Tell a fault."""
        self.faults += 1
        self.lines.append(f"WRONG: {line}")

    @property
    def holds(self) -> bool:
        """Whether there is no fault."""
        return not self.faults


def same_items(verdict: Verdict, first: Reading, second: Reading) -> None:
    """Whether both hold the same items: by kind, by program, and each by its hash."""
    ours, theirs = tally(first()), tally(second())
    for kind in sorted(ours.kinds.keys() | theirs.kinds.keys()):
        _same(verdict, f"items of the kind {kind}", ours.kinds[kind], theirs.kinds[kind])
    for program in sorted(ours.points.keys() | theirs.points.keys()):
        _same(verdict, f"points of {program}", ours.points[program], theirs.points[program])
    _balanced(verdict, ours, "exported")
    _balanced(verdict, theirs, "restored")
    unlike = ours.baskets_unlike(theirs)
    for one in _first(differences(first, second, unlike) if unlike else iter(())):
        verdict.wrong(f"{one.what}: {one.told}")
    if not unlike:
        verdict.say(f"{ours.total} items are the same, each by its hash.")


def same_books(verdict: Verdict, first: Books, second: Books) -> None:
    """Whether the ledger's own reconciliation says the same of both, and that they agree."""
    for name, books in (("exported", first), ("restored", second)):
        for account in books.disagreeing[:SHOWN]:
            verdict.wrong(f"the {name} account {account} disagrees with its entries")
    _same(verdict, "accounts", first.accounts, second.accounts)
    _same(verdict, "entries that were proved", first.entries, second.entries)
    for program in sorted(first.points.keys() | second.points.keys()):
        points = (first.points.get(program, 0), second.points.get(program, 0))
        _same(verdict, f"proved points of {program}", *points)


def _balanced(verdict: Verdict, found: Tally, name: str) -> None:
    for program in sorted(found.points.keys() | found.moved.keys()):
        held, moved = found.points[program], found.moved[program]
        if held != moved:
            verdict.wrong(f"{program}, {name}: members hold {held}, entries come to {moved}")


def _same(verdict: Verdict, what: str, first: int, second: int) -> None:
    if first == second:
        verdict.say(f"{what}: {first}")
    else:
        verdict.wrong(f"{what}: {first} exported, {second} restored")


def _first(found: Iterator[Difference]) -> Iterator[Difference]:
    yield from islice(found, SHOWN)
