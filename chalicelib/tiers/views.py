"""A member's level in the reader's language."""

from collections.abc import Iterable

import msgspec

from chalicelib.programs.tiers import Tiers
from chalicelib.receipts import assigned, counting
from chalicelib.receipts.assigned import by_staff
from chalicelib.receipts.counting import Tier
from chalicelib.receipts.store import ProposalItem
from chalicelib.tiers.service import Standing
from chalicelib.tiers.service_proposals import Done
from chalicelib.tiers.shapes import (
    ConfirmedView,
    DoneView,
    HeldView,
    LevelView,
    NextView,
    ProposalView,
    TierView,
)


def tier_view(seen: Standing, language: str, *, to_staff: bool = False) -> TierView:
    """Where a member stands; what waits for staff is for them alone."""
    tiers, had = seen.tiers, [one for one in assigned.on(seen.tally, seen.program) if one.since]
    newest, place = had[-1:], tiers.place(seen.tier)
    waits = assigned.proposed(seen.tally, seen.program) if to_staff else None
    fixed = any(one.by == "staff" and (one.last or not by_staff(seen.program)) for one in newest)
    return TierView(
        tier=seen.tier,
        name=_name(tiers, seen.tier, language),
        privileges=_privileges(tiers, place, language),
        last=next((one.last or None for one in newest), None),
        grace_days=tiers.grace_days,
        measure=tiers.measure,
        counted=seen.bought,
        counted_from=seen.span.first.isoformat(),
        counted_through=seen.span.last.isoformat(),
        assigned_by=tiers.assigned_by,
        proposed=waits.tier if waits else None,
        next=None if fixed else _next(seen, place, language),
        levels=[
            LevelView(
                tier=one.id,
                name=one.name.get(language),
                at_least=one.at_least,
                privileges=_privileges(tiers, at, language),
                opens=list(one.opens),
            )
            for at, one in enumerate(tiers.levels)
        ],
        history=[_held(tiers, one, language) for one in reversed(had)],
    )


def proposal_view(item: ProposalItem, tiers: Tiers, language: str) -> ProposalView:
    """What waits for staff."""
    return ProposalView(
        member=item.member,
        tier=item.tier,
        name=_name(tiers, item.tier, language),
        assigned=item.assigned,
        since=item.since,
        by=msgspec.convert(item.by, counting.By) or "rule",
        counted=item.bought,
    )


def confirmed_view(done: Iterable[Done], *, dry_run: bool) -> ConfirmedView:
    """What became of each row."""
    rows = [DoneView(member=one.member, outcome=one.outcome, was=one.was) for one in done]
    return ConfirmedView(dry_run=dry_run, rows=rows)


def _next(seen: Standing, place: int, language: str) -> NextView | None:
    above = seen.tiers.levels[place + 1 :]
    if not above:
        return None
    missing = max(0, above[0].at_least - seen.bought)
    return NextView(tier=above[0].id, name=above[0].name.get(language), missing=missing)


def _held(tiers: Tiers, one: Tier, language: str) -> HeldView:
    return HeldView(
        tier=one.tier,
        name=_name(tiers, one.tier, language),
        since=one.since,
        by=one.by or "rule",
        last=one.last or None,
    )


def _privileges(tiers: Tiers, place: int, language: str) -> list[str]:
    up_to = tiers.levels[: place + 1]
    return [text.get(language) for one in up_to for text in one.privileges]


def _name(tiers: Tiers, tier: str, language: str) -> str:
    """The level's name; its id where the document no longer has it."""
    return next((one.name.get(language) for one in tiers.levels if one.id == tier), tier)
