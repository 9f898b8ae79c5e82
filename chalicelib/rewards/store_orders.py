"""How orders are stored and read.

An order stands with its member, filed under the ledger's entry that set its points aside, so that
a member's list is in the order of time and the hold, named by the client's id, leads to it. What
the warehouse works by is a second, narrower item by state and time; the number leads to the member.
"""

from collections.abc import Iterator, Sequence

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.rewards.model import Delivery
from chalicelib.rewards.model_orders import Address, Goods, Order, OrderState, Parcel, Step

NUMBER = "ORDER"


class OrderItem(Item):
    """One order. Every change raises ``version`` and is conditional on it."""

    order = UnicodeAttribute()
    number = UnicodeAttribute()
    state = UnicodeAttribute()
    version = IntAttribute()
    goods: PackedAttribute[Goods] = PackedAttribute(Goods)
    points = IntAttribute()
    way = UnicodeAttribute()
    point = UnicodeAttribute(default="")
    placed_at = UnicodeAttribute()
    request = UnicodeAttribute()
    codes: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...], default=())
    coupons: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...], default=())

    def value(self) -> Order:
        """The order as a value."""
        program, _, member = str(self.pk).split("#")
        return Order(
            program=program,
            member=member,
            order=self.order,
            seq=int(str(self.sk).removeprefix("ORDER#")),
            number=self.number,
            state=msgspec.convert(self.state, OrderState),
            version=self.version,
            goods=self.goods,
            points=self.points,
            way=msgspec.convert(self.way, Delivery),
            point=self.point,
            placed_at=self.placed_at,
            request=self.request,
            codes=self.codes,
            coupons=self.coupons,
        )


class StepItem(Item):
    """One line of an order's history; put once."""

    step: PackedAttribute[Step] = PackedAttribute(Step)


class ShipItem(Item):
    """Where a posted order goes and how it travels: all that is personal of an order."""

    address: PackedAttribute[Address] = PackedAttribute(Address)
    parcel: PackedAttribute[Parcel] = PackedAttribute(Parcel, null=True)


class TakenItem(Item):
    """How many pieces of one reward a member has, or has ordered."""

    pieces = IntAttribute()


class NumberItem(Item):
    """Whose an order's number is."""

    member = UnicodeAttribute()
    seq = IntAttribute()


class QueueItem(Item):
    """One order as the warehouse sees it; its key says state, time and number."""

    member = UnicodeAttribute()
    seq = IntAttribute()
    goods: PackedAttribute[Goods] = PackedAttribute(Goods)
    points = IntAttribute()
    way = UnicodeAttribute()
    point = UnicodeAttribute(default="")

    @property
    def state(self) -> OrderState:
        """Where the order stands."""
        found: OrderState = msgspec.convert(str(self.sk).split("#")[0], OrderState)
        return found

    @property
    def delivery(self) -> Delivery:
        """How it is delivered."""
        found: Delivery = msgspec.convert(self.way, Delivery)
        return found

    @property
    def placed_at(self) -> str:
        """When it was placed."""
        return str(self.sk).split("#")[1]

    @property
    def number(self) -> str:
        """The order's number."""
        return str(self.sk).split("#")[2]


# -- reading -----------------------------------------------------------------------


def order(program: str, member: str, seq: int) -> Order | None:
    """One order, or nothing. A strong read."""
    found = OrderItem.find(keys.member(program, member), order_key(seq), strong=True)
    return found.value() if found else None


def by_number(program: str, number: str) -> NumberItem | None:
    """Whose a number is, or nothing. It never changes: 0.5 read units, 1 when it is not there."""
    pk = keys.order_number(program, number)
    return NumberItem.find(pk, NUMBER) or NumberItem.find(pk, NUMBER, strong=True)


def of_member(program: str, member: str, after: str | None, at_once: int) -> Iterator[OrderItem]:
    """A member's orders, newest first, beyond the sort key ``after``."""
    pk = keys.member(program, member)
    return OrderItem.below(pk, "ORDER#", newest_first=True, after=after, at_once=at_once)


def all_of_member(program: str, member: str) -> Iterator[Order]:
    """Every order of a member, oldest first. Strong reads."""
    found = OrderItem.below(keys.member(program, member), "ORDER#", strong=True)
    return (item.value() for item in found)


def history(found: Order) -> list[Step]:
    """What happened to an order since it was placed, oldest first. Strong reads."""
    if not found.version:
        return []
    pk = keys.member(found.program, found.member)
    return [one.step for one in StepItem.below(pk, f"ORDERLOG#{found.order}#", strong=True)]


def ship(found: Order) -> ShipItem | None:
    """Where a posted order goes; nothing when the member is erased. A strong read."""
    pk = keys.member(found.program, found.member)
    return ShipItem.find(pk, ship_key(found.order), strong=True)


def addresses(program: str, rows: Sequence[QueueItem]) -> list[Address | None]:
    """Where posted orders go, in their order; nothing where the member is erased. Strong reads,
    2 units for each order.
    """
    filed = {(keys.member(program, one.member), order_key(one.seq)) for one in rows}
    goes = {(str(one.pk), str(one.sk)): ship_key(one.order) for one in OrderItem.several(filed)}
    sent = ShipItem.several({(pk, ship) for (pk, _), ship in goes.items()})
    known = {(str(one.pk), str(one.sk)): one.address for one in sent}

    def address(one: QueueItem) -> Address | None:
        pk = keys.member(program, one.member)
        return known.get((pk, goes.get((pk, order_key(one.seq)), "")))

    return [address(one) for one in rows]


def taken(program: str, member: str, reward: str, *, strong: bool = False) -> int:
    """How many pieces of a reward the member has, or has ordered."""
    item = TakenItem.find(keys.member(program, member), taken_key(reward), strong=strong)
    return item.pieces if item else 0


def all_taken(program: str, member: str) -> dict[str, int]:
    """The same of each reward of which they ever ordered one; 0.5 read units per 4 KB."""
    found = TakenItem.below(keys.member(program, member), "TAKEN#")
    return {str(item.sk).removeprefix("TAKEN#"): item.pieces for item in found}


def queue(
    program: str, state: OrderState, after: str | None, at_once: int, *, newest_first: bool = False
) -> Iterator[QueueItem]:
    """A program's orders in one state, by the time when they were placed."""
    return QueueItem.below(
        keys.orders(program),
        f"{state}#",
        newest_first=newest_first,
        after=after,
        at_once=at_once,
    )


# -- writing -----------------------------------------------------------------------


def placed(new: Order, address: Address | None) -> Writes:
    """A new order, the way to it by its number, and its place in the queue."""
    pk = keys.member(new.program, new.member)
    item = OrderItem(
        pk,
        order_key(new.seq),
        order=new.order,
        number=new.number,
        state=new.state,
        version=new.version,
        goods=new.goods,
        points=new.points,
        way=new.way,
        point=new.point,
        placed_at=new.placed_at,
        request=new.request,
        codes=new.codes,
        coupons=new.coupons,
    )
    number = NumberItem(
        keys.order_number(new.program, new.number), NUMBER, member=new.member, seq=new.seq
    )
    writes = Writes().put_new(item).put_new(number).put_new(_queued(new))
    if address is not None:
        writes.put_new(ShipItem(pk, ship_key(new.order), address=address))
    return writes


def changed(before: Order, after: Order, line: Step) -> Writes:
    """An order in its next state or with other goods, as it was read; its history says so."""
    pk = keys.member(before.program, before.member)
    field = OrderItem
    writes = Writes().update(
        field(pk, order_key(before.seq)),
        [
            field.state.set(after.state),
            field.version.set(after.version),
            field.goods.set(after.goods),
            field.points.set(after.points),
        ],
        field.version == before.version,
    )
    writes += told(after, line)
    if before.state == after.state:
        return writes.put(_queued(after), QueueItem.pk.exists())
    return writes.delete(_queued(before), QueueItem.pk.exists()).put_new(_queued(after))


def told(after: Order, line: Step) -> Writes:
    """The line of history that made the order's present version."""
    pk = keys.member(after.program, after.member)
    return Writes().put_new(StepItem(pk, step_key(after.order, after.version), step=line))


def sent(found: ShipItem, parcel: Parcel) -> Writes:
    """How a posted order travels."""
    return Writes().update(found, [ShipItem.parcel.set(parcel)], ShipItem.pk.exists())


def more_taken(
    program: str, member: str, reward: str, quantity: int, most: int | None = None
) -> Writes:
    """A member has so many more pieces of a reward, ``most`` in all."""
    field = TakenItem.pieces
    fits = field >= 0 if most is None else field <= most - quantity
    item = TakenItem(keys.member(program, member), taken_key(reward))
    return Writes().update(item, [field.add(quantity)], field.does_not_exist() | fits)


def less_taken(program: str, member: str, reward: str, quantity: int) -> Writes:
    """A member has so many fewer pieces of a reward."""
    field = TakenItem.pieces
    item = TakenItem(keys.member(program, member), taken_key(reward))
    return Writes().update(item, [field.add(-quantity)], field >= quantity)


def order_key(seq: int) -> str:
    """Sort key of an order with its member."""
    return keys.numbered("ORDER", seq)


def step_key(order_id: str, version: int) -> str:
    """Sort key of a line of an order's history."""
    return keys.numbered(f"ORDERLOG#{order_id}", version)


def ship_key(order_id: str) -> str:
    """Sort key of what is personal of an order."""
    return f"SHIP#{order_id}"


def taken_key(reward: str) -> str:
    """Sort key of a member's count of one reward."""
    return f"TAKEN#{reward}"


def queue_key(state: OrderState, placed_at: str, number: str = "") -> str:
    """Sort key of an order in its state's queue; without a number: where that instant begins."""
    return f"{state}#{placed_at}#{number}"


def _queued(one: Order) -> QueueItem:
    return QueueItem(
        keys.orders(one.program),
        queue_key(one.state, one.placed_at, one.number),
        member=one.member,
        seq=one.seq,
        goods=one.goods,
        points=one.points,
        way=one.way,
        point=one.point,
    )
