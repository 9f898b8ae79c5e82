"""The gateways: one that shows messages locally, and AWS (SNS for SMS, SES for e-mail)."""

import os
import sys
from functools import lru_cache
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import clock
from chalicelib.kernel.settings import Settings
from chalicelib.messages.model import Message, MessageNotSent

RETRY_AFTER_S = 5
TIMEOUT_S = 5


class Sent(msgspec.Struct, frozen=True):
    """One line of the local outbox."""

    at: str
    channel: str
    to: str
    text: str


def send(message: Message, settings: Settings) -> None:
    """Hand a message to the stage's gateway; it has been taken when this returns.

    Raises:
        MessageNotSent: it may not have been taken; send it again.
    """
    try:
        if settings.messages == "local":
            _show(message, settings)
        elif message.channel == "sms":
            _sms(message)
        else:
            _email(message, settings)
    except (BotoCoreError, ClientError, OSError) as error:
        raise MessageNotSent(retry_after=RETRY_AFTER_S) from error


def _show(message: Message, settings: Settings) -> None:
    sent = Sent(clock.render(clock.now(settings)), message.channel, message.to, message.text)
    line = " · ".join(message.text.splitlines())
    print(f"{sent.channel} to {sent.to}: {line}", file=sys.stderr, flush=True)
    if settings.outbox:
        _append(settings.outbox, msgspec.json.encode(sent) + b"\n")


def _append(file: str, line: bytes) -> None:
    # One write to a file opened for appending: lines of several processes do not mix (POSIX
    # write(2)).
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line)
    finally:
        os.close(descriptor)


def _sms(message: Message) -> None:
    kind = {"DataType": "String", "StringValue": "Transactional"}
    _client("sns").publish(
        PhoneNumber=message.to,
        Message=message.text,
        MessageAttributes={"AWS.SNS.SMS.SMSType": kind},
    )


def _email(message: Message, settings: Settings) -> None:
    content = {
        "Subject": {"Data": message.subject, "Charset": "UTF-8"},
        "Body": {"Text": {"Data": message.text, "Charset": "UTF-8"}},
    }
    _client("sesv2").send_email(
        FromEmailAddress=settings.sender_email,
        Destination={"ToAddresses": [message.to]},
        Content={"Simple": content},
    )


@lru_cache(maxsize=2)
def _client(service: str) -> Any:
    # Imported here: most processes never send anything.
    import boto3
    from botocore.config import Config

    # One try: a second one by ourselves could send, and charge, twice; the caller decides.
    patience = Config(connect_timeout=2, read_timeout=TIMEOUT_S, retries={"total_max_attempts": 1})
    return boto3.client(service, config=patience)
