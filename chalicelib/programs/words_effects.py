"""Effects of rules, and whole rules, in a reader's words; sentences under ``gives.<type>``."""

from typing import Any

from chalicelib.programs import rules_effects as give
from chalicelib.programs.rules_conditions import Goods
from chalicelib.programs.rules_model import Counter, PeriodCap, Rule, Stacking, Validity
from chalicelib.programs.words import Words
from chalicelib.programs.words_conditions import condition, goods, valid

USUAL_WORTH = 100
"""Minor units for which a point stands unless a document says otherwise: that is not told."""


def effect(words: Words, given: give.Effect) -> str:
    """What a rule gives."""
    rounding = getattr(given, "rounding", "down")
    worth = getattr(given, "per_point", USUAL_WORTH)
    more = []
    if worth != USUAL_WORTH:
        more.append(words.say("gives.worth", money=words.money(worth)))
    if rounding != "down":
        more.append(words.say(f"rounding.{rounding}"))
    return words.names([_effect(words, given), *more])


def _effect(words: Words, given: give.Effect) -> str:
    match given:
        case give.PointsEffect():
            return words.points(given.points)
        case give.PerUnitEffect():
            return _per_unit(words, given)
        case give.PercentageEffect():
            return words.say("gives.percentage", rate=words.share(given.rate))
        case give.PartnerRateEffect():
            return words.say("gives.partner_rate")
        case give.SlidingEffect():
            return _sliding(words, given)
        case give.MultiplierEffect():
            key = "gives.multiplier_of" if given.groups else "gives.multiplier"
            return words.say(
                key, factor=words.times(given.factor), groups=words.names(given.groups)
            )
    return _other(words, given)


def _other(words: Words, given: Any) -> str:
    match given:
        case give.DiscountEffect():
            off = words.share(given.off) if given.off else words.money(given.amount or 0)
            return words.say(f"gives.discount.{given.per}", off=off)
        case give.NthItemEffect():
            return words.say("gives.nth_item", nth=given.nth, off=words.share(given.off))
        case give.StampsEffect():
            return words.say("gives.stamps", card=given.card, full=given.full)
        case give.GiftEffect():
            return _gift(words, given)
        case give.VoucherEffect():
            amount, points = words.money(given.amount), words.points(given.points)
            return words.say("gives.voucher", amount=amount, points=points)
        case give.TierEffect():
            return words.say("gives.tier", tier=given.tier)
    charity = words.program.charities.get(given.to)
    to = charity.get(words.language) if charity else given.to
    return words.say("gives.donation", share=words.share(given.share), to=to)


def _gift(words: Words, given: give.GiftEffect) -> str:
    gift = words.say("gives.gift", sku=given.sku, quantity=given.quantity)
    if given.of == "event":
        return gift
    per = words.count(f"gives.per_{given.of}", given.per)
    return words.say("gives.gift_per_unit", gift=gift, per=per)


def _per_unit(words: Words, given: give.PerUnitEffect) -> str:
    per = (
        words.money(given.per)
        if given.of == "amount"
        else words.count(f"gives.per_{given.of}", given.per)
    )
    key = "gives.per_full_unit" if given.full_only else "gives.per_unit"
    return words.say(key, points=words.points(given.points), per=per)


def _sliding(words: Words, given: give.SlidingEffect) -> str:
    rows = words.names(
        words.say("gives.sliding.row", rate=words.share(row.rate), since=words.money(row.since))
        for row in given.table
    )
    of = "counter" if given.of == "counter" else "amount"
    parts = [words.say(f"gives.sliding.{of}", rows=rows, counter=given.counter)]
    if given.counter and given.of == "amount":
        parts.append(words.say("gives.sliding.by_counter", counter=given.counter))
    if given.marginal:
        parts.append(words.say("gives.sliding.marginal"))
    return words.names(parts)


def trigger(words: Words, name: str) -> str:
    """What happened."""
    kind, _, own = name.partition(":")
    return words.say(f"trigger.{kind}", name=own)


def rule(words: Words, given: Rule) -> str:
    """A whole rule."""
    parts = [
        f"{trigger(words, given.trigger)}: {effect(words, given.effect)}",
        *(condition(words, one) for one in given.conditions),
    ]
    if given.goods != Goods():
        parts.append(goods(words, given.goods))
    if given.valid != Validity():
        parts.append(valid(words, given.valid))
    parts += caps(words, given)
    if given.pending_days:
        parts.append(pending(words, given.pending_days))
    if given.stacking.group:
        parts.append(stacking(words, given.stacking))
    return words.joined(parts)


def caps(words: Words, given: Rule) -> list[str]:
    """The limits of a rule, each with its name."""
    limits = given.caps
    found = [
        f"{words.say(f'topic.cap_{name}')}: {words.points(most)}"
        for name in ("receipt", "day", "month", "ever", "program")
        if (most := getattr(limits, name)) is not None
    ]
    if limits.period is not None:
        found.append(f"{words.say('topic.cap_period')}: {period(words, limits.period)}")
    return found


def period(words: Words, given: PeriodCap) -> str:
    """So many points in so many days."""
    return words.count("cap.period", given.days, points=words.points(given.points))


def pending(words: Words, days: int) -> str:
    """When points of a rule can be used."""
    return words.count("pending.days", days) if days else words.say("pending.none")


def stacking(words: Words, given: Stacking) -> str:
    """How a rule lives with others."""
    key = f"stacking.{given.mode}" if given.group else "stacking.alone"
    told = words.say(key, group=given.group)
    if not given.priority:
        return told
    return words.names([told, words.say("stacking.priority", priority=given.priority)])


def counter(words: Words, given: Counter) -> str:
    """What a counter counts."""
    over = (
        words.count("counter.days", given.days or 0)
        if given.over == "days"
        else words.say(f"counter.{given.over}")
    )
    parts = [words.names([words.say(f"counter.{given.measure}"), over])]
    if given.category:
        parts.append(words.say("goods.category", names=given.category))
    if given.partner:
        parts.append(words.say("when.partner", names=given.partner))
    return words.joined(parts)
