"""What changes from one program document to another, place by place. Pure.

Rules are the same rule by their id, wherever they stand. Pointers lead into the document after the
change; of what is removed, into the one before.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from chalicelib.kernel.texts import LANGUAGES
from chalicelib.programs import better
from chalicelib.programs.better import Sign
from chalicelib.programs.birthdays import Birthdays
from chalicelib.programs.claims import Claims
from chalicelib.programs.differences import Change, changed, escaped, others, set_or_not
from chalicelib.programs.differences_rules import rule_changes
from chalicelib.programs.model import Earning, ItemPoints, Program
from chalicelib.programs.profiles import ProfilePolicy
from chalicelib.programs.purchases import Purchases, Spending
from chalicelib.programs.rules_model import Rule
from chalicelib.programs.tiers import Tiers

_PROGRAM = frozenset(
    {
        *("id", "version", "name", "zone", "currency", "languages", "unit", "earning", "burn"),
        *("purchases", "approvals", "kinds", "rules_public", "rules", "terms", "welcome"),
        *("charities", "groups", "memberships", "gates", "tiers", "birthdays", "profile"),
        "claims",
    }
)
_EARNING = frozenset({"item_points", "rules", "counters", "ceiling"})
_ITEM_POINTS = frozenset({"default", "by_sku", "by_category", "first_item_bonus"})
_PURCHASES = frozenset(
    {
        *("spending", "earns_nothing", "on_return", "debt", "accepted_days", "attach_days"),
        "partners_settle",
    }
)
_BIRTHDAYS = frozenset({"leap_day", "settled_days"})
_CLAIMS = frozenset({"window_days", "deadline_days"})
_PROFILE = frozenset({"complete"})
_SPENDING = frozenset({"point_value", "max_share", "goods", "least"})


def changes(before: Program, after: Program) -> tuple[Change, ...]:
    """Everything in which two documents differ, but for their numbers."""
    found = (
        *_club(before, after),
        *_earning(before.earning, after.earning),
        *_purchases(before.purchases, after.purchases),
        *_birthdays(before.birthdays, after.birthdays),
        *_profile(before.profile, after.profile),
        *_claims(before.claims, after.claims),
        *_points(before, after),
        *_tiers(before.tiers, after.tiers),
        *others(before, after, "", _PROGRAM),
    )
    return tuple(found)


def _club(before: Program, after: Program) -> Iterator[Change]:
    yield from _texts("name", before.name, after.name, 0)
    for name in ("zone", "currency"):
        yield from changed(f"/{name}", name, getattr(before, name), getattr(after, name), None)
    for language in LANGUAGES:
        was = language if language in before.languages else None
        now = language if language in after.languages else None
        sign = 1 if was is None else -1
        yield from set_or_not("/languages", "language", was, now, sign, name=language)
    if set(before.languages) == set(after.languages):
        yield from changed("/languages", "main_language", before.languages, after.languages, 0)
    yield from _texts("unit", before.unit, after.unit, 0)
    for pointer, was, now in _entries("/kinds", before.kinds, after.kinds):
        yield from set_or_not(pointer, "kind", was, now, 0, name=_last(pointer))
    for pointer, was, now in _entries("/charities", before.charities, after.charities):
        yield from set_or_not(pointer, "charity", was, now, 0, name=_last(pointer))
    for pointer, was, now in _entries("/groups", before.groups, after.groups):
        opens: Sign = 1 if was is None else -1 if now is None else None
        yield from set_or_not(pointer, "group", was, now, opens, name=_last(pointer))
    for pointer, was, now in _entries("/memberships", before.memberships, after.memberships):
        sold: Sign = 1 if was is None else -1 if now is None else None
        yield from set_or_not(pointer, "membership", was, now, sold, name=_last(pointer))
    for pointer, was, now in _entries("/gates", before.gates, after.gates):
        closes: Sign = -1 if was is None else 1 if now is None else None
        yield from set_or_not(pointer, "gate", was, now, closes, name=_last(pointer))
    yield from _texts("rules", before.rules, after.rules, None)
    yield from changed("/rules_public", "rules_public", before.rules_public, after.rules_public, 0)
    yield from changed(
        "/terms/acceptance", "acceptance", before.terms.acceptance, after.terms.acceptance, 0
    )
    yield from _texts("welcome", before.welcome, after.welcome, 0)


def _texts(name: str, before: Any, after: Any, sign: Sign) -> Iterator[Change]:
    empty = type(before)()
    for language in LANGUAGES:
        was, now = (
            None if getattr(one, language) == getattr(empty, language) else getattr(one, language)
            for one in (before, after)
        )
        yield from set_or_not(f"/{name}/{language}", name, was, now, sign, name=language)


def _points(before: Program, after: Program) -> Iterator[Change]:
    was, now = before.burn, after.burn
    same_else = msgspec.structs.replace(was, grace_days=now.grace_days, warn_days=now.warn_days)
    if same_else != now:
        yield from changed("/burn", "burn", was, now, better.burn(was, now))
    yield from changed(
        "/burn/grace_days",
        "grace_days",
        was.grace_days,
        now.grace_days,
        better.higher(was.grace_days, now.grace_days),
    )
    yield from changed("/burn/warn_days", "warn_days", was.warn_days, now.warn_days, 0)
    limits = before.approvals.adjustment_above, after.approvals.adjustment_above
    yield from changed("/approvals/adjustment_above", "approvals", *limits, 0)
    yield from others(
        before.approvals, after.approvals, "/approvals", frozenset({"adjustment_above"})
    )
    yield from others(before.terms, after.terms, "/terms", frozenset({"acceptance"}))


def _tiers(before: Tiers | None, after: Tiers | None) -> Iterator[Change]:
    if before is None or after is None:
        yield from set_or_not("/tiers", "tiers", before, after, None)
        return
    was, now = ({one.id: one for one in each.levels} for each in (before, after))
    for place, level in enumerate(after.levels):
        pointer, had = f"/tiers/levels/{place}", was.get(level.id)
        yield from set_or_not(pointer, "level", had, level, None, name=level.id)
    for place, level in enumerate(before.levels):
        if level.id not in now:
            yield from set_or_not(
                f"/tiers/levels/{place}", "level", level, None, None, name=level.id
            )
    order = ("reassess", "one", "never")
    ways: dict[str, better.Way] = {
        "measure": lambda one, other: None,
        "over": lambda one, other: None,
        "keeps_months": lambda one, other: better.higher(one, other) if one and other else None,
        "down": lambda one, other: better.higher(order.index(one), order.index(other)),
        "grace_days": better.higher,
        "assigned_by": lambda one, other: None,
    }
    for name, way in ways.items():
        one, other = getattr(before, name), getattr(after, name)
        yield from changed(f"/tiers/{name}", f"tiers_{name}", one, other, way(one, other))
    yield from others(before, after, "/tiers", frozenset({*ways, "levels"}))


def _earning(before: Earning, after: Earning) -> Iterator[Change]:
    yield from _item_points(before.item_points, after.item_points)
    yield from _rules(before.rules, after.rules)
    for pointer, was, now in _entries("/earning/counters", before.counters, after.counters):
        # By itself a counter gives nothing; another one is another question to rules.
        sign = 0 if was is None or now is None else None
        yield from set_or_not(pointer, "counter", was, now, sign, name=_last(pointer))
    ways: dict[str, better.Way] = {"share": better.higher, "per_point": better.lower}
    was, now = before.ceiling, after.ceiling
    sign = better.by_fields(was, now, ways) if was and now else better.higher(was and 0, now and 0)
    yield from set_or_not("/earning/ceiling", "ceiling", was, now, sign)
    yield from others(before, after, "/earning", _EARNING)


def _item_points(before: ItemPoints, after: ItemPoints) -> Iterator[Change]:
    place = "/earning/item_points"
    for name, topic in (("default", "item_default"), ("first_item_bonus", "first_item_bonus")):
        was, now = getattr(before, name), getattr(after, name)
        yield from changed(f"{place}/{name}", topic, was, now, better.higher(was, now))
    for name, topic in (("by_sku", "item_sku"), ("by_category", "item_category")):
        for pointer, was, now in _entries(
            f"{place}/{name}", getattr(before, name), getattr(after, name)
        ):
            least_was, most_was = _otherwise(before, name) if was is None else (was, was)
            least_now, most_now = _otherwise(after, name) if now is None else (now, now)
            sign = 1 if least_now > most_was else -1 if most_now < least_was else None
            if least_was == most_was == least_now == most_now:
                sign = 0
            yield from set_or_not(pointer, topic, was, now, sign, name=_last(pointer))
    yield from others(before, after, place, _ITEM_POINTS)


def _otherwise(given: ItemPoints, table: str) -> tuple[int, int]:
    """Fewest and most points of an item that a table does not name."""
    rest = (given.default, *(given.by_category.values() if table == "by_sku" else ()))
    return min(rest), max(rest)


def _rules(before: tuple[Rule, ...], after: tuple[Rule, ...]) -> Iterator[Change]:
    was = {rule.id: rule for rule in before}
    now = {rule.id: rule for rule in after}
    for place, rule in enumerate(after):
        pointer = f"/earning/rules/{place}"
        if rule.id in was:
            yield from rule_changes(was[rule.id], rule, pointer)
        else:
            sign = better.rule(rule)
            yield from set_or_not(pointer, "rule", None, rule, sign, rule=rule)
    for place, rule in enumerate(before):
        if rule.id not in now:
            sign = better.reversed_(better.rule(rule))
            yield from set_or_not(f"/earning/rules/{place}", "rule", rule, None, sign, rule=rule)
    kept_was = tuple(name for name in was if name in now)
    kept_now = tuple(name for name in now if name in was)
    yield from changed("/earning/rules", "order", kept_was, kept_now, None)


def _purchases(before: Purchases, after: Purchases) -> Iterator[Change]:
    yield from _spending(before.spending, after.spending)
    ways: dict[str, Callable[[Any, Any], Sign]] = {
        "earns_nothing": lambda was, now: better.reversed_(better.more_of(was, now)),
        "on_return": lambda was, now: None,
        "debt": lambda was, now: 1 if now == "forgive" else -1,
        "accepted_days": better.higher,
        "attach_days": better.higher,
        "partners_settle": lambda was, now: 0,
    }
    for name, way in ways.items():
        was, now = getattr(before, name), getattr(after, name)
        yield from changed(f"/purchases/{name}", name, was, now, way(was, now))
    yield from others(before, after, "/purchases", _PURCHASES)


def _birthdays(before: Birthdays, after: Birthdays) -> Iterator[Change]:
    ways: dict[str, Callable[[Any, Any], Sign]] = {
        "leap_day": lambda was, now: 0,
        "settled_days": better.lower,
    }
    for name, way in ways.items():
        was, now = getattr(before, name), getattr(after, name)
        yield from changed(f"/birthdays/{name}", name, was, now, way(was, now))
    yield from others(before, after, "/birthdays", _BIRTHDAYS)


def _profile(before: ProfilePolicy, after: ProfilePolicy) -> Iterator[Change]:
    yield from changed(
        "/profile/complete", "profile_complete", before.complete, after.complete, None
    )
    yield from others(before, after, "/profile", _PROFILE)


def _claims(before: Claims, after: Claims) -> Iterator[Change]:
    for name in ("window_days", "deadline_days"):
        was, now = getattr(before, name), getattr(after, name)
        yield from changed(f"/claims/{name}", f"claims_{name}", was, now, better.higher(was, now))
    yield from others(before, after, "/claims", _CLAIMS)


def _spending(before: Spending | None, after: Spending | None) -> Iterator[Change]:
    place = "/purchases/spending"
    if before is None or after is None:
        yield from set_or_not(place, "spending", before, after, 1 if after else -1)
        return
    ways: dict[str, Callable[[Any, Any], Sign]] = {
        "point_value": better.higher,
        "max_share": better.higher,
        "goods": better.goods,
        "least": better.lower,
    }
    for name, way in ways.items():
        was, now = getattr(before, name), getattr(after, name)
        yield from changed(f"{place}/{name}", f"spending_{name}", was, now, way(was, now))
    yield from others(before, after, place, _SPENDING)


def _entries(
    pointer: str, before: dict[str, Any], after: dict[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    for name in {**after, **before}:
        yield f"{pointer}/{escaped(name)}", before.get(name), after.get(name)


def _last(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
