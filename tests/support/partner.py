"""A partner's system, a till or a webshop, that signs what it sends: by the document alone."""

import base64
import hashlib
import hmac
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import httpx

if TYPE_CHECKING:
    from tests.support.club import Club

SCOPES = (
    "receipts.write",
    "receipts.read",
    "quotes.write",
    "members.read",
    "members.write",
    "events.write",
    "memberships.write",
)
SIGNER = "signer"
"""Extension of a request that is to be signed when it is sent, also when it is sent again."""
Signer = Callable[[httpx.Request], None]


def sign_at_send(request: httpx.Request) -> None:
    """Hook of every connection: sign what wants to be signed, at the time of sending."""
    signer: Signer | None = request.extensions.get(SIGNER)
    if signer is not None:
        signer(request)


def signature(secret: str, ident: str, stamp: str, payload: bytes) -> str:
    """The signature of a message: Standard Webhooks 1.0.0."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{ident}.{stamp}.".encode() + payload, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def payload(method: str, url: str, body: bytes) -> bytes:
    """What is signed of a request: its body, else its target with the query in order."""
    if body:
        return body
    path, _, query = url.partition("?")
    pairs = sorted(tuple(map(_plain, one.partition("=")[::2])) for one in query.split("&") if one)
    asked = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    return f"{method} {path}{'?' if asked else ''}{asked}".encode()


@dataclass
class System:
    """One credential, and calls signed by it."""

    club: "Club"
    issued: dict[str, Any]
    http: httpx.Client | None = None
    skew: int = 0
    """Seconds by which its clock is wrong."""
    secret: str = field(init=False)

    def __post_init__(self) -> None:
        """The secret as it was shown."""
        self.secret = self.issued["secret"]

    @property
    def credential(self) -> str:
        """Id of the credential."""
        return str(self.issued["credential"])

    def request(
        self, method: str, path: str, *, message: str | None = None, **more: Any
    ) -> httpx.Request:
        """A request below ``/v1/partner`` that is signed when it is sent. ``message`` is its
        ``webhook-id``.
        """
        made = self._client.build_request(method, f"/v1/partner{path}", **more)
        return self.signing(made, message)

    def signing(self, request: httpx.Request, message: str | None = None) -> httpx.Request:
        """Let a request be signed when it is sent, always under the same ``webhook-id``."""
        ident = message or str(uuid.uuid4())
        request.extensions[SIGNER] = lambda sent: self.sign(sent, ident)
        return request

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A signed call below ``/v1/partner``."""
        return self._client.send(self.request(method, path, **more))

    def sign(self, request: httpx.Request, ident: str) -> None:
        """Put the headers in place, at the platform's time."""
        url = request.url.raw_path.decode()
        body = request.content
        request.headers.update(self.headers(ident, payload(request.method, url, body)))

    def headers(self, ident: str, signed: bytes) -> dict[str, str]:
        """The four header fields of a message."""
        stamp = str(int(self.club.house.now.timestamp()) + self.skew)
        return {
            "Clubkeeper-Credential": self.issued["sent_as"],
            "webhook-id": ident,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(self.secret, ident, stamp, signed),
        }

    def staff(self, act: str, **body: Any) -> httpx.Response:
        """What staff do with the credential: ``rotation`` or ``revocation``."""
        path = f"/partners/{self.issued['partner']}/credentials/{self.credential}/{act}"
        return self.club.staff("POST", path, json=body)

    @property
    def _client(self) -> httpx.Client:
        return self.http or self.club.house.http


def connect(club: "Club", partner: str = "rubin", **details: Any) -> System:
    """A system of a partner that is there, with every scope unless told otherwise."""
    body = {"name": "Tills", "scopes": SCOPES, **details}
    answer = club.staff("POST", f"/partners/{partner}/credentials", json=body)
    assert answer.status_code == 201, answer.text
    return System(club, {**answer.json(), "partner": partner})


def with_partner(club: "Club", partner: str = "rubin", *outlets: str, **details: Any) -> System:
    """The same, of a partner that is made with its outlets."""
    for path, body in (
        (f"/partners/{partner}", {"name": "Rubin"}),
        *((f"/partners/{partner}/outlets/{one}", {"name": one, "kind": "shop"}) for one in outlets),
    ):
        assert club.staff("PUT", path, json=body).status_code == 200
    return connect(club, partner, **details)


def _plain(text: str) -> str:
    return unquote(text.replace("+", " "))
