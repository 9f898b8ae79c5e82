"""The catalogue as staff and members see it."""

from datetime import date, datetime
from typing import Any

import msgspec

from chalicelib.files import service as files
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.texts import say
from chalicelib.rewards import model, opening
from chalicelib.rewards.model import Reward, Stock
from chalicelib.rewards.service import Listed
from chalicelib.rewards.service_me import Offer, Offered
from chalicelib.rewards.shapes import (
    ClosedDayView,
    OfferRow,
    OfferView,
    PlaceView,
    PointView,
    RewardView,
    StockLine,
    StockView,
)
from chalicelib.rewards.store import Point
from chalicelib.rewards.store_stock import LOW, Noted


def reward_view(listed: Listed, stage: Settings) -> RewardView:
    """A reward for staff."""
    reward = listed.reward
    return RewardView(
        **msgspec.structs.asdict(reward.details),
        reward=reward.reward,
        revision=reward.revision,
        state=reward.state,
        changed_at=reward.changed_at,
        changed_by=reward.changed_by,
        image_urls=_images(reward, stage),
        pieces=stock_view(reward, listed.stock),
    )


def stock_view(reward: Reward, stock: Stock) -> StockView:
    """A stock for staff."""
    details = reward.details
    counted, pool = details.stock == "counted", details.codes == "pool"
    return StockView(
        stock=details.stock,
        left=stock.left if counted else None,
        low_stock=details.low_stock,
        is_low=Listed(reward, stock).is_low,
        codes_free=stock.left if pool else None,
        codes_used=stock.codes - stock.left if pool else None,
    )


def stock_line(number: int, noted: Noted) -> StockLine:
    """One line of a stock's journal."""
    return StockLine(
        number=number,
        at=noted.at,
        kind=noted.kind,
        actor=noted.actor,
        change=noted.change,
        before=noted.before,
        after=noted.after,
        reason=noted.reason,
        made_low=noted.fact == LOW,
    )


def point_view(point: Point, at: datetime, zone: str) -> PointView:
    """A pick-up point for staff."""
    return PointView(
        **msgspec.structs.asdict(point.details),
        point=point.point,
        rewards=point.uses,
        orders=point.orders,
        changed_at=point.changed_at,
        zone=zone,
        **_opening(point, at, zone),
    )


def place_view(point: Point, at: datetime, zone: str, language: str) -> PlaceView:
    """A pick-up point for a member."""
    details, today = point.details, local_date(at, zone)
    return PlaceView(
        point=point.point,
        name=details.name.get(language),
        address=details.address.get(language),
        phone=details.phone,
        zone=zone,
        hours=details.hours,
        closed=_closed(point, today, language),
        **_opening(point, at, zone),
    )


def offer_row(offer: Offer, stage: Settings, language: str) -> OfferRow:
    """A reward in a member's list."""
    details, obstacle = offer.reward.details, offer.obstacle
    return OfferRow(
        reward=offer.reward.reward,
        kind=details.kind,
        name=details.name.get(language),
        price=details.price,
        missing=offer.missing,
        obstacle=obstacle,
        obstacle_text=say(language, f"offer.{obstacle}") if obstacle else "",
        stock=model.level(details, offer.stock),
        left=model.shown_left(details, offer.stock),
        per_member=details.per_member,
        delivery=details.delivery,
        image=next(iter(_images(offer.reward, stage)), None),
        available_until=details.available_until,
    )


def offer_view(offered: Offered, stage: Settings, language: str, at: datetime) -> OfferView:
    """A reward for a member, whole."""
    reward, zone = offered.offer.reward, offered.zone
    row = offer_row(offered.offer, stage, language)
    return OfferView(
        **msgspec.structs.asdict(row),
        about=reward.details.about.get(language),
        images=_images(reward, stage),
        points_of_pickup=[place_view(one, at, zone, language) for one in offered.points],
        coupon=reward.details.coupon,
    )


def _images(reward: Reward, stage: Settings) -> list[str]:
    return [files.address(stage, reward.program, file) for file in reward.details.images]


def _closed(point: Point, today: date, language: str) -> list[ClosedDayView]:
    coming = (day for day in point.details.closed if day.on >= today.isoformat())
    days = sorted(coming, key=lambda day: day.on)
    return [ClosedDayView(day.on, day.text.get(language)) for day in days]


def _opening(point: Point, at: datetime, zone: str) -> dict[str, Any]:
    found = opening.opening(point.details, at, zone)
    return {
        "open_now": found.open_now,
        "closes_at": render(found.closes) if found.closes else None,
        "opens_next": render(found.opens_next) if found.opens_next else None,
    }
