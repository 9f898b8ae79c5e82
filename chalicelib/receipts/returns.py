"""What goods that come back do to a receipt. Pure.

Everything here is a function of what has come back altogether, never of the order in which it did:
so any order of the same returns ends the same. The judgement of a receipt rests for ever on what
was known when it was posted; only the lines that are left are looked at anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event, History, Judgement, Line, Stamped
from chalicelib.programs.purchases import OnReturn
from chalicelib.receipts.model import SALE, Frozen, Given, Happening, Shares, SoldLine, Spent
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
    how: OnReturn, given: Given, left: Judgement, lines: Lines, back: Sequence[int]
) -> dict[str, int]:
    """Points of each rule that stay with the member when these pieces are gone; together never
    more than the receipt brought.
    """
    if how == "shares":
        return _by_shares(given, lines, back)
    most = given.judgement.points
    found: dict[str, int] = {}
    for award in left.awards:
        points = min(award.points, most)
        most -= points
        found[award.rule] = found.get(award.rule, 0) + points
    return {rule: points for rule, points in found.items() if points}


def stamp_pieces(judgement: Judgement) -> dict[str, int]:
    """Pieces that a judgement moves each stamp card on, free ones included."""
    return {one.card: one.given + one.free for one in judgement.others if isinstance(one, Stamped)}


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
