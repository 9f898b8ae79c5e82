"""Variants of a draft: the same document with a few things changed. Pure."""

from typing import Annotated

import msgspec

from chalicelib.kernel.errors import FieldError
from chalicelib.programs import checks
from chalicelib.programs.burning import BurnPolicy
from chalicelib.programs.model import Earning, Faults, Program
from chalicelib.programs.purchases import Purchases
from chalicelib.programs.rules_effects import PercentageEffect
from chalicelib.programs.rules_model import Rule
from chalicelib.programs.values import Ratio, Slug


class Variant(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The draft with some of it changed, for comparison."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    """What it is called in the comparison, e.g. `5 % instead of 3 %`."""
    rates: Annotated[dict[Slug, Ratio], msgspec.Meta(max_length=50)] = {}
    """Other rates of percentage rules, by the rule's id."""
    max_share: Ratio | None = None
    """Another largest share of a receipt that points can pay: the largest discount."""
    burn: BurnPolicy | None = None
    """Another lifetime of points."""
    earning: Earning | None = None
    """Other rules, instead of the draft's; `rates` change these."""
    purchases: Purchases | None = None
    """Other terms of receipts, instead of the draft's; `max_share` changes these."""


def document_of(draft: Program, variant: Variant, pointer: str) -> tuple[Program, Faults]:
    """The draft as a variant wants it, and everything wrong with that."""
    earning = variant.earning or draft.earning
    purchases = variant.purchases or draft.purchases
    found: list[FieldError] = []
    if variant.rates:
        known = {rule.id for rule in earning.rules if isinstance(rule.effect, PercentageEffect)}
        found += [
            FieldError(f"{pointer}/rates/{name}", "rule_without_rate")
            for name in sorted(variant.rates.keys() - known)
        ]
        rules = tuple(_at_rate(rule, variant.rates.get(rule.id)) for rule in earning.rules)
        earning = msgspec.structs.replace(earning, rules=rules)
    if variant.max_share is not None:
        if purchases.spending is None:
            found.append(FieldError(f"{pointer}/max_share", "points_do_not_pay"))
        else:
            spending = msgspec.structs.replace(purchases.spending, max_share=variant.max_share)
            purchases = msgspec.structs.replace(purchases, spending=spending)
    made = msgspec.structs.replace(
        draft, earning=earning, purchases=purchases, burn=variant.burn or draft.burn
    )
    own = {(one.pointer, one.code) for one in checks.faults(draft)}
    found += [
        FieldError(f"{pointer}{one.pointer}", one.code, one.params)
        for one in checks.faults(made)
        if (one.pointer, one.code) not in own
    ]
    return made, tuple(found)


def _at_rate(rule: Rule, rate: Ratio | None) -> Rule:
    if rate is None or not isinstance(rule.effect, PercentageEffect):
        return rule
    return msgspec.structs.replace(rule, effect=msgspec.structs.replace(rule.effect, rate=rate))
