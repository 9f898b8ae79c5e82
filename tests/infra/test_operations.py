"""What operators do on a deployed stage: against a stack of the local services."""

import json
import uuid
from collections.abc import Iterator

import boto3
import pytest

from chalicelib.kernel.queues import waiting
from infra.local.resources import ROOT
from infra.operations import dead_letters
from infra.operations.__main__ import main
from tests.support import staff
from tests.support.club import Club, House
from tests.support.common import bearer
from tests.support.staff import Employee

SECRET_ID = "0s3cr3tm3mb3r0000000"


class Stack:
    """A stack that has the queues of ``infra/resources.json``, under names of its own."""

    def __init__(self) -> None:
        self.name = f"clubkeeper-{uuid.uuid4().hex[:8]}"
        self._formation = boto3.client("cloudformation")
        resources = json.loads((ROOT / "infra/resources.json").read_text())["Resources"]
        queues = {name: one for name, one in resources.items() if one["Type"] == "AWS::SQS::Queue"}
        self._formation.create_stack(
            StackName=self.name, TemplateBody=json.dumps({"Resources": queues})
        )
        self._formation.get_waiter("stack_create_complete").wait(
            StackName=self.name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )

    def url(self, queue: str) -> str:
        found = self._formation.describe_stack_resource(
            StackName=self.name, LogicalResourceId=queue
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def run(self, *arguments: str) -> int:
        return main([*arguments, "--stack", self.name])

    def delete(self) -> None:
        self._formation.delete_stack(StackName=self.name)


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    made = Stack()
    yield made
    made.delete()


def _bury(stack: Stack) -> None:
    sqs = boto3.client("sqs")
    fact = {
        "id": f"{SECRET_ID}-1",
        "name": "points.credited",
        "program": "jewels",
        "member": SECRET_ID,
        "at": "2026-11-29T10:00:00.000Z",
        "data": {"points": 50},
    }
    for body in [*(json.dumps({**fact, "id": f"{SECRET_ID}-{n}"}) for n in range(12)), "rubbish"]:
        sqs.send_message(QueueUrl=stack.url("NotificationsDeadLetters"), MessageBody=body)
    entry = {
        "program": "jewels",
        "kind": "ledger.burn",
        "ref": SECRET_ID,
        "due": "2026-11-29T10:00:00.000Z",
    }
    body = json.dumps({"entries": [entry]})
    sqs.send_message(QueueUrl=stack.url("AgendaDeadLetters"), MessageBody=body)


def test_dead_letters_are_listed_replayed_and_dropped(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    _bury(stack)
    assert stack.run("dead-letters", "dev") == 0
    listed = capsys.readouterr().out
    assert "NotificationsDeadLetters: 13" in listed
    assert "12  points.credited" in listed
    assert "1  ledger.burn" in listed
    assert SECRET_ID not in listed, "nothing personal"
    # A look changes nothing: it can be sent again at once, and what nobody knows stays.
    assert waiting(stack.url("NotificationsQueue")) == 0
    assert stack.run("dead-letters", "dev", "NotificationsDeadLetters", "--replay") == 0
    assert "12 sent again" in capsys.readouterr().out
    assert waiting(stack.url("NotificationsQueue")) == 12
    assert waiting(stack.url("NotificationsDeadLetters")) == 1
    assert waiting(stack.url("AgendaDeadLetters")) == 1
    sent = boto3.client("sqs").receive_message(QueueUrl=stack.url("NotificationsQueue"))
    assert json.loads(sent["Messages"][0]["Body"])["member"] == SECRET_ID
    assert stack.run("dead-letters", "dev", "NotificationsDeadLetters", "--drop") == 0
    assert waiting(stack.url("NotificationsDeadLetters")) == 0


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"DDBStreamBatchInfo": {"shardId": "shardId-1"}}, "place in the stream"),
        (
            {"requestContext": {"functionArn": "arn:aws:lambda:x:1:function:Agenda-1:$LATEST"}},
            "run of Agenda-1",
        ),
        ({"source": "aws.events", "resources": ["arn:aws:events:x:1:rule/Tidy"]}, "call by Tidy"),
        ({"requestContext": {}}, "unknown"),
        ([1], "unknown"),
    ],
)
def test_what_comes_from_no_queue_is_named_and_not_sent_again(body: object, kind: str) -> None:
    message = {
        "MessageId": "1",
        "Body": json.dumps(body),
        "ReceiptHandle": "h",
        "Attributes": {"SentTimestamp": "1795959705000", "ApproximateReceiveCount": "1"},
    }
    assert dead_letters._letter(message).kind == kind
    queues = {"StreamDeadLetters": "s", "SchedulesDeadLetters": "t", "JobsQueue": "u"}
    assert dead_letters.source(queues, "StreamDeadLetters") is None
    assert dead_letters.source(queues, "JobsDeadLetters") == "u"


def test_what_is_not_there_is_said_in_a_sentence(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stack.run("dead-letters", "dev", "JobsQueue") == 1
    assert "JobsQueue is none of AgendaDeadLetters" in capsys.readouterr().err
    assert stack.run("token", "dev", "ann") == 1
    assert "no function APIHandler" in capsys.readouterr().err
    assert main(["dead-letters", "nowhere"]) == 1
    assert "clubkeeper-nowhere" in capsys.readouterr().err


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform of the tests takes the stage's place."""
    import infra.operations.__main__ as operations

    monkeypatch.setattr(operations, "find", lambda *_: None)
    monkeypatch.setattr(operations, "settle", lambda _: None)


@pytest.mark.usefixtures("here")
def test_the_first_owner_enrols_with_the_printed_code_and_owns_the_program(
    house: House, club: Club, capsys: pytest.CaptureFixture[str]
) -> None:
    email = f"{uuid.uuid4().hex[:12]}@example.org"
    assert main(["first-owner", "dev", club.id, email, "Olga"]) == 0
    code = capsys.readouterr().out.strip()
    assert main(["first-owner", "dev", club.id, email, "Olga"]) == 0
    assert capsys.readouterr().out.strip() == code, "the same again is the same invitation"
    assert code == staff.invitation_of(house, email)
    owner = Employee(club, code.partition(".")[0], email, code)
    assert owner.enrol().status_code == 204
    owner.sign_in()
    assert owner.call("GET", "/staff").status_code == 200
    assert main(["first-owner", "dev", club.id, email, "Olga"]) == 1
    assert "enrolled already" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_nobody_owns_a_program_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["first-owner", "dev", "nowhere", "olga@example.org", "Olga"]) == 1
    assert "no program nowhere" in capsys.readouterr().err
    assert main(["first-owner", "dev", "jewels", "not an address", "Olga"]) == 1
    assert "Refused" in capsys.readouterr().err


@pytest.mark.usefixtures("here")
def test_an_operators_token_works_for_its_program_and_so_long(
    house: House, club: Club, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", "dev", "ann", "--program", club.id]) == 0
    token = capsys.readouterr().out.strip()
    path = f"/v1/staff/programs/{club.id}/staff"
    assert house.http.get(path, headers=bearer(token)).status_code == 200
    assert main(["token", "dev", "ann", "--hours", "30"]) == 1
