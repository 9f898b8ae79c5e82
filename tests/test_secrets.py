"""What is secret stays so: neither the table nor the logs hold a code, a token, a number or an
address.
"""

import io
import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.kernel.observability import logger
from chalicelib.kernel.settings import settings
from tests.support import stored
from tests.support.club import Club, bearer, new_phone
from tests.support.partner import with_partner

EMAIL = "confidential.address@example.org"


class Told:
    """Everything that was logged, by whomever, at the lowest level."""

    def __init__(self) -> None:
        """Nothing yet."""
        self.out = io.StringIO()

    def text(self) -> str:
        """All of it."""
        return self.out.getvalue()


@contextmanager
def listening() -> Iterator[Told]:
    """Hear everything that is logged in the block, by our own code and by libraries."""
    told = Told()
    handler = logging.StreamHandler(told.out)
    handler.setFormatter(Everything())
    names = ("", "clubkeeper", "clubkeeper.local.http", "clubkeeper.local.events")
    loggers = [logging.getLogger(name) for name in names]
    before = [one.level for one in loggers]
    for one in loggers:
        one.setLevel(logging.INFO)
        one.addHandler(handler)
    try:
        yield told
    finally:
        for one, level in zip(loggers, before, strict=True):
            one.removeHandler(handler)
            one.setLevel(level)


class Everything(logging.Formatter):
    """Writes every field of a record, whatever it is called."""

    def format(self, record: logging.LogRecord) -> str:
        """The record with all its fields and its stack."""
        return f"{super().format(record)} {vars(record)!r}"


@pytest.fixture
def spoken(club: Club, capfd: pytest.CaptureFixture[str]) -> tuple[dict[str, list[str]], str]:
    """All secrets of a busy hour, and everything that was logged in it."""
    logger.setLevel("DEBUG")
    with listening() as told:
        phone = new_phone()
        challenge = club.challenge(phone)
        codes = [club.code(phone)]
        wrong = "000000" if codes[0] != "000000" else "111111"
        refused = {"challenge": challenge, "one_time_code": wrong}
        club.house.http.post(f"/v1/programs/{club.id}/sessions", json=refused)
        member = club.join()
        codes.append(club.code(member.phone))
        tokens = [member.token, member.session["refresh_token"]]
        assert member.refresh().status_code == 200
        tokens += [member.token, member.session["refresh_token"], club.token]
        mail = club.challenge(EMAIL, "email")
        codes.append(club.code(EMAIL))
        body = {"challenge": mail, "one_time_code": codes[-1]}
        assert member.call("POST", "/contacts", json=body).status_code == 200
        first, second = club.tags(2)
        assert member.register(first).status_code == 201
        assert member.register(second, first["scratch_code"]).status_code in (422, 429)
        assert member.register(first).status_code == 201
        club.house.http.get("/v1/me", headers=bearer(f"{member.token}x"))
        till = with_partner(club)
        shown = member.call("GET", "/app-code").json()["app_code"]
        for body in ({"phone": member.phone}, {"phone": phone}, {"app_code": shown}):
            assert till.call("POST", "/members/lookups", json=body).status_code in (200, 404)
        replaced = till.staff("rotation").json()["secret"]
        tokens += [shown, *(one.removeprefix("whsec_") for one in (till.secret, replaced))]
        club.house.pump()
        logger.error("the ear works")
    secrets = {
        "scratch codes": [first["scratch_code"], second["scratch_code"]],
        "one-time codes": codes,
        "tokens": tokens,
        "addresses": [phone, member.phone, EMAIL],
    }
    logger.setLevel("WARNING")
    return secrets, told.text() + capfd.readouterr().out


def test_the_table_holds_no_secret(spoken: tuple[dict[str, list[str]], str], club: Club) -> None:
    secrets, _ = spoken
    found = "\n".join(map(stored.texts, stored.everything().values()))
    for kind in ("scratch codes", "tokens"):
        assert not [one for one in secrets[kind] for form in forms(one) if form in found], kind
    # Six digits stand in many a hash by chance: no value may be a code, or hold it between words.
    own = [item for key, item in stored.everything().items() if club.id in " ".join(key)]
    told = "\n".join(map(stored.texts, own))
    codes = secrets["one-time codes"]
    assert not [one for one in codes if re.search(rf"(?<![0-9a-zA-Z]){one}(?![0-9a-zA-Z])", told)]


def test_the_table_holds_addresses_where_they_belong(
    spoken: tuple[dict[str, list[str]], str], club: Club
) -> None:
    """In the profile, and with a code that was not used yet: nowhere else."""
    places = {
        pattern.name
        for key, item in stored.everything().items()
        for pattern in stored.patterns_of(key)
        if any(one in stored.texts(item) for one in spoken[0]["addresses"])
    }
    assert places == {"profile", "one-time code"}


def test_the_logs_hold_no_secret_and_no_address(
    spoken: tuple[dict[str, list[str]], str],
) -> None:
    secrets, logs = spoken
    assert "the ear works" in logs
    assert logs.count("request") > 10
    for kind, values in secrets.items():
        assert not [one for one in values for form in forms(one) if form in logs], kind
    assert not re.search(r"\+7916\d{7}", logs)


def test_the_root_secret_is_nowhere(spoken: tuple[dict[str, list[str]], str]) -> None:
    root = settings().secret
    assert root
    assert root not in spoken[1]
    assert root not in "\n".join(map(stored.texts, stored.everything().values()))


def test_a_defect_is_logged_without_what_was_sent(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack trace shows code, and no values of the request."""
    from chalicelib.members import service_codes

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("defect")

    monkeypatch.setattr(service_codes, "send", broken)
    with listening() as told:
        answer = club.house.http.post(
            f"/v1/programs/{club.id}/sign-in-codes",
            json={"channel": "email", "address": EMAIL},
            headers={"Idempotency-Key": "a-secret-key-of-a-client"},
        )
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "defect" not in answer.text
    assert "RuntimeError" in told.text()
    assert EMAIL not in told.text()
    assert "a-secret-key-of-a-client" not in told.text()


def forms(secret: str) -> set[str]:
    """How a secret may be written: as it is, without separators, in lower case."""
    plain = re.sub(r"[-\s+]", "", secret) if len(secret) < 40 else secret
    return {secret, plain, plain.lower(), json.dumps(secret)[1:-1]}
