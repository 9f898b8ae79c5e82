"""HTTP: what charities were given, and a donation taken back."""

import re

from chalicelib.donations import service
from chalicelib.donations.errors import DonationSettled, DonationTakenBack, DonationUnknown
from chalicelib.donations.room import CLUB, GIVEN, room
from chalicelib.donations.shapes import DonationView, Report, ReportQuery
from chalicelib.donations.views import donation_view, report_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.parameters import PATH
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Why
from chalicelib.ledger.approvals import ApprovalNeeded
from chalicelib.ledger.audited import Order
from chalicelib.ledger.posting import AccountClosed
from chalicelib.ledger.service import AccountUnknown
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force


@room.route(
    "GET",
    "/v1/staff/programs/{program}/donations",
    access="staff:donations.read",
    summary="What charities were given",
    query=ReportQuery,
    answers={200: Report},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB, query={"from": "2026-01", "to": "2026-12"}),
)
def report(call: Call[NoBody, ReportQuery]) -> Answer:
    """By calendar months of the program's zone; exact at any time."""
    program = in_force(call.path["program"], call.at)
    totals = service.report(program.id, call.query.first, call.query.last)
    return Answer(report_view(totals, program))


@room.route(
    "POST",
    "/v1/staff/programs/{program}/members/{member}/donations/{donation}/return",
    access="staff:donations.return",
    summary="Take a donation back, while its month lasts",
    body=Why,
    answers={200: DonationView},
    refuses=(
        ProgramUnknown,
        AccountUnknown,
        AccountClosed,
        DonationUnknown,
        DonationTakenBack,
        DonationSettled,
        ApprovalNeeded,
    ),
    example=Example(path=GIVEN, body={"reason": "Typed one nought too many"}),
    guarded=True,
)
def take_back(call: Call[Why, NoBody]) -> Answer:
    """The points come back to their lots; what burnt meanwhile has the program's grace."""
    number = call.path["donation"]
    if not re.fullmatch(str(PATH["donation"][0]), number):
        raise DonationUnknown
    order = Order(
        call.path["program"], call.path["member"], call.principal, call.body.reason, call.at
    )
    done = service.take_back(order, int(number), call.guard())
    return Answer(donation_view(done, call.language))
