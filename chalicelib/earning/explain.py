"""Why a rule gave nothing: what was in its way, where in the document, with figures."""

from collections.abc import Iterator

import msgspec

from chalicelib.earning import conditions
from chalicelib.earning.compiled import NOTHING_USED, Compiled
from chalicelib.earning.engine import NONE_USED, Engine, Run, UsedBy
from chalicelib.earning.model import Event, Judgement
from chalicelib.programs import rules_conditions as when

ANY = "*"
"""Stands for a bound that is open."""
SHOWN = 20
"""So many of the values that would fit stand in a sentence."""


class WhyNot(msgspec.Struct, frozen=True):
    """One thing that kept a rule from giving something."""

    rule: str
    code: str
    """Its sentence stands in the catalogues under ``rule.<code>``."""
    path: str
    """JSON pointer into the rule; empty: it lies in no one place of it."""
    params: dict[str, str] = {}


def explain(
    engine: Engine, event: Event, used: UsedBy = NONE_USED
) -> tuple[Judgement, tuple[WhyNot, ...]]:
    """What :meth:`Engine.judge` gives, and for every other rule of the trigger why it gave nothing.

    All conditions that fail are told; only when none does, what came after them.
    """
    run = engine.run(event, used)
    if run is None:
        return Judgement(), ()
    gave = gave_something(run.judgement)
    found: list[WhyNot] = []
    for one in run.plan.rules:
        if one.rule.id not in gave:
            found += _missed(one, run) or [_came_to_nothing(one, run, gave, used)]
    return run.judgement, tuple(found)


def gave_something(judgement: Judgement) -> dict[str, None]:
    """The rules that gave something, in order."""
    every = (*judgement.discounts, *judgement.awards, *judgement.others)
    return dict.fromkeys(one.rule for one in every)


def _missed(one: Compiled, run: Run) -> list[WhyNot]:
    """The conditions that an event does not meet."""
    rule, case = one.rule, run.case
    found = []
    if not conditions.within(rule.valid.since, rule.valid.until)(case):
        dates = {"since": str(rule.valid.since or ANY), "until": str(rule.valid.until or ANY)}
        found.append(WhyNot(rule.id, "not_valid", "/valid", {**dates, "day": str(case.day)}))
    for place, condition in enumerate(rule.conditions):
        for path, failed in _failed(condition, f"/conditions/{place}", run):
            code = "condition_" + when.kind_of(failed)
            found.append(WhyNot(rule.id, code, path, _figures(failed, run)))
    if one.selector and not case.chosen(one.selector):
        found.append(WhyNot(rule.id, "no_goods", "/goods"))
    return found


def _failed(condition: when.Condition, path: str, run: Run) -> Iterator[tuple[str, when.Condition]]:
    if conditions.compiled(condition, run.plan.selectors)(run.case):
        return
    if isinstance(condition, when.AllCondition | when.AnyCondition):
        for place, one in enumerate(condition.of):
            yield from _failed(one, f"{path}/of/{place}", run)
    else:
        yield path, condition


def _came_to_nothing(one: Compiled, run: Run, gave: dict[str, None], used: UsedBy) -> WhyNot:
    """Why a rule whose conditions hold gave nothing all the same."""
    rule = one.rule.id
    if one.phase == "discount" and not run.case.event.quote:
        return WhyNot(rule, "only_unpaid", "/effect")
    for cap, (most, had) in one.caps(used.get(rule, NOTHING_USED)).items():
        if had >= most:
            return WhyNot(rule, "cap_reached", f"/caps/{cap}", {"most": str(most)})
    if rule in run.cut:
        return WhyNot(rule, "ceiling_reached", "")
    winner = _winner(one, run, gave)
    worthless = one.points is not None and not one.points(run.case)
    if winner and not worthless:
        return WhyNot(rule, "other_of_group", "/stacking", {"other": winner})
    return WhyNot(rule, "nothing", "/effect")


def _winner(one: Compiled, run: Run, gave: dict[str, None]) -> str:
    """The rule of the same group that was chosen; empty: none."""
    if one.mode == "all":
        return ""
    rivals = (
        other.rule.id
        for other in run.plan.rules
        if other.group == one.group and (other.rule.id in gave or other.rule.id in run.cut)
    )
    return next(rivals, "")


def _figures(condition: when.Condition, run: Run) -> dict[str, str]:
    """What a condition wants and what it met, as texts."""
    figure = conditions.figure(condition, run.plan.selectors)
    if figure is not None:
        lowest, highest = conditions.bounds(condition)
        found = figure(run.case)
        return {
            "found": str(found) if found >= 0 else "-",
            "lowest": str(lowest),
            "highest": ANY if highest is None else str(highest),
        }
    one = conditions.ONE.get(type(condition))
    several = conditions.SEVERAL.get(type(condition))
    if one or several:
        values = (one(run.case),) if one else several(run.case) if several else ()
        return {
            "found": ", ".join(value for value in values if value) or "-",
            "wanted": ", ".join(conditions.named(condition)[:SHOWN]),
        }
    return _others(condition, run)


def _others(condition: when.Condition, run: Run) -> dict[str, str]:
    case = run.case
    day = str(case.day)
    match condition:
        case when.NotCondition():
            return {"condition": when.kind_of(condition.of)}
        case when.RegularCondition():
            wanted = conditions.months_before(case.day, condition.months)
            missing = [month for month in wanted if month not in case.event.history.months]
            return {"months": ", ".join(missing)}
        case when.HoursCondition():
            found = f"{case.minute // 60:02}:{case.minute % 60:02}"
            return {"found": found, "since": condition.since, "until": condition.until}
        case when.YearlyCondition():
            return {"found": day, "since": condition.since, "until": condition.until}
        case when.DatesCondition():
            since, until = condition.since or ANY, condition.until or ANY
            return {"found": day, "since": str(since), "until": str(until)}
        case when.BirthdayCondition():
            return {
                "found": day,
                "before": str(condition.days_before),
                "after": str(condition.days_after),
            }
    return {}
