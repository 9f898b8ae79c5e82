"""People of the staff as they work: a software passkey, enrolment, and calls with a session that
renews itself.
"""

import hashlib
import json
import os
import re
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
import pyotp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from chalicelib.staff.factors import encode
from chalicelib.staff.room import PASSWORD
from tests.support.common import bearer

if TYPE_CHECKING:
    from tests.support.club import Club, House

Json = dict[str, Any]
Flag = AuthenticatorData.FLAG
VERIFIED = Flag.UP | Flag.UV


class Passkey:
    """A software authenticator with one ES256 key and "none" attestation."""

    def __init__(self, origin: str) -> None:
        """``origin`` is where the browser believes to be."""
        self.origin = origin
        self.counter = 0
        self.id = os.urandom(16)
        self.key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: Json, flags: Flag = VERIFIED, **forged: Any) -> Json:
        """What a browser answers to creation options; ``forged`` replaces client data."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = self._data(options["rp"]["id"], flags | Flag.AT, credential)
        client = self._client("webauthn.create", options, forged)
        attestation = AttestationObject.create("none", data, {})
        return self._answer(
            {"clientDataJSON": encode(client), "attestationObject": encode(attestation)}
        )

    def sign(self, options: Json, flags: Flag = VERIFIED, **forged: Any) -> Json:
        """What a browser answers to request options; ``forged`` replaces client data."""
        self.counter += 1
        data = self._data(options["rpId"], flags, b"")
        client = self._client("webauthn.get", options, forged)
        signature = self.key.sign(data + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(signature),
            }
        )

    def _data(self, rp_id: str, flags: Flag, credential: bytes) -> AuthenticatorData:
        rp_hash = hashlib.sha256(rp_id.encode()).digest()
        return AuthenticatorData.create(rp_hash, flags, self.counter, credential)

    def _client(self, kind: str, options: Json, forged: Json) -> CollectedClientData:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin, **forged}
        return CollectedClientData(json.dumps(said).encode())

    def _answer(self, response: Json) -> Json:
        name = encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response}


@dataclass
class Employee:
    """Somebody of the staff of one club, with a passkey, and signed in when they need to be."""

    club: "Club"
    staff: str
    email: str
    invitation: str
    password: str = PASSWORD
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    totp_secret: str = ""
    enrolled_with: str = ""
    """The code of the authenticator app that was used up by the enrolment."""
    session: Json = field(default_factory=dict)

    def __post_init__(self) -> None:
        """A passkey of their own."""
        self.passkey = Passkey(self.house.stage.public_url)

    @property
    def house(self) -> "House":
        """The platform."""
        return self.club.house

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A call below this program; tokens that ran out are renewed."""
        return self.own(method, f"/programs/{self.club.id}{path}", **more)

    def own(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A call below ``/v1/staff``; tokens that ran out are renewed."""
        if not self.session:
            self.sign_in()
        headers = {"Idempotency-Key": uuid.uuid4().hex, **more.pop("headers", {})}
        answer = self._send(method, path, headers, more)
        if answer.status_code == 401 and answer.json()["code"] == "token_expired":
            assert self.refresh().status_code == 200
            answer = self._send(method, path, headers, more)
        return answer

    def enrol(self, *, totp: bool = False) -> httpx.Response:
        """Take up the invitation, by a passkey or an authenticator app."""
        offer = self.offer().json()["offer"]
        body: Json = {**self.invited(), "password": self.password}
        if totp:
            self.totp_secret = offer["totp"]["secret"]
            self.enrolled_with = body["totp_code"] = self.code()
        else:
            body["passkey"] = self.passkey.create(offer["passkey"])
        return self.completion(body)

    def completion(self, body: Json) -> httpx.Response:
        """The second call of an enrolment."""
        return self.house.http.post("/v1/staff-enrolments/completion", json=body)

    def invited(self) -> Json:
        """What both calls of an enrolment begin with."""
        return {"invitation": self.invitation, "nonce": self.nonce}

    def offer(self) -> httpx.Response:
        """Whom the invitation is for, and the second factor to make."""
        return self.house.http.post("/v1/staff-enrolments", json=self.invited())

    def begin(self, key: str = "", **wrong: str) -> httpx.Response:
        """The first factor."""
        body = {"email": self.email, "password": self.password, **wrong}
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return self.house.http.post("/v1/staff-sign-in", json=body, headers=headers)

    def ticket(self) -> Json:
        """A ticket for a second factor."""
        answer = self.begin()
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def complete(self, ticket: Json, **proof: Any) -> httpx.Response:
        """The second factor; a good answer becomes the session."""
        proof = proof or {"passkey": self.passkey.sign(ticket["passkey"])}
        body = {"ticket": ticket["ticket"], **proof}
        answer = self.house.http.post("/v1/staff-sessions", json=body)
        if answer.status_code == 201:
            self.session = answer.json()
        return answer

    def sign_in(self) -> "Employee":
        """Both factors."""
        answer = self.complete(self.ticket())
        assert answer.status_code == 201, answer.text
        return self

    def refresh(self) -> httpx.Response:
        """Exchange the refresh token; a good answer becomes the session."""
        body = {"refresh_token": self.session["refresh_token"]}
        answer = self.house.http.post("/v1/staff-sessions/refresh", json=body)
        if answer.status_code == 200:
            self.session = answer.json()
        return answer

    def code(self, steps: int = 0) -> str:
        """The code of the authenticator app, some steps of 30 seconds from now."""
        return pyotp.TOTP(self.totp_secret).at(self.house.now, counter_offset=steps)

    def _send(self, method: str, path: str, headers: Json, more: Json) -> httpx.Response:
        fields = bearer(self.session["access_token"], **headers)
        return self.house.http.request(method, f"/v1/staff{path}", headers=fields, **more)


def invite(club: "Club", *roles: str, email: str = "") -> Employee:
    """Somebody who was just invited, by an operator."""
    email = email or f"{uuid.uuid4().hex[:16]}@example.org"
    body = {"email": email, "name": "Test", "roles": roles}
    answer = club.staff("POST", "/staff", json=body)
    assert answer.status_code == 201, answer.text
    return Employee(club, answer.json()["staff"], email, invitation_of(club.house, email))


def invitation_of(house: "House", email: str) -> str:
    """The code of the newest invitation sent to an address."""
    found = re.search(r"^[0-9a-z]{20}\.[0-9a-z]{26}$", house.outbox(email)[-1], re.MULTILINE)
    assert found
    return found[0]


def employ(club: "Club", *roles: str) -> Employee:
    """Somebody with these roles, enrolled with a passkey and signed in."""
    person = invite(club, *roles)
    answer = person.enrol()
    assert answer.status_code == 204, answer.text
    return person.sign_in()
