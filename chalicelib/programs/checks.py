"""What a program document must keep beyond its types, each fault with a JSON pointer to it."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.texts import LANGUAGES
from chalicelib.programs import rules_checks
from chalicelib.programs.burning import MAX_MONTHS, After, Fixed, Inactive
from chalicelib.programs.model import Faults, Forms, LongTexts, Program, Texts
from chalicelib.programs.rules_conditions import TierCondition
from chalicelib.programs.rules_effects import TierEffect

PLURALS = {
    "en": ("one", "other"),
    "ru": ("one", "few", "many"),
    "uk": ("one", "few", "many"),
    "ar": ("zero", "one", "two", "few", "many", "other"),
}
"""The plural categories that whole numbers need in each language (CLDR 44)."""


def faults(program: Program) -> Faults:
    """Everything wrong with a document by itself."""
    return (
        *_place(program),
        *_texts(program),
        *_unit(program),
        *_burning(program),
        *_tiers(program),
        *_gates(program),
        *rules_checks.faults(program.earning),
        *rules_checks.purchases(program.purchases),
    )


def changed_fixed(before: Program, after: Program) -> Faults:
    """What a later version may not change, because points, months and members rest on it."""
    return tuple(
        [
            FieldError(f"/{name}", "fixed")
            for name in ("id", "currency", "zone")
            if getattr(before, name) != getattr(after, name)
        ]
        + [
            FieldError(f"/kinds/{kind}", "kind_removed")
            for kind in sorted(before.kinds.keys() - after.kinds.keys())
        ]
    )


def over_before_start(program: Program, starts_on: date) -> Faults:
    """Dates in the document that are past when it comes into force."""
    if isinstance(program.burn, Fixed) and program.burn.date < starts_on:
        return (FieldError("/burn/date", "date_past"),)
    return ()


def zone_known(zone: str) -> bool:
    """Whether the zone stands in the IANA time zone database."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _place(program: Program) -> Iterator[FieldError]:
    if not zone_known(program.zone):
        yield FieldError("/zone", "zone_unknown")
    if len(set(program.languages)) < len(program.languages):
        yield FieldError("/languages", "duplicate")


def _texts(program: Program) -> Iterator[FieldError]:
    yield from untranslated(program, "/name", program.name, needed=True)
    yield from untranslated(program, "/rules", program.rules, needed=True)
    welcome = program.welcome
    yield from untranslated(program, "/welcome", welcome, needed=welcome != Texts())
    for charity, name in program.charities.items():
        yield from untranslated(program, f"/charities/{charity}", name, needed=True)
    for group, terms in program.groups.items():
        pointer = f"/groups/{group}"
        yield from untranslated(program, f"{pointer}/name", terms.name, needed=True)
        yield from untranslated(program, f"{pointer}/evidence", terms.evidence, needed=True)
    for plan, sold in program.memberships.items():
        pointer = f"/memberships/{plan}"
        yield from untranslated(program, f"{pointer}/name", sold.name, needed=True)
        for place, told in enumerate(sold.privileges):
            yield from untranslated(program, f"{pointer}/privileges/{place}", told, needed=True)
    for place, rule in enumerate(program.earning.rules):
        pointer = f"/earning/rules/{place}/name"
        yield from untranslated(program, pointer, rule.name, needed=True)


def untranslated(
    program: Program, pointer: str, texts: Texts | LongTexts, *, needed: bool
) -> Iterator[FieldError]:
    """Languages of the program that ``texts`` lack, and texts in languages that it has not."""
    for language in LANGUAGES:
        text = getattr(texts, language).strip()
        if needed and language in program.languages and not text:
            yield FieldError(f"{pointer}/{language}", "text_missing")
        if text and language not in program.languages:
            yield FieldError(f"{pointer}/{language}", "language_unlisted")


def _unit(program: Program) -> Iterator[FieldError]:
    for language in LANGUAGES:
        forms: Forms = getattr(program.unit, language)
        if language not in program.languages:
            if forms != Forms():
                yield FieldError(f"/unit/{language}", "language_unlisted")
            continue
        for form in PLURALS[language]:
            if not getattr(forms, form).strip():
                yield FieldError(f"/unit/{language}/{form}", "text_missing")


def _burning(program: Program) -> Iterator[FieldError]:
    burn = program.burn
    if isinstance(burn, After | Inactive) and burn.unit == "month" and burn.count > MAX_MONTHS:
        yield FieldError("/burn/count", "too_big", {"limit": str(MAX_MONTHS)})


def _tiers(program: Program) -> Iterator[FieldError]:
    if program.tiers is None:
        return
    levels = program.tiers.levels
    known = {one.id for one in levels}
    for place, level in enumerate(levels):
        pointer = f"/tiers/levels/{place}"
        if level.id in {one.id for one in levels[:place]}:
            yield FieldError(f"{pointer}/id", "duplicate")
        if place and level.at_least <= levels[place - 1].at_least:
            yield FieldError(f"{pointer}/at_least", "not_rising")
        yield from untranslated(program, f"{pointer}/name", level.name, needed=True)
        for nth, text in enumerate(level.privileges):
            yield from untranslated(program, f"{pointer}/privileges/{nth}", text, needed=True)
    for place, rule in enumerate(program.earning.rules):
        pointer = f"/earning/rules/{place}"
        for at, condition in rules_checks.walk(rule.conditions, f"{pointer}/conditions"):
            if isinstance(condition, TierCondition) and not known.issuperset(condition.any_of):
                yield FieldError(f"{at}/any_of", "tier_unknown")
        if isinstance(rule.effect, TierEffect) and rule.effect.tier not in known:
            yield FieldError(f"{pointer}/effect/tier", "tier_unknown")


def _gates(program: Program) -> Iterator[FieldError]:
    for name, gate in program.gates.items():
        pointer = f"/gates/{name}"
        yield from untranslated(program, f"{pointer}/name", gate.name, needed=True)
        for place, told in enumerate(gate.opens):
            yield from untranslated(program, f"{pointer}/opens/{place}", told, needed=True)
        for place, kind in enumerate(gate.kinds):
            if kind not in program.kinds:
                yield FieldError(f"{pointer}/kinds/{place}", "kind_unknown")
        lists = {"kinds": gate.kinds, "options": gate.options, "warn_days": gate.warn_days}
        for field, values in lists.items():
            for place, value in enumerate(values):
                if value in values[:place]:
                    yield FieldError(f"{pointer}/{field}/{place}", "duplicate")
        if not gate.options and not gate.opens:
            yield FieldError(f"{pointer}/options", "gate_opens_nothing")
