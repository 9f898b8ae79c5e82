"""HTTP: levels."""

from datetime import date

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.members.errors import MemberUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.tiers import service, service_proposals
from chalicelib.tiers.errors import LevelsByPurchases, NoTiers
from chalicelib.tiers.shapes import (
    ConfirmBody,
    ConfirmedView,
    ProposalView,
    TierBody,
    TierView,
)
from chalicelib.tiers.views import confirmed_view, proposal_view, tier_view

PROPOSALS = "/v1/staff/programs/{program}/tier-proposals"
PATH = "/v1/staff/programs/{program}/members/{member}/tier"
MEMBER = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}

room = Room(
    "tiers",
    "Purchases lift members to levels at once; when the time of a level is over, it is kept anew "
    "or left. Staff can set a level with a reason, through a day or without an end; where the "
    "document lets them assign levels, they are proposed what purchases are enough for.",
)


@room.route(
    "GET",
    "/v1/me/tier",
    access="member",
    summary="My level, and what is missing to the next",
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers),
)
def my_tier(call: Call[NoBody, NoBody]) -> Answer:
    """As of now, with the levels that there are and those that I had."""
    who = call.member
    return Answer(
        tier_view(service.standing(who.program, who.member, who.joined_at, call.at), call.language)
    )


@room.route(
    "GET",
    PATH,
    access="staff:members.read",
    summary="A member's level",
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers, MemberUnknown),
    example=Example(path=MEMBER),
)
def read_tier(call: Call[NoBody, NoBody]) -> Answer:
    """As the member sees it, with what waits for staff."""
    seen = service.of_member(call.path["program"], call.path["member"], call.at)
    return Answer(tier_view(seen, call.language, to_staff=True))


@room.route(
    "PUT",
    PATH,
    access="staff:members.tier",
    summary="Set a member's level",
    body=TierBody,
    answers={200: TierView},
    refuses=(ProgramUnknown, NoTiers, MemberUnknown, InvalidFields),
    example=Example(
        body={"tier": "gold", "until": "2027-12-31", "reason": "Settled a complaint"}, path=MEMBER
    ),
)
def put_tier(call: Call[TierBody, NoBody]) -> Answer:
    """It is neither raised nor left before its last day; after that purchases decide. Where staff
    assign levels, one without a last day holds until they decide again. The same again changes
    nothing.
    """
    body = call.body
    order = service.TierOrder(
        program=call.path["program"],
        member=call.path["member"],
        tier=body.tier,
        until=date.fromisoformat(body.until) if body.until and body.tier else None,
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(tier_view(service.put(order), call.language, to_staff=True))


@room.route(
    "GET",
    PROPOSALS,
    access="staff:members.tier",
    summary="Levels that are proposed for members, the oldest first",
    query=PageQuery,
    answers={200: Page[ProposalView]},
    refuses=(ProgramUnknown, NoTiers, LevelsByPurchases),
    example=Example(path={"program": MEMBER["program"]}),
)
def proposals(call: Call[NoBody, PageQuery]) -> Answer:
    """Where staff assign levels: whose purchases are enough for another level than they are on,
    from the moment that a purchase, a return or the end of a period made it so until staff decide.
    """
    program = call.path["program"]
    _, tiers = service.club_of(program, call.at)
    return Answer(
        page(
            call.query,
            keys.proposals(program),
            lambda after, limit: service_proposals.waiting(program, call.at, after, limit),
            lambda item: proposal_view(item, tiers, call.language),
        )
    )


@room.route(
    "POST",
    f"{PROPOSALS}/confirmations",
    access="staff:members.tier",
    summary="Confirm levels that are proposed",
    body=ConfirmBody,
    answers={200: ConfirmedView},
    refuses=(ProgramUnknown, NoTiers, LevelsByPurchases),
    example=Example(
        body={"rows": [{"member": MEMBER["member"], "tier": "silver"}]},
        path={"program": MEMBER["program"]},
    ),
)
def confirm(call: Call[ConfirmBody, NoBody]) -> Answer:
    """Each member is on the level at once, if that is still what is proposed. Rows do not hold each
    other up; the same again changes nothing. Another level than the proposed one, or the same for
    good, is set with a reason for each member.
    """
    body = call.body
    order = service_proposals.Confirmation(
        program=call.path["program"],
        rows=tuple((row.member, row.tier) for row in body.rows),
        dry_run=body.dry_run,
        reason=body.reason,
        actor=call.principal,
        at=call.at,
    )
    return Answer(confirmed_view(service_proposals.confirm(order), dry_run=body.dry_run))
