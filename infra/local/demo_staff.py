"""The demo club's staff: one person per role, enrolled and signed in over the API like anybody.

Their passwords and authenticator secrets stand in a file of the local data, because nobody's phone
has them.
"""

import json
import re
import secrets
import time
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pyotp

from infra.local.demo_client import Client, DemoFailed
from infra.local.environment import keep_private

FILE = "demo-staff.json"
OWN_ROLE = "gift-desk"
PASSWORD = "rubies-and-pearls"  # nosec B105
PEOPLE = (
    ("owner", "Olga Orlova"),
    ("manager", "Marat Malikov"),
    ("support", "Sofia Sokolova"),
    ("warehouse", "Viktor Volkov"),
    (OWN_ROLE, "Galina Gromova"),
)
_ROLE = {
    "name": {
        "en": "Gift desk",
        "ru": "Стол подарков",
        "uk": "Стіл подарунків",
        "ar": "مكتب الهدايا",
    },
    "rights": ["rewards.read", "orders.read", "orders.handle", "members.search"],
}
_STEP_S = 30
_INVITATION = re.compile(r"^[0-9a-z]{20}\.[0-9a-z]{26}$", re.MULTILINE)


class Known(NamedTuple):
    """What somebody needs to sign in."""

    email: str
    password: str
    totp_secret: str


def load(operator: Client, program: str, file: Path) -> None:
    """Invite and enrol everybody who is not there yet."""
    base = f"/v1/staff/programs/{program}"
    operator.must("PUT", f"{base}/roles/{OWN_ROLE}", _ROLE)
    known = read(file)
    for role, name in PEOPLE:
        if role not in known:
            known[role] = _enrol(operator, base, role, name)
            keep_private(file, json.dumps(known))


def read(file: Path) -> dict[str, Known]:
    """Whoever was enrolled, by role."""
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    return {role: Known(*fields) for role, fields in found.items()}


def sign_in(url: str, known: Known) -> Client:
    """Both factors: the password, then the code that an authenticator app would show.

    Raises:
        DemoFailed: the platform refused.
    """
    visitor = Client(url)
    first = {"email": known.email, "password": known.password}
    ticket = visitor.must("POST", "/v1/staff-sign-in", first)["ticket"]
    for step in (0, 1):  # a code works once: the next one is taken for a clock that is ahead
        code = _code(visitor, known.totp_secret, step)
        answer = visitor.call("POST", "/v1/staff-sessions", {"ticket": ticket, "totp_code": code})
        if answer.status == 201:
            return Client(url, answer.body["access_token"])
    time.sleep(_STEP_S)
    code = _code(visitor, known.totp_secret, 1)
    body = {"ticket": ticket, "totp_code": code}
    return Client(url, visitor.must("POST", "/v1/staff-sessions", body)["access_token"])


def _enrol(operator: Client, base: str, role: str, name: str) -> Known:
    email = f"{role}@example.org"
    operator.must("POST", f"{base}/staff", {"email": email, "name": name, "roles": [role]})
    found = _INVITATION.search(operator.message_to(email))
    if not found:
        raise DemoFailed(f"The invitation of {email} holds no code.")
    visitor = Client(operator.url)
    invitation = {"invitation": found[0], "nonce": secrets.token_urlsafe(16)}
    offer = visitor.must("POST", "/v1/staff-enrolments", invitation)["offer"]
    secret = str(offer["totp"]["secret"])
    proof = {"password": PASSWORD, "totp_code": _code(visitor, secret, 0)}
    visitor.must("POST", "/v1/staff-enrolments/completion", {**invitation, **proof})
    return Known(email, PASSWORD, secret)


def _code(visitor: Client, secret: str, step: int) -> str:
    now = datetime.fromisoformat(visitor.must("GET", "/local/clock")["now"])
    return pyotp.TOTP(secret).at(now, counter_offset=step)
