"""A member's level in the reader's language."""

from chalicelib.programs.tiers import Tiers
from chalicelib.receipts.counting import Tier
from chalicelib.tiers.service import Standing
from chalicelib.tiers.shapes import HeldView, LevelView, NextView, TierView


def tier_view(seen: Standing, language: str) -> TierView:
    """Where a member stands."""
    tiers, newest = seen.tiers, seen.tally.tiers[-1:]
    place = tiers.place(seen.tier)
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
        next=None if any(one.by == "staff" for one in newest) else _next(seen, place, language),
        levels=[
            LevelView(
                tier=one.id,
                name=one.name.get(language),
                at_least=one.at_least,
                privileges=_privileges(tiers, at, language),
            )
            for at, one in enumerate(tiers.levels)
        ],
        history=[_held(tiers, one, language) for one in reversed(seen.tally.tiers)],
    )


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
