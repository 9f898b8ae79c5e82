"""What could not be done after all tries, and doing it again.

Whatever travels through a queue can be found again in the table, and who takes it knows what was
done before; so sending a dead letter again is safe, also twice. It is sent before it is deleted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.agenda.model import Page
from chalicelib.jobs.model import Message
from chalicelib.kernel.facts import Fact
from infra.operations.deployed import StageError

DEAD, LIVE = "DeadLetters", "Queue"
"""How a queue of dead letters ends, and the queue that they came from."""
MOST = 1000
"""Messages that one look takes."""
HIDDEN_S = 120
"""How long a message that was taken is not seen by others: long enough to send it again."""
BATCH = 10
UNKNOWN = "unknown"


class Letter(msgspec.Struct, frozen=True):
    """One dead letter, without what it tells of anybody."""

    kind: str
    """A fact's name, ``job <id>``, or what is due."""
    program: str
    sent_at: datetime
    received: int
    """How often it was taken from queues, failures and looks together."""
    body: str
    handle: str

    @property
    def known(self) -> bool:
        """Whether somebody takes such messages."""
        return self.kind != UNKNOWN


def names(queues: Mapping[str, str], wanted: str = "") -> list[str]:
    """The queues of dead letters, or the one that is wanted, by the names of the stack.

    Raises:
        StageError: there is no such queue.
    """
    known = sorted(name for name in queues if name.endswith(DEAD))
    if not wanted:
        return known
    if wanted not in known:
        raise StageError(f"{wanted} is none of {', '.join(known) or 'no queues'}.")
    return [wanted]


def source(queues: Mapping[str, str], name: str) -> str | None:
    """The address of the queue that the dead letters of another came from; None: from no queue, as
    those of schedules and the stream.
    """
    return queues.get(name.removesuffix(DEAD) + LIVE)


def look(sqs: Any, url: str) -> list[Letter]:
    """What waits, the oldest first, at most :data:`MOST`; others do not see it for two minutes."""
    found: dict[str, Letter] = {}
    while len(found) < MOST:
        answer = sqs.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=1,
            MessageSystemAttributeNames=["SentTimestamp", "ApproximateReceiveCount"],
        )
        if not (messages := answer.get("Messages", [])):
            break
        found |= {message["MessageId"]: _letter(message) for message in messages}
    return sorted(found.values(), key=lambda letter: letter.sent_at)


def release(sqs: Any, url: str, letters: Iterable[Letter]) -> None:
    """Let others see again at once what was only looked at."""
    for part in _batches(letters):
        entries = [
            {"Id": str(place), "ReceiptHandle": letter.handle, "VisibilityTimeout": 0}
            for place, letter in enumerate(part)
        ]
        sqs.change_message_visibility_batch(QueueUrl=url, Entries=entries)


def replay(sqs: Any, url: str, to: str, letters: Iterable[Letter]) -> int:
    """Send letters to the queue that they came from, and delete them here; how many.

    Raises:
        StageError: the queue did not take one; what was sent before that is sent.
    """
    done = 0
    for part in _batches(letters):
        entries = [
            {"Id": str(place), "MessageBody": letter.body} for place, letter in enumerate(part)
        ]
        if failed := sqs.send_message_batch(QueueUrl=to, Entries=entries).get("Failed"):
            raise StageError(f"{len(failed)} were not taken: {failed[0].get('Message', '')}")
        done += drop(sqs, url, part)
    return done


def drop(sqs: Any, url: str, letters: Iterable[Letter]) -> int:
    """Delete letters; how many."""
    done = 0
    for part in _batches(letters):
        entries = [
            {"Id": str(place), "ReceiptHandle": letter.handle} for place, letter in enumerate(part)
        ]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)
        done += len(part)
    return done


def told(name: str, letters: Iterable[Letter], at: datetime) -> str:
    """What waits in a queue, by kind and program."""
    rows = list(letters)
    lines = [f"{name}: {len(rows)}" + (" or more" if len(rows) >= MOST else "")]
    for (program, kind), count in sorted(Counter((one.program, one.kind) for one in rows).items()):
        same = [one for one in rows if (one.program, one.kind) == (program, kind)]
        oldest, tries = at - same[0].sent_at, max(one.received for one in same)
        lines.append(
            f"  {count:5}  {kind:32} {program:20} oldest {_age(int(oldest.total_seconds()))},"
            f" taken up to {tries} times"
        )
    return "\n".join(lines)


def _letter(message: Mapping[str, Any]) -> Letter:
    kind, program = _what(message["Body"])
    attributes = message["Attributes"]
    return Letter(
        kind,
        program,
        datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC),
        int(attributes["ApproximateReceiveCount"]),
        message["Body"],
        message["ReceiptHandle"],
    )


def _what(body: str) -> tuple[str, str]:
    try:
        found = msgspec.json.decode(body, type=dict[str, Any])
        if "entries" in found:
            entries = msgspec.convert(found, Page).entries
            kinds, programs = ({e.kind for e in entries}, {e.program for e in entries})
            return " ".join(sorted(kinds)) or UNKNOWN, " ".join(sorted(programs))
        if "job" in found:
            part = msgspec.convert(found, Message)
            return f"job {part.job}", part.program
        if "DDBStreamBatchInfo" in found:
            return "place in the stream", ""
        if "requestContext" in found:
            return f"run of {_last(found['requestContext']['functionArn'])}", ""
        if found.get("source") == "aws.events":
            return f"call by {_last(found['resources'][0])}", ""
        fact = msgspec.convert(found, Fact)
    except (msgspec.MsgspecError, LookupError, TypeError):
        return UNKNOWN, ""
    return fact.name, fact.program


def _last(arn: str) -> str:
    """What an ARN names, without the version of a function."""
    return arn.removesuffix(":$LATEST").rsplit(":", 1)[-1].rsplit("/", 1)[-1]


def _batches(letters: Iterable[Letter]) -> Iterator[list[Letter]]:
    rows = list(letters)
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _age(seconds: int) -> str:
    if seconds < 7200:
        return f"{max(0, seconds) // 60} min"
    return f"{seconds // 3600} h" if seconds < 172_800 else f"{seconds // 86_400} days"
