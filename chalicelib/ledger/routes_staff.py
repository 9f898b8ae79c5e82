"""HTTP: what staff see and do to one account by hand."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.ledger import holds, posting, rules, service, store
from chalicelib.ledger.approvals import ApprovalNeeded
from chalicelib.ledger.routes_common import account_of, newest, room, seq_of
from chalicelib.ledger.views import (
    AccountView,
    ProofView,
    StaffEntryView,
    account_view,
    staff_entry_view,
)
from chalicelib.programs.approvals import MOST
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force

STAFF = "/v1/staff/programs/{program}/members/{member}"
WHO = {"program": "jewels", "member": "0c4x9k2m7q1w8e5r3t6y"}
POSTING = (service.AccountUnknown, posting.AccountClosed, ProgramUnknown)
"""What every change of points can meet."""
ENDING = (service.AccountUnknown, ProgramUnknown, service.EntryUnknown)
"""What the end of something begun before can meet, also on a closed account."""
Note = Annotated[str, Meta(min_length=3, max_length=500, description="Why; kept for ever.")]
Amount = Annotated[int, Meta(ge=1, le=MOST, description="Points.")]


class Adjustment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to add, or with a minus to take."""

    points: Annotated[int, Meta(ge=-MOST, le=MOST, description="Points, not 0.")]
    reason: Note

    def __post_init__(self) -> None:
        """Nothing to do is not an adjustment."""
        if self.points == 0:
            raise ValueError("Expected `int` >= 1 - at `$.points`")


class NewHold(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to set aside."""

    points: Amount
    reason: Note


class NewPending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points to announce."""

    points: Amount
    reason: Note


class HoldResolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a hold ends."""

    end: holds.HoldEnd
    """Whether the points were spent or go back to the member."""
    reason: Note


class PendingResolution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a pending award ends."""

    end: holds.PendingEnd
    """Whether the points are credited or withdrawn."""
    reason: Note


def order_of(call: Call[Any, Any], note: str) -> service.Order:
    """The caller's order at the account in the path."""
    return service.Order(call.path["program"], call.path["member"], call.principal, note, call.at)


@room.route(
    "GET",
    STAFF + "/account",
    access="staff:ledger.read",
    summary="A member's points",
    answers={200: AccountView},
    refuses=(service.AccountUnknown, ProgramUnknown),
    example=Example(path=WHO),
)
def account(call: Call[NoBody, NoBody]) -> Answer:
    """Any account of the program."""
    return Answer(account_of(call.path["program"], call.path["member"], call))


@room.route(
    "GET",
    STAFF + "/entries",
    access="staff:ledger.read",
    summary="A member's history, newest first",
    query=PageQuery,
    answers={200: Page[StaffEntryView]},
    refuses=(service.AccountUnknown,),
    example=Example(path=WHO),
)
def entries(call: Call[NoBody, PageQuery]) -> Answer:
    """Any member's entries with who acted."""
    program, member = call.path["program"], call.path["member"]
    service.account(program, member)
    return Answer(
        page(
            call.query,
            keys.member(program, member) + "#E",
            lambda after, limit: newest(program, member, after, limit),
            lambda item: staff_entry_view(store.from_item(item, program, member), call.language),
        )
    )


@room.route(
    "GET",
    STAFF + "/proof",
    access="staff:ledger.read",
    summary="Check that the entries add up to the balance",
    answers={200: ProofView},
    refuses=(service.AccountUnknown,),
    example=Example(path=WHO),
)
def proof(call: Call[NoBody, NoBody]) -> Answer:
    """Recalculate one account from its entries."""
    found = service.prove(call.path["program"], call.path["member"])
    return Answer(ProofView(found.entries, found.entry_sum, found.balance, found.agrees))


@room.route(
    "POST",
    STAFF + "/adjustments",
    access="staff:ledger.adjust",
    summary="Add or take points by hand",
    body=Adjustment,
    answers={201: StaffEntryView},
    refuses=(*POSTING, rules.NotEnoughPoints, ApprovalNeeded),
    example=Example(body={"points": 250, "reason": "Goodwill after a late delivery"}, path=WHO),
    guarded=True,
)
def adjust(call: Call[Adjustment, NoBody]) -> Answer:
    """A correction with a reason."""
    posted = service.adjust(order_of(call, call.body.reason), call.body.points, call.guard())
    return Answer(staff_entry_view(posted, call.language), 201)


@room.route(
    "POST",
    STAFF + "/entries/{seq}/reversal",
    access="staff:ledger.adjust",
    summary="Take back what an entry did",
    body=Why,
    answers={201: StaffEntryView},
    refuses=(
        *POSTING,
        service.EntryUnknown,
        service.EntryReversed,
        posting.NotReversible,
        ApprovalNeeded,
    ),
    example=Example(body={"reason": "Registered by mistake"}, path={**WHO, "seq": "1"}),
    guarded=True,
)
def reverse(call: Call[Why, NoBody]) -> Answer:
    """A reversal with a reason; once per entry. An entry of so many points that a correction needs
    a second person is corrected by a request instead.
    """
    posted = service.reverse_entry(order_of(call, call.body.reason), seq_of(call), call.guard())
    return Answer(staff_entry_view(posted, call.language), 201)


@room.route(
    "POST",
    STAFF + "/holds",
    access="staff:ledger.adjust",
    summary="Set points aside",
    body=NewHold,
    answers={201: StaffEntryView},
    refuses=(*POSTING, rules.NotEnoughPoints, ApprovalNeeded),
    example=Example(body={"points": 50, "reason": "Reserved at the counter"}, path=WHO),
    guarded=True,
)
def hold(call: Call[NewHold, NoBody]) -> Answer:
    """A hold; its id is the answer's `ref`."""
    guard = call.guard()
    order = order_of(call, call.body.reason)
    posted = service.place_hold(order, guard.key[:20], call.body.points, guard)
    return Answer(staff_entry_view(posted, call.language), 201)


@room.route(
    "POST",
    STAFF + "/holds/{hold}/resolution",
    access="staff:ledger.adjust",
    summary="Spend held points, or give them back",
    body=HoldResolution,
    answers={200: StaffEntryView},
    refuses=(
        *ENDING,
        holds.HoldUnknown,
        holds.HoldOwned,
        holds.HoldResolved,
    ),
    example=Example(
        body={"end": "released", "reason": "Not collected"},
        path={**WHO, "hold": "5d41402abc4b2a76b971"},
    ),
)
def resolve_hold(call: Call[HoldResolution, NoBody]) -> Answer:
    """The same end again answers the same; the other end is refused."""
    order = order_of(call, call.body.reason)
    posted = service.resolve_hold(order, call.path["hold"], call.body.end)
    return Answer(staff_entry_view(posted, call.language))


@room.route(
    "POST",
    STAFF + "/pending-awards",
    access="staff:ledger.adjust",
    summary="Announce points that must still be confirmed",
    body=NewPending,
    answers={201: StaffEntryView},
    refuses=(*POSTING, ApprovalNeeded),
    example=Example(body={"points": 500, "reason": "Contest, subject to review"}, path=WHO),
    guarded=True,
)
def announce(call: Call[NewPending, NoBody]) -> Answer:
    """A pending award; its id is the answer's `ref`."""
    guard = call.guard()
    order = order_of(call, call.body.reason)
    posted = service.announce(order, guard.key[:20], call.body.points, guard)
    return Answer(staff_entry_view(posted, call.language), 201)


@room.route(
    "POST",
    STAFF + "/pending-awards/{award}/resolution",
    access="staff:ledger.adjust",
    summary="Credit announced points, or withdraw them",
    body=PendingResolution,
    answers={200: StaffEntryView},
    refuses=(
        *POSTING,
        service.EntryUnknown,
        holds.PendingUnknown,
        holds.PendingResolved,
    ),
    example=Example(
        body={"end": "confirmed", "reason": "Reviewed"},
        path={**WHO, "award": "7d793037a0760186574b"},
    ),
)
def resolve_pending(call: Call[PendingResolution, NoBody]) -> Answer:
    """The same end again answers the same; the other end is refused."""
    order = order_of(call, call.body.reason)
    posted = service.settle_pending(order, call.path["award"], call.body.end)
    return Answer(staff_entry_view(posted, call.language))


@room.route(
    "POST",
    STAFF + "/burn-off",
    access="staff:ledger.adjust",
    summary="Burn now what is due on this account",
    answers={200: AccountView},
    refuses=(service.AccountUnknown, ProgramUnknown),
    example=Example(path=WHO),
)
def burn_off(call: Call[NoBody, NoBody]) -> Answer:
    """What the daily round does by itself, for one member, at once; again changes nothing."""
    order = order_of(call, "")
    today = local_date(call.at, in_force(order.program, call.at).zone)
    return Answer(account_view(service.burn_off(order), today))
