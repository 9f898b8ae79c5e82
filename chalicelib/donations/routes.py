"""HTTP: a member's donations."""

from chalicelib.counters.gates import GateClosed, LevelNeeded
from chalicelib.donations import routes_staff, service, store
from chalicelib.donations.errors import CharityUnknown, DonationUnknown
from chalicelib.donations.room import room
from chalicelib.donations.service import Gift
from chalicelib.donations.shapes import Charities, CharityView, DonationBody, DonationView
from chalicelib.donations.views import donation_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.rules import NotEnoughPoints
from chalicelib.ledger.service import AccountUnknown
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force

__all__ = ["room", "routes_staff"]


@room.route(
    "GET",
    "/v1/me/charities",
    access="member",
    summary="To whom I can give points",
    answers={200: Charities},
    refuses=(ProgramUnknown,),
)
def my_charities(call: Call[NoBody, NoBody]) -> Answer:
    """What the program's document names."""
    found = in_force(call.member.program, call.at).charities
    return Answer(Charities([CharityView(to, found[to].get(call.language)) for to in found]))


@room.route(
    "POST",
    "/v1/me/donations",
    access="member",
    summary="Give points to a charity",
    body=DonationBody,
    answers={201: DonationView},
    refuses=(
        NotActive,
        RulesNotAccepted,
        ProgramUnknown,
        GateClosed,
        LevelNeeded,
        CharityUnknown,
        DonationUnknown,
        NotEnoughPoints,
        AccountUnknown,
        AccountClosed,
    ),
    example=Example(body={"to": "childrens-hospice", "points": 20}),
    guarded=True,
)
def give(call: Call[DonationBody, NoBody]) -> Answer:
    """Those that burn soonest go first. Members cannot take it back; staff can, while the month
    lasts.
    """
    gift = Gift(call.member, call.body.to, call.body.points, call.at)
    return Answer(donation_view(service.give(gift, call.guard()), call.language), 201)


@room.route(
    "GET",
    "/v1/me/donations",
    access="member",
    summary="My donations, newest first",
    query=PageQuery,
    answers={200: Page[DonationView]},
)
def my_donations(call: Call[NoBody, PageQuery]) -> Answer:
    """What the caller gave, also what was taken back."""
    who = call.member
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#DONATION",
            lambda after, limit: store.newest(who.program, who.member, after, limit),
            lambda item: donation_view(item.value(), call.language),
        )
    )
