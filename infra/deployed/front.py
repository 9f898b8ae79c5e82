"""One origin for the club, as CloudFront makes it: the API behind its gateway, and the pictures.

Besides, what the demo of the local platform asks for: the messages that went out, by the
emulator's record of them, and the clock.
"""

import json
from collections.abc import Iterator, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.request import urlopen

from infra.local.answers import Answer
from infra.local.gateway import Request
from infra.local.media import Media
from infra.local.pages import Pages
from infra.local.process import HOST
from infra.local.server import Front, Site

_OWN = frozenset({"host", "connection", "content-length", "transfer-encoding"})
"""Headers that belong to one connection."""


class Gateway:
    """The API where the emulator has it: below the address of its gateway's stage."""

    def __init__(self, port: int, api: str, stage: str) -> None:
        self._port = port
        self._base = f"/restapis/{api}/{stage}/_user_request_"

    def answer(self, request: Request) -> Answer:
        """Hand the request on as it is."""
        connection = HTTPConnection(HOST, self._port, timeout=60)
        try:
            connection.putrequest(request.method, self._base + request.target)
            for name, value in request.headers:
                if name not in _OWN:
                    connection.putheader(name, value)
            if request.body:
                connection.putheader("Content-Length", str(len(request.body)))
            connection.endheaders(request.body or None)
            got = connection.getresponse()
            kept = [(name, value) for name, value in got.getheaders() if name.lower() not in _OWN]
            return Answer(got.status, kept, got.read())
        finally:
            connection.close()


def messages(services: str) -> list[dict[str, str]]:
    """What the functions sent by SMS and e-mail, as the demo reads its outbox; ``at`` is no time
    but an order, because the emulator keeps no time of an SMS.
    """
    return [
        {"at": f"{number:09}", "channel": channel, "to": to, "text": text}
        for number, (channel, to, text) in enumerate(_sent(services))
    ]


def _sent(services: str) -> Iterator[tuple[str, str, str]]:
    texts: dict[str, list[Any]] = _read(f"{services}/_ministack/sns/sms-messages")["sms_messages"]
    for to, several in texts.items():
        for one in several:
            yield "sms", to, one["Message"]
    letters: dict[str, list[Any]] = _read(f"{services}/_ministack/ses/messages")["messages"]
    for of_account in letters.values():
        for one in of_account:
            for to in one["To"]:
                yield "email", to, one["BodyText"]


def _read(url: str) -> Any:
    with urlopen(url, timeout=30) as answer:  # nosec B310
        return json.loads(answer.read())


def opened(port: int, gateway: Gateway, environment: Mapping[str, str]) -> Front:
    """The front on its port, answering."""
    return Front(_site(gateway, environment), port).start()


def _site(gateway: Gateway, environment: Mapping[str, str]) -> Site:
    pages, media = Pages(environment), Media(environment)

    def answer(request: Request) -> Answer:
        if request.path == "/outbox.json":
            sent = messages(environment["AWS_ENDPOINT_URL"])
            return Answer(200, [("Content-Type", "application/json")], json.dumps(sent).encode())
        if request.path == "/local/clock":
            return pages.answer(request) or gateway.answer(request)
        return media.answer(request) or gateway.answer(request)

    return answer
