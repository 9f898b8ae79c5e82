"""HTTP: staff write and publish the catalogue."""

from typing import Any

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import InvalidFields, NotFound
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, slice_of
from chalicelib.programs.model import ProgramUnknown
from chalicelib.rewards import errors, service
from chalicelib.rewards.model import RewardDetails
from chalicelib.rewards.routes_common import CLUB, REWARD, REWARD_PATH, REWARDS_PATH, room
from chalicelib.rewards.service import Listed, Order
from chalicelib.rewards.shapes import RewardBody, RewardsQuery, RewardView
from chalicelib.rewards.views import reward_view

RING_BOX = {
    "revision": 1,
    "kind": "goods",
    "name": {
        "en": "Ring box",
        "ru": "Шкатулка для колец",
        "uk": "Скринька для каблучок",
        "ar": "علبة خواتم",
    },
    "about": {
        "en": "Walnut, lined with velvet.",
        "ru": "Орех, внутри бархат.",
        "uk": "Горіх, усередині оксамит.",
        "ar": "من خشب الجوز ومبطّنة بالمخمل.",
    },
    "price": 250,
    "low_stock": 2,
    "per_member": 3,
    "images": ["2h7k9m3q5t8w0c4x9k2m"],
    "delivery": ["pickup", "post"],
    "points_of_pickup": ["arbat-point"],
}


@room.route(
    "PUT",
    REWARD_PATH,
    access="staff:rewards.write",
    summary="Add or change a reward",
    body=RewardBody,
    answers={200: RewardView},
    refuses=(
        ProgramUnknown,
        NotFound,
        InvalidFields,
        errors.RewardRevisionStale,
        errors.TooManyRewards,
    ),
    example=Example(path=REWARD, body=RING_BOX),
)
def write_reward(call: Call[RewardBody, NoBody]) -> Answer:
    """The reward as it now stands, whole; the same again changes nothing. A new one is a draft.
    What is published changes for members at once.
    """
    body = call.body
    fields = msgspec.structs.asdict(body)
    revision = fields.pop("revision")
    for name in ("available_from", "available_until"):
        fields[name] = render(parse(fields[name])) if fields[name] else None
    return _answer(call, service.write(_order(call), RewardDetails(**fields), revision))


@room.route(
    "GET",
    REWARD_PATH,
    access="staff:rewards.read",
    summary="A reward",
    answers={200: RewardView},
    refuses=(errors.RewardUnknown,),
    example=Example(path=REWARD),
)
def reward(call: Call[NoBody, NoBody]) -> Answer:
    """All that is known of it."""
    return _answer(call, service.read(call.path["program"], call.path["reward"]))


@room.route(
    "GET",
    REWARDS_PATH,
    access="staff:rewards.read",
    summary="The catalogue",
    query=RewardsQuery,
    answers={200: Page[RewardView]},
    example=Example(path=CLUB),
)
def rewards(call: Call[NoBody, RewardsQuery]) -> Answer:
    """Rewards by id, without their long texts."""
    program, query = call.path["program"], call.query
    found = (one for one in service.catalogue(program) if _wanted(one, query))
    return Answer(
        slice_of(
            query,
            keys.rewards(program),
            found,
            lambda listed: listed.reward.reward,
            lambda listed: reward_view(listed, call.settings),
        )
    )


@room.route(
    "POST",
    REWARD_PATH + "/publication",
    access="staff:rewards.publish",
    summary="Show a reward to members",
    answers={200: RewardView},
    refuses=(ProgramUnknown, errors.RewardUnknown, errors.RewardIncomplete),
    example=Example(path=REWARD),
)
def publish(call: Call[NoBody, NoBody]) -> Answer:
    """A draft, or what was archived; within its dates. Publishing again changes nothing."""
    return _answer(call, service.publish(_order(call)))


@room.route(
    "POST",
    REWARD_PATH + "/archive",
    access="staff:rewards.publish",
    summary="Take a reward out of the catalogue",
    body=Why,
    answers={200: RewardView},
    refuses=(errors.RewardUnknown, errors.RewardNotPublished),
    example=Example(path=REWARD, body={"reason": "Sold out for good"}),
)
def archive(call: Call[Why, NoBody]) -> Answer:
    """Members no longer see it; orders in progress go on. Archiving again changes nothing."""
    return _answer(call, service.archive(_order(call, call.body.reason)))


def _order(call: Call[Any, Any], reason: str = "") -> Order:
    return Order(call.path["program"], call.path["reward"], call.principal, call.at, reason)


def _answer(call: Call[Any, Any], found: Listed) -> Answer:
    return Answer(reward_view(found, call.settings))


def _wanted(listed: Listed, query: RewardsQuery) -> bool:
    reward = listed.reward
    if query.state is not None and reward.state != query.state:
        return False
    if query.kind is not None and reward.details.kind != query.kind:
        return False
    return listed.is_low or not query.low_stock
