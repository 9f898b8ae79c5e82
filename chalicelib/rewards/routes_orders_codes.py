"""HTTP: staff look up and redeem the codes that orders gave."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.programs.model import ProgramUnknown
from chalicelib.rewards import errors_orders, service_redeeming
from chalicelib.rewards.routes_orders import room
from chalicelib.rewards.service_orders_acts import By
from chalicelib.rewards.shapes_codes import GiftCodeView, Redemption
from chalicelib.rewards.views_orders import gift_code_view


@room.route(
    "POST",
    "/v1/staff/programs/{program}/gift-code-redemptions",
    access="staff:orders.handle",
    summary="Redeem a code that an order gave, or only look it up",
    body=Redemption,
    answers={200: GiftCodeView},
    refuses=(
        ProgramUnknown,
        errors_orders.OrderUnknown,
        errors_orders.GiftCodeUnknown,
        errors_orders.GiftCodeRedeemed,
        errors_orders.OrderNotPossible,
    ),
    example=Example(path={"program": "jewels"}, body={"gift_code": "7K3M-9QWX-2B4D-5RTV"}),
    guarded=True,
)
def redeem(call: Call[Redemption, NoBody]) -> Answer:
    """For codes that were generated for a service, a ticket or something digital. Each works once;
    the same request again is answered as before. A dry run only tells where the code stands.
    """
    program, typed, guard = call.path["program"], call.body.gift_code, call.guard()
    if call.body.dry_run:
        found = service_redeeming.look(program, typed)
    else:
        found = service_redeeming.redeem(program, typed, By(call.principal, call.at), guard)
    return Answer(gift_code_view(found, call.language))
