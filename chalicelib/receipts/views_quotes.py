"""Quotes as the API shows them, in one language."""

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.money import written
from chalicelib.kernel.texts import say
from chalicelib.programs.model import Program
from chalicelib.receipts import printed
from chalicelib.receipts.nearly import Near
from chalicelib.receipts.service_quotes import Quoted
from chalicelib.receipts.shapes_quotes import (
    HeldQuote,
    NearOffer,
    QuoteDiscount,
    QuotedLine,
    QuoteView,
)
from chalicelib.receipts.store_quotes import QuoteItem
from chalicelib.receipts.views import awards, earned_by_line, gifts, names_of


def quote_view(found: Quoted) -> QuoteView:
    """The price of a basket."""
    program, language = found.program, found.language
    names = names_of(program, language)
    later = sum(one.points for one in found.earns.awards if one.pending_days)
    spending = program.purchases.spending
    return QuoteView(
        total=sum(line.price for line in found.lines),
        discount=sum(found.off),
        coupons=sum(share.coupon for share in found.shares),
        points=sum(share.points for share in found.shares),
        points_money=sum(share.points_money for share in found.shares),
        due=sum(share.money for share in found.shares),
        lines=_lines(found),
        discounts=[
            QuoteDiscount(one.rule, names[one.rule], one.amount)
            for one in found.discounts.discounts
        ],
        earns=found.earns.points - later,
        earns_later=later,
        awards=awards(found.earns, None, program, names),
        gifts=gifts(found.earns, names),
        available=_available(found),
        most_points=found.most_points,
        point_value=spending.point_value if spending else 0,
        near=[_near(one, program, names, language) for one in found.near],
        hold=held_view(found.held) if found.held else None,
    )


def held_view(item: QuoteItem) -> HeldQuote:
    """Points that a quote holds, or held."""
    return HeldQuote(item.quote, item.points, item.until, item.state)  # type: ignore[arg-type]


def _lines(found: Quoted) -> list[QuotedLine]:
    places = range(len(found.lines))
    earned = earned_by_line(found.earns, places, len(found.lines))
    return [
        QuotedLine(
            line=place,
            price=found.lines[place].price,
            discount=found.off[place],
            coupon=share.coupon,
            points_money=share.points_money,
            due=share.money,
            open_to_points=found.open_to_points[place],
            earns=earned[place],
        )
        for place, share in enumerate(found.shares)
    ]


def _available(found: Quoted) -> int:
    if found.account is None:
        return 0
    today = local_date(found.at, found.program.zone).isoformat()
    return printed.available(found.account, today)


def _near(one: Near, program: Program, names: dict[str, str], language: str) -> NearOffer:
    missing = written(one.missing, program.currency) if one.what == "amount" else str(one.missing)
    certain = one.of_goods and one.what in ("amount", "lines", "pieces")
    key = f"near.{one.what}_of_goods" if certain else f"near.{one.what}"
    text = say(language, key, name=names[one.rule], missing=missing)
    return NearOffer(one.rule, names[one.rule], one.what, one.missing, one.of_goods, text)
