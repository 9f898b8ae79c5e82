"""What documents came to: counted up part by part, put together, and turned into money. Pure.

Parts share no member, so their figures add up.
"""

from collections.abc import Iterable

import msgspec

from chalicelib.forecasts.model import WHOLE

TOP = 20
"""Winners and losers that are shown."""


class RuleSum(msgspec.Struct, frozen=True, array_like=True):
    """What one rule gave."""

    times: int = 0
    points: int = 0
    money: int = 0
    """Discounts, vouchers and donations."""

    def plus(self, other: "RuleSum") -> "RuleSum":
        """Both together."""
        return RuleSum(
            self.times + other.times, self.points + other.points, self.money + other.money
        )


class DaySum(msgspec.Struct, frozen=True, array_like=True):
    """Points and money of one day."""

    receipts: int = 0
    turnover: int = 0
    given: int = 0
    spent: int = 0
    burnt: int = 0
    discounts: int = 0
    """Money that the document's own rules took off."""

    def plus(self, other: "DaySum") -> "DaySum":
        """Both together."""
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return DaySum(*(one + two for one, two in pairs))


class Figures(msgspec.Struct, omit_defaults=True):
    """What one document came to. Counted up while receipts are played through."""

    receipts: int = 0
    events: int = 0
    members: int = 0
    turnover: int = 0
    """Prices, before coupons, points and the document's discounts."""
    margin: int = 0
    """Prices less costs, as far as costs are told or assumed."""
    costed: int = 0
    """The part of the turnover whose cost was told."""
    coupons: int = 0
    discounts: int = 0
    given: int = 0
    """Points of rules, those to be used later included, less what returns took back."""
    excused: int = 0
    """Points of returned goods that members keep: they had burnt, or are forgiven."""
    spent: int = 0
    """Points that paid for receipts, less what returns gave back."""
    exchanged: int = 0
    """Points that became vouchers."""
    burnt: int = 0
    open: int = 0
    """Points of members at the end that can be used."""
    pending: int = 0
    """Points announced at the end."""
    owed: int = 0
    """Points that members owe at the end."""
    vouchers: int = 0
    voucher_money: int = 0
    donations: int = 0
    """Money given away."""
    gifts: int = 0
    """Free articles."""
    refused: int = 0
    """Receipts that the document could not take, e.g. because of its own limits."""
    rules: dict[str, RuleSum] = {}
    days: dict[str, DaySum] = {}

    def rule(self, name: str, points: int, money: int = 0, times: int = 1) -> None:
        """Count what a rule gave, or, below zero, what came back of it."""
        had = self.rules.get(name, RuleSum())
        self.rules[name] = had.plus(RuleSum(times, points, money))

    def day(self, name: str, more: DaySum) -> None:
        """Count what a day brought."""
        had = self.days.get(name)
        self.days[name] = had.plus(more) if had else more

    @property
    def outstanding(self) -> int:
        """Points that members can still bring: open and announced ones."""
        return self.open + self.pending


_SUMS = tuple(name for name in Figures.__struct_fields__ if name not in ("rules", "days"))


def merged(parts: Iterable[Figures]) -> Figures:
    """The figures of parts that share no member."""
    whole = Figures()
    for part in parts:
        for name in _SUMS:
            setattr(whole, name, getattr(whole, name) + getattr(part, name))
        for rule, more in part.rules.items():
            whole.rule(rule, more.points, more.money, more.times)
        for day, sums in part.days.items():
            whole.day(day, sums)
    whole.rules = dict(sorted(whole.rules.items()))
    whole.days = dict(sorted(whole.days.items()))
    return whole


class Changed(msgspec.Struct, frozen=True, array_like=True, order=True):
    """What a document is worth to one member, beside the version in force, in minor units."""

    change: int
    member: str
    """A pseudonym, the same in all forecasts of the program."""
    before: int
    after: int


class Changes(msgspec.Struct, frozen=True):
    """Who wins and who loses by a document, beside the version in force."""

    counts: dict[str, int]
    """Members by their change in minor units."""
    most: tuple[Changed, ...]
    least: tuple[Changed, ...]

    @property
    def winners(self) -> int:
        """Members who would get more."""
        return sum(count for change, count in self._sorted() if change > 0)

    @property
    def losers(self) -> int:
        """Members who would get less."""
        return sum(count for change, count in self._sorted() if change < 0)

    @property
    def members(self) -> int:
        """All members."""
        return sum(self.counts.values())

    def deciles(self) -> tuple[int, ...]:
        """The nine changes that part the members, by their changes, into ten equal groups: the
        lower of two where they fall between.
        """
        found: list[int] = []
        passed, total = 0, self.members
        for change, count in self._sorted():
            passed += count
            while len(found) < 9 and passed * 10 >= total * (len(found) + 1):
                found.append(change)
        return tuple(found)

    def _sorted(self) -> list[tuple[int, int]]:
        return sorted((int(change), count) for change, count in self.counts.items())


def changes_of(pairs: Iterable[tuple[str, int, int]]) -> Changes:
    """Winners and losers among members with what they had before, and after."""
    counts: dict[str, int] = {}
    rows = []
    for member, before, after in pairs:
        name = str(after - before)
        counts[name] = counts.get(name, 0) + 1
        rows.append(Changed(after - before, member, before, after))
    return Changes(dict(sorted(counts.items())), *_tops(rows))


def changes_merged(parts: Iterable[Changes]) -> Changes:
    """Those of parts that share no member."""
    counts: dict[str, int] = {}
    rows: list[Changed] = []
    for part in parts:
        rows += {*part.most, *part.least}
        for name, count in part.counts.items():
            counts[name] = counts.get(name, 0) + count
    return Changes(dict(sorted(counts.items())), *_tops(rows))


def _tops(rows: list[Changed]) -> tuple[tuple[Changed, ...], tuple[Changed, ...]]:
    up = sorted((one for one in rows if one.change > 0), key=lambda one: (-one.change, one.member))
    down = sorted(one for one in rows if one.change < 0)
    return tuple(up[:TOP]), tuple(down[:TOP])


class Played(msgspec.Struct, frozen=True):
    """What one part came to under one document."""

    figures: Figures
    opening: int
    """Points that members had when counting began."""
    changes: Changes


class Economy(msgspec.Struct, frozen=True):
    """What a document costs and leaves, in minor units."""

    point_value: int
    breakage: int
    """Basis points of the points given that burnt."""
    liability: int
    """What the points outstanding at the end are worth."""
    expected: int
    """What of it is expected to be used: all but the breakage."""
    points_cost: int
    """What points paid for."""
    discount_cost: int
    """What points paid for, and discounts and coupons took off."""
    near: int
    """Margin less discounts, points used, vouchers and donations."""
    far: int
    """Near profit less what is expected to be used of the liability."""


def economy(figures: Figures, value: int) -> Economy:
    """What the figures mean in money, a point being worth so much."""
    breakage = 0
    if figures.given > 0:
        breakage = min(WHOLE, figures.burnt * WHOLE // figures.given)
    liability = figures.outstanding * value
    expected = liability * (WHOLE - breakage) // WHOLE
    points_cost = figures.spent * value
    discounts = points_cost + figures.discounts + figures.coupons
    near = figures.margin - discounts - figures.voucher_money - figures.donations
    return Economy(
        value, breakage, liability, expected, points_cost, discounts, near, near - expected
    )


class Result(msgspec.Struct, frozen=True):
    """What a forecast found, document by document."""

    played: tuple[Played, ...]


def whole(parts: Iterable[tuple[Played, ...]]) -> Result:
    """The result of parts that share no member."""
    by_document = zip(*parts, strict=True)
    return Result(
        tuple(
            Played(
                merged(one.figures for one in some),
                sum(one.opening for one in some),
                changes_merged(one.changes for one in some),
            )
            for some in by_document
        )
    )
