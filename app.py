"""Clubkeeper: the table of contents.

Every way into the platform stands here: HTTP rooms, the authorizer, the table's stream, queues and
schedules. A handler is one line into a room. Event handlers are declared here and not in the
rooms, because Chalice would deploy them past this module otherwise.
"""

from chalicelib.kernel import starting  # first: see there

# isort: split
from typing import Any, cast

from chalice.app import (
    AuthRequest,
    AuthResponse,
    Chalice,
    CloudWatchEvent,
    DynamoDBEvent,
    Rate,
    SQSEvent,
)

from chalicelib import entrance
from chalicelib.awards.routes import room as awards
from chalicelib.coupons.routes import room as coupons
from chalicelib.donations.routes import room as donations
from chalicelib.earning.routes import room as earning
from chalicelib.files.routes import room as files
from chalicelib.forecasts.routes import room as forecasts
from chalicelib.gates.routes import room as gates
from chalicelib.groups.routes import room as groups
from chalicelib.jobs.routes import room as jobs
from chalicelib.kernel.http.health import room as health
from chalicelib.kernel.http.routing import Room, mount
from chalicelib.kernel.observability import logger
from chalicelib.kernel.settings import event_source
from chalicelib.ledger.routes import room as ledger
from chalicelib.members.routes import room as members
from chalicelib.memberships.routes import room as memberships
from chalicelib.outreach.routes import room as outreach
from chalicelib.partners.routes import room as partners
from chalicelib.programs.routes import room as programs
from chalicelib.receipts.routes import room as receipts
from chalicelib.rewards.routes import room as rewards
from chalicelib.rewards.routes_orders_lists import room as orders
from chalicelib.sellers.routes import room as sellers
from chalicelib.settlement.routes import room as settlement
from chalicelib.staff.routes import room as staff
from chalicelib.staff.routes_audit import room as audit
from chalicelib.support.routes import room as support
from chalicelib.tags.routes import room as tags
from chalicelib.tiers.routes import room as tiers
from chalicelib.transfers.routes import room as transfers

ROOMS: list[Room] = [
    programs,
    earning,
    members,
    coupons,
    donations,
    groups,
    memberships,
    sellers,
    tags,
    files,
    rewards,
    orders,
    ledger,
    partners,
    receipts,
    tiers,
    gates,
    jobs,
    awards,
    transfers,
    settlement,
    staff,
    audit,
    forecasts,
    outreach,
    support,
    health,
]

app = Chalice(app_name="clubkeeper", configure_logs=False)
app.log = cast(Any, logger)
app.api.binary_types = []


@app.authorizer(ttl_seconds=0)
def authorize(request: AuthRequest) -> AuthResponse:
    """Who is asking; nothing is cached, so that a sign-out works at once."""
    return AuthResponse(routes=["*"], **entrance.authorize(request.token))


mount(app, ROOMS, authorize)


@app.on_dynamodb_record(stream_arn=event_source("stream_arn"), batch_size=100)
def stream(event: DynamoDBEvent) -> None:
    """New items of the table, to every consumer's queue."""
    entrance.publish_facts(event.to_dict())


@app.on_sqs_message(queue_arn=event_source("notifications_queue_arn"), batch_size=10)
def notifications(event: SQSEvent) -> dict[str, Any]:
    """Facts for the in-app notifications, and for sellers who claimed what was registered."""
    return entrance.notify(event.to_dict())


@app.on_sqs_message(queue_arn=event_source("jobs_queue_arn"), batch_size=1)
def work(event: SQSEvent) -> dict[str, Any]:
    """Parts of long jobs."""
    return entrance.work(event.to_dict())


@app.on_sqs_message(queue_arn=event_source("agenda_queue_arn"), batch_size=1)
def due(event: SQSEvent) -> dict[str, Any]:
    """Pages of the agenda."""
    return entrance.due(event.to_dict())


@app.lambda_function()
def rotate(event: dict[str, Any], context: Any) -> None:
    """One step of the rotation of the keys that sign tokens, as Secrets Manager asks for it."""
    entrance.rotate(event)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def agenda(event: CloudWatchEvent) -> None:
    """Find what is due, and have it done."""
    entrance.agenda()


@app.schedule(Rate(5, unit=Rate.MINUTES))
def tidy(event: CloudWatchEvent) -> None:
    """Take up what was left lying: unfinished jobs and expired print windows."""
    entrance.tidy()


@app.schedule(Rate(15, unit=Rate.MINUTES))
def sweep(event: CloudWatchEvent) -> None:
    """The daily round, in runs of a quarter of an hour: nothing missed, everything adds up."""
    entrance.sweep(event.context, event.detail)


@app.lambda_function(name="migrate")
def migrate(event: Any, context: Any) -> dict[str, Any]:
    """Upgrades of the data, for whoever deploys: how they stand, check one, run one."""
    return entrance.migrate(event)


starting.over()
