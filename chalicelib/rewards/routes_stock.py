"""HTTP: staff correct stock and fill pools of codes."""

from typing import Any

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.rewards import errors, service_stock, store_stock
from chalicelib.rewards.routes_common import REWARD, REWARD_PATH, room
from chalicelib.rewards.service import Order
from chalicelib.rewards.shapes import (
    CodesView,
    Correction,
    NewCodes,
    StockLine,
    StockView,
)
from chalicelib.rewards.store_stock import StockJournalItem
from chalicelib.rewards.views import stock_line, stock_view


@room.route(
    "GET",
    REWARD_PATH + "/stock",
    access="staff:rewards.read",
    summary="The stock of a reward",
    answers={200: StockView},
    refuses=(errors.RewardUnknown,),
    example=Example(path=REWARD),
)
def stock(call: Call[NoBody, NoBody]) -> Answer:
    """How many pieces or codes there are to give away."""
    return Answer(stock_view(*service_stock.read(call.path["program"], call.path["reward"])))


@room.route(
    "POST",
    REWARD_PATH + "/stock",
    access="staff:rewards.stock",
    summary="Correct the stock of a reward",
    body=Correction,
    answers={201: StockLine},
    refuses=(
        errors.RewardUnknown,
        errors.StockUnlimited,
        errors.StockOfCodes,
        errors.OutOfStock,
        InvalidFields,
    ),
    example=Example(path=REWARD, body={"change": 20, "reason": "Delivery of 23 November"}),
    guarded=True,
)
def correct(call: Call[Correction, NoBody]) -> Answer:
    """Adds pieces or takes some out, never more than there are; answers the journal's new line."""
    order = _order(call, call.body.reason)
    made = service_stock.correct(order, call.body.change, call.guard())
    return Answer(stock_line(made.number, made.noted), 201)


@room.route(
    "GET",
    REWARD_PATH + "/stock/journal",
    access="staff:rewards.read",
    summary="What happened to a stock, newest first",
    query=PageQuery,
    answers={200: Page[StockLine]},
    refuses=(errors.RewardUnknown,),
    example=Example(path=REWARD),
)
def journal(call: Call[NoBody, PageQuery]) -> Answer:
    """Who changed it, when, why, from how many to how many."""
    program, reward = call.path["program"], call.path["reward"]
    service_stock.read(program, reward)
    return Answer(
        page(
            call.query,
            f"{keys.reward(program, reward)} journal",
            lambda after, limit: store_stock.journal(program, reward, after, limit),
            _line,
        )
    )


@room.route(
    "POST",
    REWARD_PATH + "/codes",
    access="staff:rewards.codes",
    summary="Add codes to the pool of a reward",
    body=NewCodes,
    answers={201: CodesView},
    refuses=(errors.RewardUnknown, errors.NoCodePool, InvalidFields),
    example=Example(
        path={"program": "jewels", "reward": "ring-box"},
        body={"codes": ["CINEMA-4F7K-9Q2M", "CINEMA-8W3R-6T1X"]},
    ),
    guarded=True,
)
def fill(call: Call[NewCodes, NoBody]) -> Answer:
    """At most 1000 at a time, each new to this reward. No answer ever shows them again but to the
    member who gets one.
    """
    order = _order(call, "")
    added = service_stock.fill(order, call.body.codes, call.guard())
    pieces = stock_view(*service_stock.read(order.program, order.reward))
    return Answer(CodesView(added=added, pieces=pieces), 201)


def _order(call: Call[Any, Any], reason: str) -> Order:
    return Order(call.path["program"], call.path["reward"], call.principal, call.at, reason)


def _line(item: StockJournalItem) -> StockLine:
    return stock_line(int(str(item.sk).removeprefix("J#")), item.noted)
