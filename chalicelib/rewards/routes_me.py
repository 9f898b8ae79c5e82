"""HTTP: the catalogue as a member sees it."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, slice_of
from chalicelib.ledger.service import AccountUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.rewards import errors, service_me
from chalicelib.rewards.routes_common import room
from chalicelib.rewards.service_me import Search
from chalicelib.rewards.shapes import GoalView, OfferRow, OffersQuery, OfferView
from chalicelib.rewards.views import offer_row, offer_view

CLOSED = (ProgramUnknown, AccountUnknown, errors.CatalogueForMembers)


@room.route(
    "GET",
    "/v1/me/rewards",
    access="member",
    summary="Rewards for me, what I can afford first",
    query=OffersQuery,
    answers={200: Page[OfferRow]},
    refuses=CLOSED,
)
def my_rewards(call: Call[NoBody, OffersQuery]) -> Answer:
    """Then by the points still missing; what is sold out or used up comes last. A cursor holds also
    when points come in meanwhile.
    """
    query, who = call.query, call.member
    search = Search(query.kind, query.affordable, query.q, call.language)
    return Answer(
        slice_of(
            query,
            f"{keys.rewards(who.program)} of {who.member}",
            service_me.offers(who, search, call.at),
            lambda offer: offer.key,
            lambda offer: offer_row(offer, call.settings, call.language),
        )
    )


@room.route(
    "GET",
    "/v1/me/rewards/{reward}",
    access="member",
    summary="One reward",
    answers={200: OfferView},
    refuses=(*CLOSED, errors.RewardUnknown),
    example=Example(path={"reward": "ring-box"}),
)
def my_reward(call: Call[NoBody, NoBody]) -> Answer:
    """With its long text, its images and where it is handed out."""
    found = service_me.offer(call.member, call.path["reward"], call.at)
    return Answer(offer_view(found, call.settings, call.language, call.at))


@room.route(
    "GET",
    "/v1/me/rewards-goal",
    access="member",
    summary="What I am saving for",
    answers={200: GoalView},
    refuses=CLOSED,
)
def my_goal(call: Call[NoBody, NoBody]) -> Answer:
    """The reward that can be afforded next, and how many points are missing."""
    found = service_me.goal(call.member, call.at)
    return Answer(GoalView(offer_row(found, call.settings, call.language) if found else None))
