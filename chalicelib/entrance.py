"""What app.py's handlers call: the rooms put together. Floor 7."""

from secrets import token_hex
from typing import Any

import msgspec

from chalicelib.agenda import service as diary
from chalicelib.agenda.model import Page
from chalicelib.awards import service as awards
from chalicelib.counters import earned as counters
from chalicelib.counters import gates as asked
from chalicelib.coupons import facts as coupon_facts
from chalicelib.coupons import service as coupons
from chalicelib.coupons import service_issues as coupon_issues
from chalicelib.forecasts import service_jobs as forecasts
from chalicelib.gates import service as gates
from chalicelib.groups import service as groups
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Message
from chalicelib.kernel import rotation, tokens
from chalicelib.kernel.clock import now
from chalicelib.kernel.facts import Fact, Projector, publish
from chalicelib.kernel.http import identity, signed
from chalicelib.kernel.http.call import Caller
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.observability import each
from chalicelib.kernel.queues import consume
from chalicelib.kernel.secrets import vault
from chalicelib.kernel.settings import Settings, settings
from chalicelib.kernel.table.format import require_known
from chalicelib.ledger import earned
from chalicelib.ledger import facts as ledger_facts
from chalicelib.ledger import service_agenda as ledger_agenda
from chalicelib.members import facts as member_facts
from chalicelib.members import service as members
from chalicelib.memberships import service as memberships
from chalicelib.outreach import service as outreach
from chalicelib.outreach import warnings
from chalicelib.partners import service_signed as partners
from chalicelib.receipts import held, service_levels
from chalicelib.receipts import service_birthdays as birthdays
from chalicelib.receipts import service_earned as earned_levels
from chalicelib.receipts import service_erasure as receipts
from chalicelib.receipts import service_months as months
from chalicelib.receipts import service_occasions as occasions
from chalicelib.rewards import facts as reward_facts
from chalicelib.rewards import facts_orders as order_facts
from chalicelib.rewards import service_orders as orders
from chalicelib.sellers import service as sellers
from chalicelib.settlement import service_jobs as settlement
from chalicelib.staff import service as staff
from chalicelib.sweeper.service import Consumer, Found
from chalicelib.sweeper.service import sweep as sweep_table
from chalicelib.sweeper.store import Share
from chalicelib.tags import facts as tag_facts
from chalicelib.tags import service as tags
from chalicelib.transfers import service as transfers
from chalicelib.upgrades import calls as upgrade_calls
from chalicelib.upgrades import service as upgrades

SPARE_MS = 30_000
"""What the sweeper leaves of its time, to end in order."""
PROJECTORS: tuple[Projector, ...] = (
    ledger_facts.project,
    member_facts.project,
    tag_facts.project,
    coupon_facts.project,
    order_facts.project,
    reward_facts.project,
)

JOB_HANDLERS = {
    **tags.JOB_HANDLERS,
    **awards.JOB_HANDLERS,
    **coupon_issues.JOB_HANDLERS,
    **transfers.JOB_HANDLERS,
    **forecasts.JOB_HANDLERS,
    **settlement.JOB_HANDLERS,
    **upgrades.JOB_HANDLERS,
}

AGENDA_HANDLERS = {
    **ledger_agenda.AGENDA_HANDLERS,
    **memberships.AGENDA_HANDLERS,
    **groups.AGENDA_HANDLERS,
    **tags.AGENDA_HANDLERS,
    **gates.AGENDA_HANDLERS,
    **warnings.AGENDA_HANDLERS,
    **birthdays.AGENDA_HANDLERS,
    **occasions.AGENDA_HANDLERS,
    **months.AGENDA_HANDLERS,
    **earned_levels.AGENDA_HANDLERS,
}
"""Who does what is due, by its kind."""


def consumers(stage: Settings) -> tuple[Consumer, ...]:
    """Who listens to facts."""
    return (Consumer(stage.notifications_queue_url, unheard),)


def unheard(fact: Fact) -> bool:
    """Whether a fact was not told, or a claim that it ends did not end."""
    return outreach.missed(fact) or tags.missed(fact)


def authenticate(token: str, stage: Settings, at: Any) -> Caller:
    """Read a token of either audience."""
    if tokens.audience_of(token) == "staff":
        return staff.authenticate(token, stage, at)
    return members.authenticate(token, stage, at)


def leave_orders(program: str, member: str) -> int:
    """What an erased member has on order; how much was changed."""
    return orders.leave(program, member, now(settings()))


def leave_coupons(program: str, member: str) -> int:
    """What an erased member has of coupons; how many were changed."""
    return coupons.leave(program, member, now(settings()))


def leave_receipts(program: str, member: str) -> int:
    """What an erased member's receipts say of the person; how many were changed."""
    return receipts.leave(program, member)


def leave_groups(program: str, member: str) -> int:
    """What an erased member applied for; how many applications waited."""
    return groups.leave(program, member)


def leave_sellers(program: str, member: str) -> int:
    """Whom an erased member asked to sell for; how much waited for a call."""
    return sellers.leave(program, member)


identity.install(authenticate)
asked.install(service_levels.level_of)
earned.install(counters.count)
signed.install(partners.verify)
members.when_erased(leave_orders)
members.when_erased(leave_coupons)
members.when_erased(leave_receipts)
members.when_erased(leave_groups)
members.when_erased(leave_sellers)


def authorize(authorization: str) -> dict[str, Any]:
    """The authorizer's finding, for the handlers to act on."""
    stage = settings()
    found = identity.finding(authorization, stage, now(stage))
    return {"principal_id": "caller", "context": found}


def publish_facts(event: dict[str, Any]) -> None:
    """The new items of a stream batch, as facts, to every consumer."""
    require_known()
    images = [
        record["dynamodb"]["NewImage"]
        for record in event["Records"]
        if record["eventName"] == "INSERT" and "NewImage" in record["dynamodb"]
    ]
    publish(images, PROJECTORS, [one.queue_url for one in consumers(settings())])


def notify(event: dict[str, Any]) -> dict[str, Any]:
    """Facts of a queue batch, as notifications and as what ends sellers' claims."""
    require_known()
    at = now(settings())

    def listen(fact: Fact) -> None:
        outreach.notify(fact)
        tags.hear(fact, at)

    return consume(event, Fact, listen)


def work(event: dict[str, Any]) -> dict[str, Any]:
    """Parts of long jobs."""
    require_known()
    at = now(settings())
    return consume(event, Message, lambda part: jobs.run_part(part, JOB_HANDLERS, at))


def agenda() -> None:
    """Send what is due to the workers."""
    require_known()
    diary.run(now(settings()))


def due(event: dict[str, Any]) -> dict[str, Any]:
    """Do what pages of the agenda say."""
    require_known()
    at = now(settings())
    return consume(event, Page, lambda page: diary.work(page, AGENDA_HANDLERS, at))


def tidy() -> None:
    """Take up jobs that stand still; end print windows and held quotes whose time is over."""
    require_known()
    at = now(settings())
    acts = (jobs.resume_stalled, tags.close_expired_windows, held.end_due)
    each(acts, lambda act: act(at), "tidying")


def rotate(event: dict[str, Any]) -> None:
    """Do one step of the rotation of the signing keys."""
    rotation.rotate(event, vault(), token_hex(32), now(settings()))


def sweep(context: Any, detail: dict[str, Any]) -> Found:
    """Go on with the sweeper's round while the Lambda context leaves time.

    ``detail`` of the schedule's event names a share of the table; nothing there: all of it.
    """
    require_known()
    stage = settings()

    def more_time() -> bool:
        return bool(context.get_remaining_time_in_millis() > SPARE_MS)

    share = msgspec.convert(detail, Share)
    return sweep_table(PROJECTORS, consumers(stage), now(stage), more_time, share)


def migrate(event: Any) -> dict[str, Any]:
    """How the upgrades of the data stand; check or run one."""
    stage = settings()
    return upgrade_calls.answer(event, stage, Ids(), now(stage))
