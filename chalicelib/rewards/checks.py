"""What a reward and a pick-up point must keep beyond their types, each fault with a pointer."""

from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.coupons.model import term_faults
from chalicelib.kernel.errors import FieldError
from chalicelib.programs.checks import untranslated
from chalicelib.programs.model import Faults, LongTexts, Program, Texts
from chalicelib.rewards import opening
from chalicelib.rewards.model import Delivery, Reward, RewardDetails, RewardKind
from chalicelib.rewards.opening import PointDetails

WAYS: dict[RewardKind, frozenset[Delivery]] = {
    "goods": frozenset({"pickup", "post"}),
    "service": frozenset({"pickup", "post", "code"}),
    "ticket": frozenset({"pickup", "post", "code"}),
    "digital_code": frozenset({"code"}),
    "coupon": frozenset({"code"}),
}
"""In what ways each kind of reward can reach its member."""


def reward_faults(program: Program, details: RewardDetails, today: date) -> Faults:
    """Everything wrong with a reward by itself, in its program, on a local day."""
    return (
        *untranslated(program, "/name", details.name, needed=True),
        *untranslated(program, "/about", details.about, needed=details.about != LongTexts()),
        *_audience(program, details),
        *_dates(details),
        *_delivery(details),
        *_codes(details),
        *_coupon(details, today),
        *_repeats(details),
    )


def fixed_faults(before: Reward, after: RewardDetails) -> Faults:
    """What may not change any more once a reward was published or its stock was filled."""
    return tuple(
        FieldError(f"/{name}", "fixed")
        for name in ("kind", "codes")
        if getattr(before.details, name) != getattr(after, name)
    )


def point_faults(program: Program, details: PointDetails) -> Faults:
    """Everything wrong with a pick-up point, in its program."""
    return (
        *untranslated(program, "/name", details.name, needed=True),
        *untranslated(program, "/address", details.address, needed=True),
        *opening.faults(details),
        *(
            fault
            for number, day in enumerate(details.closed)
            for fault in untranslated(
                program, f"/closed/{number}/text", day.text, needed=day.text != Texts()
            )
        ),
    )


def _audience(program: Program, details: RewardDetails) -> Iterator[FieldError]:
    for number, kind in enumerate(details.audience):
        if kind not in program.kinds:
            yield FieldError(f"/audience/{number}", "kind_unknown")


def _dates(details: RewardDetails) -> Iterator[FieldError]:
    begins, ends = details.available_from, details.available_until
    if begins and ends and ends <= begins:
        yield FieldError("/available_until", "not_later")


def _delivery(details: RewardDetails) -> Iterator[FieldError]:
    for number, way in enumerate(details.delivery):
        if way not in WAYS[details.kind]:
            yield FieldError(f"/delivery/{number}", "not_for_kind")
    if details.points_of_pickup and "pickup" not in details.delivery:
        yield FieldError("/points_of_pickup", "not_applicable")


def _codes(details: RewardDetails) -> Iterator[FieldError]:
    if "code" in details.delivery and details.codes is None:
        yield FieldError("/codes", "required")
    if "code" not in details.delivery and details.codes is not None:
        yield FieldError("/codes", "not_applicable")
    if details.codes == "pool" and "code" in details.delivery:
        for number, way in enumerate(details.delivery):
            if way != "code":
                yield FieldError(f"/delivery/{number}", "pool_by_code")
    if details.codes == "pool" and details.stock != "counted":
        yield FieldError("/stock", "pool_is_counted")
    if details.low_stock and details.stock != "counted":
        yield FieldError("/low_stock", "not_applicable")


def _coupon(details: RewardDetails, today: date) -> Iterator[FieldError]:
    ours = details.kind == "coupon" and details.codes == "generated"
    if details.coupon is None:
        if ours:
            yield FieldError("/coupon", "required")
    elif not ours:
        yield FieldError("/coupon", "not_applicable")
    else:
        for fault in term_faults(details.coupon.terms, today):
            yield FieldError(f"/coupon{fault.pointer}", fault.code, fault.params)


def _repeats(details: RewardDetails) -> Iterator[FieldError]:
    for name in ("audience", "images", "delivery", "points_of_pickup"):
        given: Sequence[str] = getattr(details, name)
        for number, one in enumerate(given):
            if one in given[:number]:
                yield FieldError(f"/{name}/{number}", "duplicate")
