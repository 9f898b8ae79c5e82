"""Changes of a program as sentences: a label for each topic, a phrase for each value."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import msgspec

from chalicelib.programs import burning, words_effects
from chalicelib.programs.differences import OTHER, Change
from chalicelib.programs.gates import Gate
from chalicelib.programs.groups import GroupTerms
from chalicelib.programs.memberships import Plan
from chalicelib.programs.model import Program
from chalicelib.programs.purchases import Spending
from chalicelib.programs.rules_model import Ceiling
from chalicelib.programs.tiers import Calendar, Level, Rolling, Tiers
from chalicelib.programs.values import Ratio
from chalicelib.programs.words import Words
from chalicelib.programs.words_conditions import condition, goods, valid

Phrase = Callable[[Words, Any], str]
TEXTS = frozenset({"name", "welcome", "rules"})
"""Topics whose values are texts of the club: that they change is told, not how."""
FIGURES: dict[str, Phrase] = {
    **dict.fromkeys(
        (
            *(
                "item_default",
                "item_sku",
                "item_category",
                "first_item_bonus",
                "grace_days",
                "tiers_grace_days",
            ),
            *("accepted_days", "attach_days", "spending_least", "settled_days"),
            "claims_window_days",
            *("rule_points", "rule_full", "rule_quantity"),
            *("cap_receipt", "cap_day", "cap_month", "cap_ever", "cap_program"),
        ),
        lambda words, value: str(value),
    ),
    **dict.fromkeys(
        ("spending_max_share", "rule_rate", "rule_off", "rule_share"),
        lambda words, value: words.share(value),
    ),
    **dict.fromkeys(
        ("spending_point_value", "rule_amount"), lambda words, value: words.money(value)
    ),
    "rule_factor": lambda words, value: words.times(value),
}
"""Topics of figures that rise and fall."""


def sentence(change: Change, before: Program, after: Program, language: str) -> str:
    """A change in the reader's language."""
    was, now = Words(before, language), Words(after, language)
    if change.rule is None:
        return _told(change, was, now)
    name = change.rule.name.get(language)
    if change.topic == "rule":
        here = was if change.kind == "removed" else now
        told = words_effects.rule(here, change.rule)
        return now.say(f"change.rule_{change.kind}", rule=name, description=told)
    if change.topic == "rule_name":
        return _renamed(change, now)
    return now.say("change.in_rule", rule=name, change=_told(change, was, now))


def _renamed(change: Change, words: Words) -> str:
    before, after = change.before.get(words.language), change.after.get(words.language)
    if before == after:  # in another language than the reader's
        return words.say("change.rule_text", rule=after)
    return words.say("change.rule_renamed", before=before, after=after)


def _told(change: Change, was: Words, now: Words) -> str:
    if change.topic == OTHER:
        return f"{change.pointer}: {_plain(change.before)} → {_plain(change.after)}"
    name = now.say(f"language.{change.name}") if _names_language(change) else change.name
    if change.topic == "kind":
        name = now.say(f"kind.{change.name}")
    label = now.say(f"topic.{change.topic}", name=name)
    if change.topic in TEXTS:
        return now.say(f"change.text_{change.kind}", label=label)
    if change.topic == "order":
        return label
    if change.kind == "added":
        return now.say("change.added", label=label, after=phrase(change.topic, now, change.after))
    if change.kind == "removed":
        before = phrase(change.topic, was, change.before)
        return now.say("change.removed", label=label, before=before)
    told = {
        "label": label,
        "before": phrase(change.topic, was, change.before),
        "after": phrase(change.topic, now, change.after),
    }
    if change.topic in FIGURES:
        rises = _figure(change.after) > _figure(change.before)
        return now.say("change.rises" if rises else "change.falls", **told)
    return now.say("change.changed", **told)


def _names_language(change: Change) -> bool:
    return change.topic in TEXTS or change.topic in ("unit", "language")


def _figure(value: Any) -> Any:
    return Fraction(value.num, value.den) if isinstance(value, Ratio) else value


def phrase(topic: str, words: Words, value: Any) -> str:
    """The value of a topic in words."""
    if topic in FIGURES:
        return FIGURES[topic](words, value)
    if topic in _CHOICES:
        return words.say(f"{topic}.{_choice(value)}")
    return _PHRASES[topic](words, value)


_CHOICES = frozenset(
    {
        *("rules_public", "acceptance", "on_return", "debt", "partners_settle"),
        *("tiers_measure", "tiers_down", "tiers_assigned_by", "leap_day"),
    }
)
"""Topics with a sentence for each value."""


def _choice(value: Any) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _burn(words: Words, given: burning.BurnPolicy) -> str:
    match given:
        case burning.After():
            return words.count(f"burn.after.{given.unit}", given.count)
        case burning.EndOf():
            ends = words.say(f"burn.end_of.{given.period}")
            if given.extra_days:
                return words.joined([ends, words.count("burn.extra_days", given.extra_days)])
            return ends
        case burning.Inactive():
            told = words.count(f"burn.inactive.{given.unit}", given.count)
            return words.joined([told, *(words.say(f"active.{one}") for one in given.renewed_by)])
        case burning.Fixed():
            return words.say("burn.fixed", day=words.day(given.date))
    return words.say("burn.never")


def _ceiling(words: Words, given: Ceiling) -> str:
    told = words.say("ceiling.share", share=words.share(given.share))
    if given.per_point == words_effects.USUAL_WORTH:
        return told
    return words.names([told, words.say("gives.worth", money=words.money(given.per_point))])


def _spending(words: Words, given: Spending) -> str:
    share, value = words.share(given.max_share), words.money(given.point_value)
    parts = [words.say("spending.of", share=share, value=value), goods(words, given.goods)]
    if given.least:
        parts.append(words.say("spending.least", points=words.points(given.least)))
    return words.joined(parts)


def _group(words: Words, given: GroupTerms) -> str:
    name, evidence = given.name.get(words.language), given.evidence.get(words.language)
    parts = [words.count("group.proved", given.months, name=name, evidence=evidence)]
    if given.remind_days:
        parts.append(words.count("membership.reminded", given.remind_days))
    return words.joined(parts)


def _membership(words: Words, given: Plan) -> str:
    price, name = words.money(given.price), given.name.get(words.language)
    parts = [words.count("membership.sold", given.months, name=name, price=price)]
    if given.grace_days:
        parts.append(words.count("membership.grace", given.grace_days))
    if given.remind_days:
        parts.append(words.count("membership.reminded", given.remind_days))
    return words.joined([*parts, *(one.get(words.language) for one in given.privileges)])


def _gate(words: Words, given: Gate) -> str:
    needs = f"gate.needs_{'category' if given.category else 'all'}"
    money = words.money(given.at_least)
    name = given.name.get(words.language)
    parts = [words.say(needs, name=name, money=money, category=given.category)]
    parts.append(words.count("gate.further", given.further_months))
    if given.kinds:
        kinds = words.names(words.say(f"kind.{kind}") for kind in given.kinds)
        parts.append(words.say("gate.kinds", kinds=kinds))
    opens = [words.say(f"gate.option.{option}") for option in given.options]
    opens += [one.get(words.language) for one in given.opens]
    parts.append(words.say("gate.opens", what=words.names(opens)))
    if given.warn_days:
        parts.append(words.say("gate.warned", days=words.names(map(str, given.warn_days))))
    return words.joined(parts)


def _tiers(words: Words, given: Tiers) -> str:
    return words.names([one.name.get(words.language) for one in given.levels])


def _level(words: Words, given: Level) -> str:
    tiers = words.program.tiers
    measures = {"amount": words.money, "points": words.points}
    least = measures.get(tiers.measure if tiers else "", str)(given.at_least)
    name = given.name.get(words.language)
    parts = [words.say("level.from", level=name, least=least)]
    parts += [one.get(words.language) for one in given.privileges]
    return words.joined([*parts, *(words.say(f"gate.option.{one}") for one in given.opens)])


def _over(words: Words, given: Calendar | Rolling) -> str:
    if isinstance(given, Calendar):
        return words.say(f"tiers_over.{given.period}")
    return words.say("tiers_over.rolling", months=given.months)


def _keeps(words: Words, given: int | None) -> str:
    return words.say("tiers_keeps_months.none") if given is None else str(given)


def _deadline(words: Words, given: int | None) -> str:
    return words.say("claims_deadline_days.none") if given is None else str(given)


def _limit(words: Words, given: int | None) -> str:
    return words.say("approvals.never") if given is None else words.points(given)


def _forms(words: Words, given: Any) -> str:
    return str(given.other or given.many or given.one)


def _complete(words: Words, given: tuple[str, ...]) -> str:
    return words.names(words.say(f"profile.{one}") for one in given) or words.say("profile.none")


_PHRASES: dict[str, Phrase] = {
    "zone": lambda words, value: str(value),
    "currency": lambda words, value: str(value),
    "language": lambda words, value: words.say(f"language.{value}"),
    "main_language": lambda words, value: words.say(f"language.{value[0]}"),
    "unit": _forms,
    "kind": lambda words, value: words.say(f"joins.{value.joins}"),
    "charity": lambda words, value: str(value.get(words.language)),
    "group": _group,
    "membership": _membership,
    "gate": _gate,
    "burn": _burn,
    "tiers": _tiers,
    "level": _level,
    "tiers_over": _over,
    "tiers_keeps_months": _keeps,
    "profile_complete": _complete,
    "claims_deadline_days": _deadline,
    "warn_days": lambda words, value: words.names(map(str, value)) or words.say("burn.unwarned"),
    "approvals": _limit,
    "counter": words_effects.counter,
    "ceiling": _ceiling,
    "spending": _spending,
    "spending_goods": goods,
    "earns_nothing": lambda words, value: words.names(value) or words.say("payment.none"),
    "rule_trigger": words_effects.trigger,
    "rule_effect": words_effects.effect,
    "rule_condition": condition,
    "rule_goods": goods,
    "rule_valid": valid,
    "rule_pending": words_effects.pending,
    "rule_stacking": words_effects.stacking,
    "cap_period": words_effects.period,
}


def _plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()
