"""Offers that a basket nearly reaches. Pure.

An offer is made only if it is true: the basket is judged again with what is missing, and the rule
must then give what it gives nothing of, or less, now. What is missing is taken to be more of the
cheapest goods that count; and it is little: at most as much as the basket has already.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import msgspec

from chalicelib.earning.explain import WhyNot, explain
from chalicelib.earning.model import Stamped, TierChange
from chalicelib.earning.selectors import places
from chalicelib.kernel.errors import Refusal
from chalicelib.programs import rules_conditions as when
from chalicelib.programs import rules_effects as give
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import Goods
from chalicelib.programs.rules_model import Rule
from chalicelib.receipts.model import SALE, SoldLine
from chalicelib.receipts.pricing import Priced, with_more
from chalicelib.receipts.splitting import EVERYTHING, as_line
from chalicelib.receipts.told import Case, Told

What = Literal["amount", "lines", "pieces", "free_piece", "stamps"]
MOST_TRIED = 5
"""Offers of one basket that are tried out, those of which least is missing first."""
NOTHING_IN_THE_WAY = {"nothing", "other_of_group"}
"""Why a rule whose conditions hold may give nothing, and something with one piece more."""


@dataclass(frozen=True, slots=True)
class Near:
    """An offer that the basket nearly reaches."""

    rule: str
    what: What
    """``amount`` (minor units), ``lines`` or ``pieces``; ``free_piece``: one more, and one costs
    less; ``stamps``: so many pieces more, and a card brings a free one."""
    missing: int
    of_goods: bool = False
    """Whether only certain goods count."""


@dataclass(frozen=True, slots=True)
class _Offer:
    rule: Rule
    what: What
    missing: int
    goods: Goods
    """What counts."""
    size: int
    """How much of the same the basket has."""
    takes_off: bool
    """Whether it shows in the price, not in what the receipt brings."""


def near(told: Told, found: Priced) -> tuple[Near, ...]:
    """The offers of which little is missing: one condition of the basket, a piece or stamps."""
    offers = [one for one in _offers(told.program, found) if 0 < one.missing <= one.size]
    offers.sort(key=lambda one: Fraction(one.missing, one.size))
    tried = (_tried(told, found, one) for one in offers[:MOST_TRIED])
    return tuple(one for one in tried if one is not None)


def _offers(program: Program, found: Priced) -> Iterator[_Offer]:
    """What might be offered."""
    priced, brings = _why_not(found.first), _why_not(found.second)
    for rule in program.earning.rules:
        if rule.trigger != SALE:
            continue
        takes_off = give.phase_of(rule.effect) == "discount"
        case = found.first if takes_off else found.second
        reasons = (priced if takes_off else brings).get(rule.id, [])
        if case is not None and len(reasons) == 1:
            yield from _of_condition(rule, reasons[0], case, takes_off=takes_off)
        if {why.code for why in priced.get(rule.id, [])} <= NOTHING_IN_THE_WAY:
            yield from _of_pieces(rule, found)


def _why_not(case: Case | None) -> dict[str, list[WhyNot]]:
    by_rule: dict[str, list[WhyNot]] = {}
    if case is not None:
        for one in explain(case.engine, case.event, case.frozen.used)[1]:
            by_rule.setdefault(one.rule, []).append(one)
    return by_rule


def _of_condition(rule: Rule, why: WhyNot, case: Case, *, takes_off: bool) -> Iterator[_Offer]:
    """The offer of a rule that only wants more of something in the basket."""
    if not why.code.startswith("condition_"):
        return
    condition, lines = _condition(rule, why.path), case.event.lines
    what: What
    match condition:
        case when.AmountCondition():
            what, goods = "amount", EVERYTHING
        case when.PositionsCondition():
            what, goods = condition.count, EVERYTHING
        case when.GoodsCondition():
            what, goods = condition.count, condition.goods
        case _:
            return
    size = sum(line.paid for line in lines)
    if what != "amount":
        size = len(lines) if what == "lines" else sum(line.quantity for line in lines)
    missing = int(why.params["lowest"]) - int(why.params["found"])
    yield _Offer(rule, what, missing, goods, size, takes_off)


def _condition(rule: Rule, path: str) -> when.Condition:
    """The condition at a pointer such as ``/conditions/0/of/1``."""
    _, _, first, *more = path.split("/")
    found = rule.conditions[int(first)]
    for step in more[1::2]:
        if isinstance(found, when.AllCondition | when.AnyCondition):
            found = found.of[int(step)]
    return found


def _of_pieces(rule: Rule, found: Priced) -> Iterator[_Offer]:
    """The offer of a rule by which some pieces more make one cheaper, or free."""
    effect, case = rule.effect, found.first
    lines = case.event.lines
    pieces = sum(lines[place].quantity for place in places(rule.goods, lines))
    if isinstance(effect, give.NthItemEffect) and pieces % effect.nth == effect.nth - 1:
        yield _Offer(rule, "free_piece", 1, rule.goods, pieces, takes_off=True)
    if isinstance(effect, give.StampsEffect) and found.second is not None:
        card = min(case.frozen.stamps.get(effect.card, 0), effect.full) + pieces
        card = card % (effect.full + 1) if card > 0 else card
        missing = effect.full + 1 - card
        yield _Offer(rule, "stamps", missing, rule.goods, pieces, takes_off=True)


def _tried(told: Told, found: Priced, offer: _Offer) -> Near | None:
    """The offer, if it is true."""
    missing = offer.missing
    # Of money that is added, discounts and coupons may take a part off again: then it is more.
    for _ in range(2 if offer.what == "amount" else 1):
        try:
            then = with_more(told, found, _more(told.sold.lines, offer, missing))
        except Refusal:
            return None
        if _gives(told.program, then, offer) > _gives(told.program, found, offer):
            certain = offer.goods != EVERYTHING
            return None if _cut(then, offer) else Near(offer.rule.id, offer.what, missing, certain)
        grown = _amount(then, offer) - _amount(found, offer)
        missing = -(-missing * offer.missing // grown) if grown > 0 else 0
        if not 0 < missing <= offer.size:
            return None
    return None


def _more(lines: Sequence[SoldLine], offer: _Offer, missing: int) -> list[SoldLine]:
    """What is missing, as more of the cheapest goods in the basket that count."""
    shown = [as_line(line, line.price) for line in lines]
    chosen = [lines[place] for place in places(offer.goods, shown)] or [_piece(offer.goods)]
    like = min(chosen, key=lambda line: line.price // line.quantity)
    price = like.price // like.quantity
    if offer.what == "amount":
        return [msgspec.structs.replace(like, quantity=1, price=missing)]
    if offer.what == "lines":
        return [msgspec.structs.replace(like, quantity=1, price=price)] * missing
    return [msgspec.structs.replace(like, quantity=missing, price=price * missing)]


def _piece(goods: Goods) -> SoldLine:
    """A piece of goods of which the basket has none."""
    return SoldLine(
        sku=next(iter(goods.sku), "any"),
        category=next(iter(goods.category), ""),
        brand=next(iter(goods.brand), ""),
        tags=goods.tags[:1],
        on_sale=bool(goods.on_sale),
        price=goods.price_from,
    )


def _gives(program: Program, found: Priced, offer: _Offer) -> int:
    """How much the rule gives: money off, points, or things of other sorts."""
    rule = offer.rule.id
    if offer.takes_off:
        return sum(one.amount for one in found.first.judgement.discounts if one.rule == rule)
    case = found.second
    if case is None:
        return 0
    gives = _points(case, rule)
    for one in case.judgement.others:
        if one.rule != rule:
            continue
        match one:
            case Stamped():
                gives += one.given + one.free
            case TierChange():
                gives += _is_higher(program, one.tier, case.event.member.tier)
            case _:
                gives += 1
    return gives


def _is_higher(program: Program, tier: str, than: str) -> bool:
    """Whether a tier is more than the member has."""
    if program.tiers is None:
        return tier != than
    return program.tiers.place(tier) > program.tiers.place(than)


def _points(case: Case, rule: str) -> int:
    return sum(one.points for one in case.judgement.awards if one.rule == rule)


def _cut(then: Priced, offer: _Offer) -> bool:
    """Whether caps leave less than the rule promises, because it gave so much before."""
    case, rule = then.second, offer.rule.id
    if case is None or offer.takes_off or rule not in case.frozen.used:
        return False
    others = {name: used for name, used in case.frozen.used.items() if name != rule}
    whole = case.engine.judge(case.event, others)
    return sum(one.points for one in whole.awards if one.rule == rule) > _points(case, rule)


def _amount(found: Priced, offer: _Offer) -> int:
    """Money in the basket that counts for the offer, after what came off it if it is points."""
    case = found.first if offer.takes_off else found.second
    if case is None:
        return 0
    lines = case.event.lines
    return sum(lines[place].paid for place in places(offer.goods, lines))
