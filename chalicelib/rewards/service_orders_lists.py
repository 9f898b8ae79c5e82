"""A program's orders in lists: queues for whoever sees to them, pick lists, and the history."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from chalicelib.kernel.clock import render
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, sifted
from chalicelib.kernel.table.writes import commit
from chalicelib.rewards import store_orders
from chalicelib.rewards.model_orders import QUEUES, Address, OrderState
from chalicelib.rewards.store_orders import OrderItem, QueueItem

V = TypeVar("V")

LOOKED_AT = 500
"""Orders that one page looks through at most."""
FILE_ROWS = 1000
"""Orders of one part of a file."""
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """Which orders are wanted; empty: any."""

    way: str = ""
    point: str = ""
    reward: str = ""

    def takes(self, one: QueueItem) -> bool:
        """Whether an order is among them."""
        pairs = ((self.way, one.way), (self.point, one.point), (self.reward, one.goods.reward))
        return all(wanted in ("", has) for wanted, has in pairs)


@dataclass(frozen=True, slots=True)
class Span:
    """The time in which orders were placed: from an instant, before another one."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Download:
    """Somebody of the staff takes a part of a file with addresses: who, of what, when."""

    program: str
    actor: str
    at: datetime
    asked: audit.Facts
    """The days and the state, as they were asked for."""


def span(first: date, last: date, zone: str) -> Span:
    """The days from ``first`` through ``last`` in a program's zone."""
    return Span(_midnight(first, zone), _midnight(last + timedelta(days=1), zone))


def of_member(
    program: str,
    member: str,
    state: OrderState | None,
    query: PageQuery,
    show: Callable[[OrderItem], V],
) -> Page[V]:
    """A member's orders, newest first; with a ``state`` a page may be short."""
    sieve: Sieve[OrderItem, V] = Sieve(
        keep=lambda one: state is None or one.state == state,
        show=show,
        room=query.limit,
        most=LOOKED_AT,
    )
    return sifted(
        query.cursor,
        keys.member(program, member) + "#ORDER",
        lambda after: store_orders.of_member(program, member, after, query.limit + 1),
        sieve,
    )


def in_state(
    program: str, state: OrderState, choice: Choice, cursor: str, sieve: Sieve[QueueItem, V]
) -> Page[V]:
    """Orders in one state: the oldest first where somebody has to act, else the newest."""

    def read(after: str | None) -> Iterator[QueueItem]:
        at_once = sieve.room + 1 if choice == Choice() else AT_ONCE
        newest_first = state not in QUEUES
        return store_orders.queue(program, state, after, at_once, newest_first=newest_first)

    return sifted(cursor, f"{keys.orders(program)}#{state}", read, sieve)


def exported(
    program: str,
    states: tuple[OrderState, ...],
    within: Span,
    cursor: str,
    sieve: Sieve[QueueItem, V],
) -> Page[V]:
    """Orders of these states placed within a time: one state after the other, oldest first."""

    def read(after: str | None) -> Iterator[QueueItem]:
        begun = after.partition("#")[0] if after else states[0]
        for state in states[states.index(begun) if begun in states else 0 :]:
            first = store_orders.queue_key(state, within.since)
            start = after if after and state == begun else first
            for one in store_orders.queue(program, state, start, AT_ONCE):
                if one.placed_at >= within.until:
                    break
                yield one

    name = f"{keys.orders(program)}#{'+'.join(states)}#{within.since}#{within.until}"
    return sifted(cursor, name, read, sieve)


def addresses(wanted: Download, rows: Sequence[QueueItem]) -> list[Address | None]:
    """Where posted orders go, in their order; nothing where the member is erased. The audit says
    who took them.
    """
    found = store_orders.addresses(wanted.program, rows)
    act = audit.Act(
        program=wanted.program,
        actor=wanted.actor,
        action="orders.addresses_exported",
        subject=audit.subject(orders="post"),
        at=wanted.at,
        after={**wanted.asked, "addresses": sum(one is not None for one in found)},
    )
    commit(audit.put(act))
    return found


def _midnight(day: date, zone: str) -> str:
    return render(datetime.combine(day, time.min, ZoneInfo(zone)))
