"""HTTP: rules tried on an event, for those who write them."""

from chalicelib.earning import service
from chalicelib.earning.views import Trial, TrialView, trial_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room
from chalicelib.programs.model import DraftInvalid, ProgramUnknown, VersionUnknown

room = Room(
    "earning",
    "Earning rules are data in the program's document: what happened, under which conditions, for "
    "which goods, what it gives and how much at most. Here they are tried before anybody earns.",
)
RECEIPT = {
    "document": "draft",
    "explain": True,
    "event": {
        "trigger": "receipt_paid",
        "at": "2026-03-02T09:00:00Z",
        "outlet": "arbat",
        "partner": "rubin",
        "lines": [{"sku": "RING-585-17", "category": "ring", "paid": 1250000}],
    },
}


@room.route(
    "POST",
    "/v1/staff/programs/{program}/trials",
    access="staff:programs.read",
    summary="Try the rules on an event",
    body=Trial,
    max_bytes=256 * 1024,
    answers={200: TrialView},
    refuses=(ProgramUnknown, VersionUnknown, DraftInvalid),
    example=Example(path={"program": "jewels"}, body=RECEIPT),
)
def try_rules(call: Call[Trial, NoBody]) -> Answer:
    """What an event would bring, and on demand why other rules give nothing; changes nothing."""
    body = call.body
    tried = service.try_out(
        call.path["program"], body.document, body.event, body.used, explained=body.explain
    )
    return Answer(trial_view(tried, call.language))
