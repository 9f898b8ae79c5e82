"""Orders as values, and the pure rules about them.

An order is one reward in some quantity. Its points are set aside when it is placed and spent when
it is handed over; what is given as a code is handed over at once.

    placed ──► confirmed ──► issued (collected at a point)
      │            │    └──► shipped ──► delivered (by post)
      └────────────┴───────► cancelled          issued, shipped, delivered ──► refunded
"""

from typing import Literal, get_args

import msgspec

from chalicelib.kernel.check_digits import check_symbol, is_checked
from chalicelib.kernel.ids import ALPHABET, read_symbols, symbols
from chalicelib.kernel.texts import LANGUAGES
from chalicelib.ledger.model import Reason
from chalicelib.programs.model import Texts
from chalicelib.rewards.errors_orders import DeliveryNotOffered, PriceChanged
from chalicelib.rewards.model import Delivery, Reward, RewardDetails, RewardKind

OrderState = Literal[
    "placed", "confirmed", "issued", "shipped", "delivered", "cancelled", "refunded"
]
STATES: tuple[OrderState, ...] = get_args(OrderState)
OPEN: tuple[OrderState, ...] = ("placed", "confirmed")
"""Not handed over yet: the points are held."""
HANDED_OVER: tuple[OrderState, ...] = ("issued", "shipped", "delivered")
QUEUES: tuple[OrderState, ...] = ("placed", "confirmed", "shipped")
"""Somebody has to do something; the oldest is the most urgent one."""

MAX_QUANTITY = 100
MAX_CODES = 20
"""Pieces of one order for codes: each code changes two items of the one transaction."""
CODE_SYMBOLS = 16
"""Of a generated code: 80 random bits."""
NUMBER_SYMBOLS = 9
"""Of an order's number, without its check symbol: 45 random bits."""
MAX_NAME = 60
"""Symbols of a name that an entry keeps in each language: entries stay within a write unit."""
SYSTEM = "system"
CORRECTED = "order.tracking_corrected"
REFUND_ASKED = "order.refund_asked"
"""Somebody of the staff wants an order refunded, which another one may do; not for the member."""
REDEEMED = "order.code_redeemed"
"""A code that an order gave was redeemed."""
Act = Literal["confirmed", "issued", "shipped", "delivered", "cancelled", "refunded"]
FROM: dict[Act, tuple[OrderState, ...]] = {
    "confirmed": ("placed",),
    "issued": ("confirmed",),
    "shipped": ("confirmed",),
    "delivered": ("shipped",),
    "cancelled": OPEN,
    "refunded": HANDED_OVER,
}
"""The states in which an act is possible; the act is named by the state that it leads to."""
WAYS: dict[Act, Delivery] = {"issued": "pickup", "shipped": "post", "delivered": "post"}
"""Acts that go with one way of delivery only."""


class Goods(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is ordered, as the catalogue had it then: later changes of the reward change nothing."""

    reward: str
    revision: int
    kind: RewardKind
    name: Texts
    sku: str
    quantity: int
    price: int
    """Points of one piece."""
    taken: bool
    """Whether the pieces were taken out of a counted stock."""


class Address(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where to send an order: personal, kept apart from it."""

    name: str
    lines: tuple[str, ...]
    city: str
    postcode: str
    country: str
    """ISO 3166-1 alpha-2."""
    phone: str = ""


class Parcel(msgspec.Struct, frozen=True, kw_only=True):
    """How a posted order travels; it can lead to the person, as the address does."""

    carrier: str
    tracking_number: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One member's order."""

    program: str
    member: str
    order: str
    """Id, made by the member's client; also the id of the hold."""
    seq: int
    """The ledger's entry that set the points aside; the order is filed under it."""
    number: str
    """What member and staff call it."""
    state: OrderState
    version: int
    """Number of the newest line of its history; 0: only placed."""
    goods: Goods
    points: int
    """What it costs the member in all."""
    way: Delivery
    point: str
    """Pick-up point; empty unless ``way`` is ``pickup``."""
    placed_at: str
    request: str
    """Keyed hash of the request that placed it."""
    codes: tuple[str, ...] = ()
    """What the member got, one for each piece, for no one else to see."""
    coupons: tuple[str, ...] = ()
    """Ids of the coupons that the member got instead, one for each piece; their codes follow from
    them.
    """


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of an order's history. Everything in it stays for ever; nothing is personal."""

    fact: str
    """``order.<state>``, ``order.substituted``, :data:`CORRECTED`, :data:`REFUND_ASKED` or
    :data:`REDEEMED`.
    """
    at: str
    actor: str
    reason: str = ""
    """Words of staff; not for the member."""
    order: str
    number: str
    state: OrderState
    reward: str
    name: Texts
    quantity: int
    points: int
    restocked: bool | None = None
    """Whether the pieces went back to the stock; None: there was nothing that could."""


def order_number(random: bytes) -> str:
    """A number to call an order by, of at least :data:`NUMBER_SYMBOLS` random bytes."""
    body = symbols(random[:NUMBER_SYMBOLS])
    return body + check_symbol(body, ALPHABET)


def read_number(text: str) -> str | None:
    """An order's number read kindly, or nothing when it cannot be one."""
    number = read_symbols(text[:40])
    fits = len(number) == NUMBER_SYMBOLS + 1 and is_checked(number, ALPHABET)
    return number if fits else None


def new_code(random: bytes) -> str:
    """A code that nobody can guess, four symbols at a time."""
    text = symbols(random[:CODE_SYMBOLS])
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_code(text: str) -> str | None:
    """The symbols of a generated code, read kindly, or nothing when it cannot be one."""
    found = read_symbols(text[:100])
    return found if len(found) == CODE_SYMBOLS else None


def goods(reward: Reward, quantity: int) -> Goods:
    """What an order keeps of a reward."""
    details = reward.details
    return Goods(
        reward=reward.reward,
        revision=reward.revision,
        kind=details.kind,
        name=details.name,
        sku=details.sku,
        quantity=quantity,
        price=details.price,
        taken=details.stock == "counted",
    )


def in_quantity(chosen: Goods, quantity: int) -> Goods:
    """The same goods as they were agreed, in another quantity."""
    return msgspec.structs.replace(chosen, quantity=quantity)


def cost(chosen: Goods) -> int:
    """Points that goods cost."""
    return chosen.price * chosen.quantity


def substituted(order: Order, other: Goods) -> Order:
    """The order with other goods: never dearer than what the member agreed to."""
    points = min(order.points, cost(other))
    return msgspec.structs.replace(order, goods=other, points=points, version=order.version + 1)


def number_end(parcel: Parcel) -> str:
    """The last symbols of a tracking number, six or half of them: enough to tell two apart."""
    number = parcel.tracking_number
    return number[-min(6, len(number) // 2) :]


def noted(order: Order) -> Order:
    """The order with a line of history more, and otherwise as it was."""
    return msgspec.structs.replace(order, version=order.version + 1)


def moved(order: Order, act: Act) -> Order:
    """The order in its next state."""
    return msgspec.structs.replace(order, state=act, version=order.version + 1)


def is_possible(order: Order, act: Act) -> bool:
    """Whether an order's state and way allow an act of staff."""
    return order.state in FROM[act] and order.way == WAYS.get(act, order.way)


def moves_stock(order: Order, act: Act, *, restock: bool) -> bool | None:
    """Whether the pieces go back to the stock where an order ends; None: there is nothing that
    could. Codes that a member has seen never go back to their pool.
    """
    seen = act == "refunded" and order.way == "code"
    return restock and not seen if order.goods.taken else None


def is_dearer(order: Order, wanted: Goods) -> bool:
    """Whether goods are worth more than what they come in place of: more points than the order
    costs, or more pieces than were ordered.
    """
    other = wanted.reward != order.goods.reward
    return wanted.quantity > order.goods.quantity or (other and cost(wanted) > order.points)


def surplus(order: Order, wanted: Goods) -> int:
    """By how many points goods are worth more than the order costs; 0: they are not."""
    return max(0, cost(wanted) - order.points)


def refuse_price(reward: Reward, seen: int) -> None:
    """Refuse when the member saw another price; raises PriceChanged."""
    if reward.details.price != seen:
        raise PriceChanged(price=reward.details.price)


def refuse_delivery(details: RewardDetails, way: Delivery, point: str) -> None:
    """Refuse a way or a pick-up point by which the reward is not given; raises
    DeliveryNotOffered.
    """
    named = details.points_of_pickup
    elsewhere = way == "pickup" and named and point not in named
    # The stock of a pool is its free codes: no piece leaves it without one.
    codeless = details.codes == "pool" and way != "code"
    if way not in details.delivery or elsewhere or codeless:
        raise DeliveryNotOffered


def reason(code: str, order: Order) -> Reason:
    """Why the ledger moves an order's points: ids, figures and the goods' names, nothing
    personal.
    """
    goods = order.goods
    told = {"number": order.number, "reward": goods.reward, "quantity": str(goods.quantity)}
    names = {language: getattr(goods.name, language)[:MAX_NAME] for language in LANGUAGES}
    return Reason(code, told, {language: name for language, name in names.items() if name})


def step(order: Order, fact: str, at: str, actor: str, why: str = "") -> Step:
    """The line of history that goes with the order as it is now."""
    return Step(
        fact=fact,
        at=at,
        actor=actor,
        reason=why,
        order=order.order,
        number=order.number,
        state=order.state,
        reward=order.goods.reward,
        name=order.goods.name,
        quantity=order.goods.quantity,
        points=order.points,
    )


def restocked(line: Step, back: bool | None) -> Step:
    """The line with whether the pieces went back to the stock."""
    return msgspec.structs.replace(line, restocked=back)
