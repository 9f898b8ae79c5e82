"""What goods that come back do to a receipt. Pure.

Everything here is a function of what has come back altogether, never of the order in which it did:
so any order of the same returns ends the same. The judgement of a receipt rests for ever on what
was known when it was posted; only the lines that are left are looked at anew.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Donation, Event, History, Judgement, Line, Stamped
from chalicelib.programs.purchases import OnReturn
from chalicelib.receipts.model import (
    SALE,
    Frozen,
    Given,
    Happening,
    Returned,
    Shares,
    SoldLine,
    Spent,
)
from chalicelib.receipts.splitting import as_line

Lines = Sequence[SoldLine]


def part(whole: int, back: int, quantity: int) -> int:
    """What ``back`` of ``quantity`` pieces take with them: all of it with the last piece."""
    return whole * back // quantity


def money_back(lines: Lines, shares: Sequence[Shares], back: Sequence[int]) -> int:
    """Money to give back for the pieces that came back, in minor units."""
    every = zip(lines, shares, back, strict=True)
    return sum(part(share.money, gone, line.quantity) for line, share, gone in every)


def points_back(lines: Lines, shares: Sequence[Shares], back: Sequence[int]) -> int:
    """Spent points to give back for them."""
    every = zip(lines, shares, back, strict=True)
    return sum(part(share.points, gone, line.quantity) for line, share, gone in every)


def donations_less(
    lines: Lines, judgement: Judgement, before: Sequence[int], after: Sequence[int]
) -> list[Donation]:
    """What is not given away for the pieces that came back between: the part of each donation that
    went with their prices.
    """
    prices, pieces = [line.price for line in lines], [line.quantity for line in lines]
    whole = sum(prices)

    def gone(amount: int, back: Sequence[int]) -> int:
        return part(amount, sum(map(part, prices, back, pieces)), whole) if whole else 0

    return [
        msgspec.structs.replace(one, amount=gone(one.amount, after) - gone(one.amount, before))
        for one in judgement.others
        if isinstance(one, Donation)
    ]


def event_of(
    frozen: Frozen,
    lines: Sequence[Line],
    at: datetime,
    *,
    partner: str = "",
    outlet: str = "",
    channel: str = "",
    payment: tuple[str, ...] = (),
    told: Happening | None = None,
) -> Event:
    """A receipt as the rules saw it, with these lines."""
    return Event(
        trigger=told.trigger if told else SALE,
        at=at,
        lines=tuple(lines),
        partner=partner,
        outlet=outlet,
        channel=channel,
        identified=frozen.identified,
        partner_rate=frozen.partner_rate,
        payment=payment,
        subject=told.subject if told else "",
        count=told.count if told else 0,
        member=frozen.member,
        history=History(
            counters=frozen.counters,
            months=frozen.months,
            stamps=frozen.stamps,
            first=frozen.first,
            today=frozen.today,
        ),
    )


def lines_left(lines: Lines, shares: Sequence[Shares], back: Sequence[int]) -> list[Line]:
    """The lines as the rules see them when these pieces are gone."""
    return [
        as_line(
            line, share.earning - part(share.earning, gone, line.quantity), line.quantity - gone
        )
        for line, share, gone in zip(lines, shares, back, strict=True)
        if gone < line.quantity
    ]


def rejudged(engine: Engine, event: Event, given: Given) -> Judgement:
    """What the rules give for the lines that are left, with everything else as it was."""
    return engine.judge(event, given.frozen.used) if event.lines else Judgement()


def kept(
    how: OnReturn,
    given: Given,
    left: Judgement,
    lines: Lines,
    back: Sequence[int],
    bounded: Collection[str] = (),
) -> dict[str, int]:
    """Points of each rule that stay with the member when these pieces are gone; together never
    more than the receipt brought, and of ``bounded`` rules never more than they gave: others may
    have had what was left of their caps and budgets meanwhile.
    """
    if how == "shares":
        return _by_shares(given, lines, back)
    most = given.judgement.points
    gave = points_by_rule(given.judgement)
    found: dict[str, int] = {}
    for award in left.awards:
        points = min(award.points, most)
        if award.rule in bounded:
            points = min(points, gave.get(award.rule, 0))
        most -= points
        found[award.rule] = found.get(award.rule, 0) + points
    return {rule: points for rule, points in found.items() if points}


def points_by_rule(judgement: Judgement) -> dict[str, int]:
    """What each rule gave."""
    found: dict[str, int] = {}
    for award in judgement.awards:
        found[award.rule] = found.get(award.rule, 0) + award.points
    return found


def cards(given: Given, left: Judgement, with_goods: Collection[str]) -> dict[str, int]:
    """How far a receipt moves each stamp card when this is left of it; ``with_goods`` are the rules
    of whose goods something is left.

    Pieces that came back move a card less. The round of a card that a free piece took stays taken
    while any of the goods are kept: the free piece may be among them.
    """
    pieces = {one.rule: one.given + one.free for one in left.others if isinstance(one, Stamped)}
    found: dict[str, int] = {}
    for one in given.judgement.others:
        if isinstance(one, Stamped) and one.rule in with_goods:
            moved = one.after - given.frozen.stamps.get(one.card, 0)
            gone = one.given + one.free - pieces.get(one.rule, 0)
            found[one.card] = found.get(one.card, 0) + moved - gone
    return found


class Taken(NamedTuple):
    """Where the points of an award are taken from by one return; below zero: given again."""

    unannounced: int
    """Points that were still announced."""
    lapsed: int
    """Points that staff had cancelled before they came."""
    burnt: int
    """Only below zero: points that burnt unspent, and are nothing when they are given again."""
    balance: int
    """Points of the balance."""


def parted(
    points: int, announced: int, cancelled: int, room: int, earlier: Sequence[Returned]
) -> Taken:
    """Part the points of one return: those still ``announced`` first, then those that staff had
    ``cancelled``, the rest from the balance. What is given again goes the same way back, so that
    only what is taken altogether matters; ``room`` is how much can be announced again.
    """
    lapsed = sum(one.lapsed for one in earlier)
    if points >= 0:
        unannounced = min(points, announced)
        gone = min(points - unannounced, max(0, cancelled - lapsed))
        return Taken(unannounced, gone, 0, points - unannounced - gone)
    burnt = sum(one.excused for one in earlier)
    unannounced = sum(one.unannounced for one in earlier)
    whole = sum(one.taken for one in earlier)
    left = -points
    again = []
    for most in (whole - unannounced - lapsed - burnt, burnt, lapsed, room):
        again.append(min(left, max(0, most)))
        left -= again[-1]
    return Taken(-again[3], -again[2], -again[1], -again[0] - left)


def lots_back(spent: Sequence[Spent], before: int, after: int) -> tuple[Spent, ...]:
    """The lots of the points that come back now, when ``before`` of all came back earlier and
    ``after`` have now. What was spent last, the latest-burning, comes back first.
    """
    found = []
    passed = 0
    for lot in reversed(spent):
        first, last = max(before, passed), min(after, passed + lot.points)
        if last > first:
            found.append(Spent(lot.burns, lot.issuer, lot.use, last - first))
        passed += lot.points
    return tuple(found)


def less(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    """How much less there is of each, where it changed; below zero: more."""
    names = before.keys() | after.keys()
    change = {name: before.get(name, 0) - after.get(name, 0) for name in sorted(names)}
    return {name: points for name, points in change.items() if points}


def _by_shares(given: Given, lines: Lines, back: Sequence[int]) -> dict[str, int]:
    """Each award's shares of the lines, by the pieces that are left of those it was given for."""
    before = given.before or (0,) * len(lines)
    places = [place for place, line in enumerate(lines) if before[place] < line.quantity]
    found: dict[str, int] = {}
    for award in given.judgement.awards:
        gone = 0
        for shown, points in award.shares:
            place = places[shown]
            quantity = lines[place].quantity - before[place]
            gone += part(points, back[place] - before[place], quantity)
        # An award for the event as a whole goes with its last piece.
        whole = not award.lines and all(
            back[place] == line.quantity for place, line in enumerate(lines)
        )
        left = 0 if whole else award.points - gone
        found[award.rule] = found.get(award.rule, 0) + left
    return {rule: points for rule, points in found.items() if points}
