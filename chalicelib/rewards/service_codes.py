"""What an order gives at once: codes of a pool, coupons that a till takes, or codes made for it.

All are written in the transaction that pays for them.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.coupons import service as coupons
from chalicelib.coupons.model import coupon_id
from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.service import in_force
from chalicelib.rewards import model, store_codes, store_orders, store_stock
from chalicelib.rewards import model_orders as rules
from chalicelib.rewards.errors_orders import GiftCodeRedeemed, RewardSoldOut
from chalicelib.rewards.model import CouponOffer, Reward
from chalicelib.rewards.model_orders import Order


@dataclass(frozen=True, slots=True)
class Buying:
    """An order for codes: whose, what, how many, when."""

    reward: Reward
    member: str
    order: str
    number: str
    quantity: int
    at: datetime
    ids: Ids


@dataclass(frozen=True, slots=True)
class Given:
    """What the member gets, one for each piece: codes, or coupons by their ids."""

    codes: tuple[str, ...] = ()
    coupons: tuple[str, ...] = ()


def given(buying: Buying) -> tuple[Given, Writes]:
    """What an order for codes gives, and out of which pool. The pieces of the stock go by
    themselves.

    Raises:
        InvalidFields: more than one transaction can give.
        RewardSoldOut: the pool has not so many.
    """
    if buying.quantity > rules.MAX_CODES:
        limit = {"limit": str(rules.MAX_CODES)}
        raise InvalidFields(fields=(FieldError("/quantity", "too_big", limit),))
    details = buying.reward.details
    if details.coupon is not None:
        return _coupons(buying, details.coupon)
    if details.codes == "pool":
        return _of_pool(buying)
    return _made(buying)


def shown(order: Order) -> list[str]:
    """All codes that an order gave, for its member alone."""
    return [*order.codes, *(coupons.code_of(order.program, one) for one in order.coupons)]


def taken_back(order: Order, actor: str, at: datetime) -> Writes:
    """What an order gave works no more.

    Raises:
        GiftCodeRedeemed: one of its codes was redeemed.
        CouponNotOpen: one of its coupons was used.
    """
    if order.codes:
        for line in store_orders.history(order):
            if line.fact == rules.REDEEMED:
                raise GiftCodeRedeemed(redeemed_at=line.at)
    writes = Writes()
    for one in order.coupons:
        found = coupons.of_member(order.program, order.member, one, strong=True)
        if found.state != "withdrawn":  # staff may have taken it back before
            writes += coupons.withdrawn(found, actor, at)
    return writes


def _coupons(buying: Buying, offer: CouponOffer) -> tuple[Given, Writes]:
    program = buying.reward.program
    day = local_date(buying.at, in_force(program, buying.at).zone)
    terms, writes = model.terms_from(offer, day), Writes()
    ids = [
        coupon_id("order", program, buying.member, buying.order, str(piece))
        for piece in range(buying.quantity)
    ]
    for one in ids:
        writes += coupons.issued(
            coupons.NewCoupon(
                program=program,
                member=buying.member,
                coupon=one,
                sort="coupon",
                name=buying.reward.details.name,
                terms=terms,
                source=f"order:{buying.number}",
                actor=f"member:{buying.member}",
                at=buying.at,
            )
        )
    return Given(coupons=tuple(ids)), writes


def _made(buying: Buying) -> tuple[Given, Writes]:
    random = (buying.ids.bytes(rules.CODE_SYMBOLS) for _ in range(buying.quantity))
    codes = tuple(map(rules.new_code, random))
    symbols = [one.replace("-", "") for one in codes]
    return Given(codes), store_codes.made(buying.reward.program, symbols, buying.number)


def _of_pool(buying: Buying) -> tuple[Given, Writes]:
    reward, count = buying.reward, buying.quantity
    free = store_stock.next_codes(reward.program, reward.reward, count, buying.ids)
    if len(free) < count:
        raise RewardSoldOut
    writes = Writes()
    for one in free:
        writes += store_stock.assign_code(one, buying.number, buying.at)
    return Given(codes=tuple(one.code for one in free)), writes
