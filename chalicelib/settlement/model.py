"""What the entries of a month come to between partners. Pure.

Every open or held point has an issuer: the partner who gave it, or nobody but the club (empty).
Points are *used* at a partner when they pay for goods there, and at the club (empty) when they pay
for gifts, go to charities, become something else or are taken by staff. The issuer owes the partner
for what was used there.

A return takes an award back. What it takes of points that another one gave pays for points of the
award that were spent before, so the other one owes the partner who took its award back
(``instead``). What is not there to be taken is the member's debt: the club stands for it
(``debt``), and gets it from whoever's points repay it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, TypeVar

import msgspec

from chalicelib.kernel.clock import day_begins, next_month
from chalicelib.kernel.errors import Conflict, NotFound
from chalicelib.ledger.model import Entry, Movement, worth

CLUB = ""
"""Issuer and partner of what is no partner's: the club itself."""
SETTLED_AFTER = timedelta(hours=1)
"""After the end of a month: by then everything that began within it is in the ledger."""
BACK = "points_returned"
"""Code of the reason of points that come back with goods."""
Month = Annotated[str, msgspec.Meta(pattern=r"^2[01][0-9]{2}-(0[1-9]|1[0-2])$(?!\n)")]
"""A calendar month of the program's zone, e.g. `2026-10`."""


R = TypeVar("R", "Flow", "Issued")


class SettlementUnknown(NotFound):
    """No such settlement in this program."""

    code = "settlement_unknown"


class SettlementNotDone(Conflict):
    """The settlement is not worked out yet, or was stopped."""

    code = "settlement_not_done"


class MonthNotOver(Conflict):
    """The month is not over, or ended less than an hour ago."""

    code = "month_not_over"


class Flow(msgspec.Struct, frozen=True, array_like=True, order=True):
    """Points of one issuer at one partner."""

    issuer: str
    partner: str
    spent: int = 0
    returned: int = 0
    """Spent points that came back."""
    instead: int = 0
    """Taken for an award of the partner's that had been spent before."""
    debt: int = 0
    """Of the club for members who owe the partner points; below zero: repaid to it."""
    money: int = 0
    """What :attr:`points` are worth, each by the version that judged its receipt."""

    @property
    def points(self) -> int:
        """What the issuer owes the partner for, in points."""
        return self.spent - self.returned + self.instead + self.debt


class Issued(msgspec.Struct, frozen=True, array_like=True, order=True):
    """What became of the points of one issuer, apart from their use."""

    issuer: str
    given: int = 0
    """Points that members got, without those that only repaid debts."""
    taken_back: int = 0
    """With goods that came back, or by staff."""
    burnt: int = 0


class Sums(msgspec.Struct, frozen=True):
    """What some entries come to."""

    entries: int = 0
    flows: tuple[Flow, ...] = ()
    issued: tuple[Issued, ...] = ()


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """What has to be known of an entry beyond the entry itself."""

    partner: str = CLUB
    """Where the purchase was."""
    giver: str = CLUB
    """Who gives the points that the entry gives, or takes back."""
    value: int = 0
    """Minor units of money that one point pays for."""
    spent: int = 0
    """Points that paid for the purchase, of a receipt that is posted."""
    exchanged: tuple[tuple[str, int], ...] = ()
    """Of what comes back by a return, by issuer: points that had become something else."""


class Sheet:
    """Sums that grow entry by entry."""

    def __init__(self, *before: Sums) -> None:
        """Begin with these sums, added up."""
        self._entries = 0
        self._flows: dict[tuple[str, str], Flow] = {}
        self._issued: dict[str, Issued] = {}
        for sums in before:
            self._entries += sums.entries
            for flow in sums.flows:
                self._flow(flow)
            for issued in sums.issued:
                self._issue(issued)

    def sums(self) -> Sums:
        """What stands on it, in a fixed order, without rows that come to nothing."""
        flows = sorted(self._flows.values())
        issued = sorted(self._issued.values())
        return Sums(
            self._entries,
            tuple(one for one in flows if one != Flow(one.issuer, one.partner)),
            tuple(one for one in issued if one != Issued(one.issuer)),
        )

    def add(self, entry: Entry, matter: Matter) -> None:
        """Count one entry."""
        self._entries += 1
        if entry.contra == "burn":
            self._burn(entry.movements)
        elif entry.contra == "purchase" and entry.reverses is not None:
            self._come_back(entry, matter)
        elif entry.contra == "purchase":
            paid, rest = _parted(entry.movements, -matter.spent)
            self._use(paid, matter.partner, matter.value)
            self._use([one for one in rest if _leaves(one)], CLUB, matter.value)
            self._give([one for one in rest if not _leaves(one)], matter)
        elif entry.contra == "issuer" or _is_given_by_hand(entry):
            self._give(entry.movements, matter)
        else:
            self._use(entry.movements, CLUB, matter.value)

    def _come_back(self, entry: Entry, matter: Matter) -> None:
        returned = sum(one.points for one in entry.parts if one.reason.code == BACK)
        back, award = _parted(entry.movements, returned)
        paid, exchanged = _told_apart(back, matter.exchanged)
        self._use(paid, matter.partner, matter.value)
        self._use(exchanged, CLUB, matter.value)
        self._give(award, matter)

    def _use(self, movements: Iterable[Movement], partner: str, value: int) -> None:
        """Points are used at a partner, or come back from there."""
        net: dict[str, int] = {}
        owed = 0
        for one in movements:
            if one.bucket in ("open", "held"):
                net[one.issuer] = net.get(one.issuer, 0) + one.points
            elif one.bucket == "debt":
                owed += one.points
        for issuer, points in net.items():
            spent, returned = max(-points, 0), max(points, 0)
            self._flow(Flow(issuer, partner, spent, returned, money=-points * value))
        self._owe(partner, owed, value)

    def _give(self, movements: Iterable[Movement], matter: Matter) -> None:
        """Somebody gives points, or takes back what they gave."""
        giver, value = matter.giver, matter.value
        for one in movements:
            if one.bucket == "debt":
                self._owe(giver, one.points, value)
            elif one.bucket != "open":
                continue
            elif one.points > 0:
                self._issue(Issued(one.issuer, given=one.points))
            elif one.issuer == giver:
                self._issue(Issued(one.issuer, taken_back=-one.points))
            else:
                money = -one.points * value
                self._flow(Flow(one.issuer, giver, instead=-one.points, money=money))

    def _burn(self, movements: Iterable[Movement]) -> None:
        for one in movements:
            if one.bucket in ("open", "held"):
                self._issue(Issued(one.issuer, burnt=-one.points))

    def _owe(self, partner: str, points: int, value: int) -> None:
        if partner != CLUB and points:
            self._flow(Flow(CLUB, partner, debt=points, money=points * value))

    def _flow(self, more: Flow) -> None:
        key = (more.issuer, more.partner)
        self._flows[key] = _plus(self._flows.get(key, Flow(*key)), more)

    def _issue(self, more: Issued) -> None:
        self._issued[more.issuer] = _plus(self._issued.get(more.issuer, Issued(more.issuer)), more)


def bounds(month: str, zone: str) -> tuple[datetime, datetime]:
    """The instant with which a month begins in a zone, and that with which the next one does."""
    first = date.fromisoformat(f"{month}-01")
    return day_begins(first, zone), day_begins(next_month(first), zone)


def _parted(
    movements: Sequence[Movement], points: int
) -> tuple[Sequence[Movement], Sequence[Movement]]:
    """The first movements, as far as they change the balance by so many points, and the rest."""
    for place in range(len(movements) + 1):
        if worth(movements[:place]) == points:
            return movements[:place], movements[place:]
    raise ValueError(f"no beginning of {movements} is worth {points}")


def _told_apart(
    back: Iterable[Movement], exchanged: Iterable[tuple[str, int]]
) -> tuple[list[Movement], list[Movement]]:
    """What comes back of points that paid, and of points that had become something else. Either may
    have repaid debts instead of opening lots.
    """
    left = dict(exchanged)
    paid: list[Movement] = []
    other: list[Movement] = []
    for one in back:
        part = min(left.get(one.issuer, 0), one.points) if one.bucket == "open" else 0
        if part:
            left[one.issuer] -= part
            other.append(msgspec.structs.replace(one, points=part))
        paid.append(msgspec.structs.replace(one, points=one.points - part))
    return [*paid, Movement("debt", sum(left.values()))], other


def _leaves(one: Movement) -> bool:
    return one.bucket == "open" and one.points < 0


def _is_given_by_hand(entry: Entry) -> bool:
    """Whether staff added points by hand, or take back what they had added."""
    return entry.contra == "adjustment" and (entry.points > 0) == (entry.reverses is None)


def _plus(one: R, more: R) -> R:
    figures = {
        name: value + getattr(more, name)
        for name in one.__struct_fields__
        if isinstance(value := getattr(one, name), int)
    }
    return msgspec.structs.replace(one, **figures)
