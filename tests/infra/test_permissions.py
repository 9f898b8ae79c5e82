"""Each function may do exactly what its code does. That nothing is lacking, every test of the suite
proves (tests/support/permissions.py); here, that nothing is too much.
"""

from collections.abc import Iterator

from app import ROOMS
from chalicelib.agenda import service as agenda
from chalicelib.kernel.http.routing import operations
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.writes import commit
from chalicelib.ledger import service_agenda as ledger
from infra.local.platform import Platform
from tests.support import stored
from tests.support.club import House
from tests.support.faults import skip_facts
from tests.support.permissions import Guard, Need, allows
from tests.support.world import Worlds

BY_THE_SERVICE = {
    "logs:CreateLogStream": "Lambda itself writes the function's log",
    "logs:PutLogEvents": "Lambda itself writes the function's log",
    "sqs:ReceiveMessage": "Lambda itself takes messages from the queue",
    "sqs:DeleteMessage": "Lambda itself takes messages from the queue",
    "dynamodb:DescribeStream": "Lambda itself reads the stream",
    "dynamodb:GetRecords": "Lambda itself reads the stream",
    "dynamodb:GetShardIterator": "Lambda itself reads the stream",
    "s3:ListBucket": "without it S3 answers 403 for an object that is not there, instead of 404",
}
"""Actions that no line of ours asks for, and who does."""
LETTERS = "Lambda itself puts what failed for good"
LEDGER = "whatever is posted to an account may touch any of its items, in one transaction"
KINDS = "files of the purposes that the example club uploads none of"
ERASED = "an erasure that was interrupted, and evidence whose time is over"
CLAIMS = "a registration ends the claim of a seller: tests/acceptance/test_claims.py"
ROTATION = "tests/test_signing_keys.py plays it against moto"
UPGRADES = "tests of upgrades play them"
NOT_PLAYED: dict[str, dict[str, str]] = {
    "api_handler": {
        "s3:GetObject FilesBucket/private/*": KINDS,
        "s3:PutObject FilesBucket/private/*": KINDS,
        "s3:DeleteObject FilesBucket/private/*": KINDS,
        "s3:GetObject FilesBucket/evidence/*": KINDS,
        "s3:PutObject FilesBucket/evidence/*": KINDS,
        "s3:DeleteObject FilesBucket/evidence/*": KINDS,
        "s3:DeleteObject FilesBucket/imports/*": KINDS,
    },
    "stream": {"sqs:SendMessage StreamDeadLetters": LETTERS},
    "notifications": {
        "sqs:GetQueueAttributes NotificationsQueue": "Lambda itself looks",
        "dynamodb:ConditionCheckItem Table": CLAIMS,
        "dynamodb:UpdateItem Table": CLAIMS,
    },
    "work": {
        "sqs:GetQueueAttributes JobsQueue": "Lambda itself looks",
        "s3:GetObject FilesBucket/private/*": KINDS,
    },
    "due": {
        "sqs:GetQueueAttributes AgendaQueue": "Lambda itself looks",
        "dynamodb:ConditionCheckItem Table": LEDGER,
        "dynamodb:Query Table": LEDGER,
        "s3:DeleteObject FilesBucket/evidence/*": ERASED,
        "s3:DeleteObject FilesBucket/quarantine/*": ERASED,
    },
    "agenda": {
        "sqs:SendMessage SchedulesDeadLetters": LETTERS,
        "dynamodb:PutItem Table": "a day that is worked off is closed, once a day",
    },
    "tidy": {
        "sqs:SendMessage SchedulesDeadLetters": LETTERS,
        "dynamodb:BatchGetItem Table": LEDGER,
        "dynamodb:ConditionCheckItem Table": LEDGER,
        "dynamodb:DeleteItem Table": LEDGER,
        "dynamodb:PutItem Table": LEDGER,
        "secretsmanager:GetSecretValue DataKey": LEDGER,
    },
    "sweep": {
        "sqs:SendMessage SchedulesDeadLetters": LETTERS,
        "sqs:SendMessage NotificationsQueue": "only facts that were missed are sent again",
        "dynamodb:BatchGetItem Table": LEDGER,
        "dynamodb:ConditionCheckItem Table": LEDGER,
        "dynamodb:DeleteItem Table": LEDGER,
        "secretsmanager:GetSecretValue DataKey": "names that staff could not find yet are indexed",
        "s3:DeleteObject FilesBucket/evidence/*": ERASED,
        "s3:DeleteObject FilesBucket/quarantine/*": ERASED,
    },
    "migrate": {
        "dynamodb:GetItem Table": UPGRADES,
        "dynamodb:Query Table": UPGRADES,
        "dynamodb:PutItem Table": UPGRADES,
        "sqs:SendMessage JobsQueue": UPGRADES,
    },
    "rotate": {
        "secretsmanager:DescribeSecret SigningKeys": ROTATION,
        "secretsmanager:GetSecretValue SigningKeys": ROTATION,
        "secretsmanager:PutSecretValue SigningKeys": ROTATION,
        "secretsmanager:UpdateSecretVersionStage SigningKeys": ROTATION,
    },
}
"""Rights of a function that the examples and schedules do not come to, and what needs them."""


def test_no_right_is_given_that_nobody_needs(
    house: House, worlds: Worlds, guard: Guard, platform: Platform
) -> None:
    assert platform.events
    with worlds.wire.tapped():
        world = worlds.as_new()
        for operation in operations(ROOMS):
            world.live(operation)
        world.restore()
        skip_facts(world)
        for kind in ledger.AGENDA_HANDLERS:
            commit(agenda.arm(world.club.id, kind, world.member.id, house.now, house.now))
        places = stored.partition(keys.sweep())
        stored.put_back({}, {stored.key_of(one): one for one in places})  # no round was today
        for schedule in ("agenda", "sweep"):
            platform.events.fire(schedule)
        for one in world.silenced:
            one.save()
        with house.later("P2D"):  # jobs stand still
            platform.events.fire("tidy")
            house.pump()
    unexplained, explained_for_nothing = {}, {}
    for name, rights in guard.policies.items():
        why = NOT_PLAYED.get(name, {}).keys()
        unused = {f"{one.action} {one.resource}" for one in _unused(rights, guard.noted[name])}
        unexplained[name] = unused - why
        explained_for_nothing[name] = why - {f"{one.action} {one.resource}" for one in rights}
    assert not any(unexplained.values()), unexplained
    assert not any(explained_for_nothing.values()), explained_for_nothing


def _unused(rights: set[Need], noted: set[Need]) -> Iterator[Need]:
    for right in rights:
        if right.action not in BY_THE_SERVICE and not any(allows({right}, one) for one in noted):
            yield right
