"""Who may call what partners' systems sign: every such operation against every kind of forgery,
generated from the app's own table of contents.
"""

import base64
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app import ROOMS
from chalicelib.kernel.clock import render
from chalicelib.kernel.http.routing import Operation, operations
from chalicelib.partners import service_signed
from tests.support.club import Club, bearer
from tests.support.partner import SCOPES, SIGNER, System, connect, payload, signature, with_partner
from tests.support.stored import Stored
from tests.support.world import World

SIGNED = [one for one in operations(ROOMS) if one.access.startswith("partner")]
SCOPED = [one for one in SIGNED if ":" in one.access]
WITH_BODY = [one for one in SIGNED if one.takes_body]
ID, TIME = "webhook-id", "webhook-timestamp"
CREDENTIAL, SIGNATURE = "clubkeeper-credential", "webhook-signature"
Forge = Callable[[System, httpx.Request], None]


def each(given: list[Operation]) -> pytest.MarkDecorator:
    """The test, once for each of these operations."""
    return pytest.mark.parametrize("operation", given, ids=lambda one: one.name)


def put(name: str, change: Callable[[str], str]) -> Forge:
    """Change a header field after signing."""

    def forge(system: System, request: httpx.Request) -> None:
        changed = change(request.headers[name])
        raw = [(key, value) for key, value in request.headers.raw if key.decode().lower() != name]
        request.headers = httpx.Headers([*raw, (name.encode(), changed.encode())])

    return forge


def resigned(**changed: Any) -> Forge:
    """Sign otherwise than the document says."""

    def forge(system: System, request: httpx.Request) -> None:
        told = {
            "secret": system.secret,
            "ident": request.headers[ID],
            "stamp": request.headers[TIME],
            "payload": payload(request.method, request.url.raw_path.decode(), request.content),
            **changed,
        }
        request.headers[SIGNATURE] = signature(**told)

    return forge


def _other_secret(text: bytes) -> str:
    return "whsec_" + base64.b64encode(text).decode()


FORGERIES: dict[str, Forge] = {
    "another secret": resigned(secret=_other_secret(b"0" * 32)),
    "an empty secret": resigned(secret="whsec_"),
    "the id of another message": put(ID, lambda one: one[:-1] + ("0" if one[-1] != "0" else "1")),
    "an id with a dot": put(ID, lambda one: f"{one}.1"),
    "no id": put(ID, lambda one: ""),
    "another time": put(TIME, lambda one: str(int(one) + 1)),
    "a time with a sign": put(TIME, lambda one: f"+{one}"),
    "a time with a fraction": put(TIME, lambda one: f"{one}.0"),
    "a time that is none": put(TIME, lambda one: "now"),
    "a time beyond all calendars": put(TIME, lambda one: "9" * 40),
    "no time": put(TIME, lambda one: ""),
    "another scheme's version": put(SIGNATURE, lambda one: one.replace("v1,", "v1a,")),
    "no version": put(SIGNATURE, lambda one: one.removeprefix("v1,")),
    "a cut signature": put(SIGNATURE, lambda one: one[:-2]),
    "more than a signature": put(SIGNATURE, lambda one: f"{one}A"),
    "a signature without its end": put(SIGNATURE, lambda one: one.rstrip("=")),
    "garbage": put(SIGNATURE, lambda one: "v1,%%%  ,v1, \u00e9 v1,"),
    "no signature": put(SIGNATURE, lambda one: ""),
    "many signatures before the right one": put(SIGNATURE, lambda one: "v1,AAAA " * 10 + one),
    "another signature, of the body alone": resigned(ident="", stamp=""),
    "a credential that is none": put(CREDENTIAL, lambda one: one[:-1] + "u"),
    "a credential of another program": put(CREDENTIAL, lambda one: f"x{one}"),
    "a credential without a program": put(CREDENTIAL, lambda one: one.partition(".")[2]),
    "a credential of garbage": put(CREDENTIAL, lambda one: "%.#\u00e9"),
}


@each(SIGNED)
def test_the_very_request_gets_in(operation: Operation, world: World) -> None:
    """A guard of the guards below: what they change is what makes the difference."""
    assert world.house.http.send(_sealed(world, operation)).status_code < 300


@each(SIGNED)
def test_nobody_and_no_token_gets_in(operation: Operation, world: World) -> None:
    for fields in ({}, bearer(world.member.token), bearer(world.house.staff())):
        request = world.request(operation)
        request.extensions.pop(SIGNER)
        request.headers.update(fields)
        answer = world.house.http.send(request)
        assert _told(answer) == (401, "signature_missing")
        assert answer.headers["WWW-Authenticate"] == "Standard-Webhooks"


@each(SIGNED)
def test_no_forged_signature_gets_in(operation: Operation, world: World) -> None:
    with nothing_changes(world):
        found = {name: _forged(world, operation, forge) for name, forge in FORGERIES.items()}
    assert found == dict.fromkeys(FORGERIES, (401, "signature_invalid"))


@each(WITH_BODY)
def test_no_byte_of_the_body_can_be_changed(operation: Operation, world: World) -> None:
    request = _sealed(world, operation)
    content, fields = request.content, dict(request.headers)
    with nothing_changes(world):
        for place in range(min(len(content), 128)):
            changed = bytearray(content)
            changed[place] ^= 1
            answer = world.house.http.request(
                operation.method, request.url, content=bytes(changed), headers=fields
            )
            assert _told(answer) == (401, "signature_invalid"), place


@each(SIGNED)
def test_no_sign_of_the_headers_can_be_changed(operation: Operation, world: World) -> None:
    with nothing_changes(world):
        for name in (ID, TIME, CREDENTIAL, SIGNATURE):
            size = len(_sealed(world, operation).headers[name])
            for place in range(0, size, 1 if name != SIGNATURE else 3):
                forge = put(name, lambda one, at=place: one[:at] + _next(one[at]) + one[at + 1 :])
                assert _forged(world, operation, forge)[0] == 401, (name, place)


@each(SIGNED)
def test_a_message_is_signed_for_what_it_asks(operation: Operation, world: World) -> None:
    """Without a body the target is signed: another query, path or method is another message."""
    request = _sealed(world, operation)
    if operation.takes_body:
        pytest.skip("its body is signed")
    url = request.url.copy_merge_params({"more": "1"})
    answer = world.house.http.request(operation.method, url, headers=dict(request.headers))
    assert _told(answer) == (401, "signature_invalid")


@each(SIGNED)
def test_a_body_that_is_not_read_does_not_stand_in_for_the_target(
    operation: Operation, world: World
) -> None:
    if operation.takes_body:
        pytest.skip("its body is read")
    request = world.house.http.build_request(operation.method, world.request(operation).url)
    other = world.house.http.build_request("POST", request.url, json={"any": "thing"})
    world.system.sign(other, "a-captured-message")
    answer = world.house.http.request(
        operation.method, request.url, content=other.content, headers=dict(other.headers)
    )
    assert _told(answer) == (401, "signature_invalid")


@each(SIGNED)
def test_a_signature_is_good_for_five_minutes_either_way(
    operation: Operation, world: World
) -> None:
    wanted = {-310: "signature_too_old", -290: "", 290: "", 310: "signature_too_new"}
    for skew, code in wanted.items():
        world.restore()
        world.system.skew = skew
        try:
            answer = world.house.http.send(_sealed(world, operation))
        finally:
            world.system.skew = 0
        if code:
            assert _told(answer) == (401, code)
        else:
            assert answer.status_code < 300, answer.text


@each(SIGNED)
def test_a_second_signature_does_no_harm(operation: Operation, world: World) -> None:
    """During a rotation the sender may sign with both secrets."""
    request = _sealed(world, operation)
    put(SIGNATURE, lambda one: f"v1,{'A' * 43}= {one} v2,other")(world.system, request)
    assert world.house.http.send(request).status_code < 300


@each(SIGNED)
def test_what_has_ended_is_refused(operation: Operation, world: World) -> None:
    world.live(operation)  # found before anything is added
    revoked, replaced = connect(world.club), connect(world.club)
    expired = connect(world.club, expires_at=render(world.house.now + timedelta(seconds=1)))
    assert revoked.staff("revocation", reason="By a test").is_success
    assert replaced.staff("rotation", old_until=render(world.house.now)).is_success
    time.sleep(1.1)
    with nothing_changes(world):
        for system in (revoked, replaced, expired):
            answer = world.house.http.send(_sealed(world, operation, system))
            assert _told(answer) == (401, "credential_ended")


@each(SIGNED)
def test_a_blocked_partner_is_refused(operation: Operation, world: World) -> None:
    world.live(operation)  # found before anything is added
    body = {"name": "R.", "blocked": True}
    assert world.club.staff("PUT", "/partners/rubin", json=body).is_success
    with nothing_changes(world):
        answer = world.house.http.send(_sealed(world, operation))
    assert _told(answer) == (403, "partner_blocked")


@each(SCOPED)
def test_the_very_scope_is_needed(operation: Operation, world: World) -> None:
    world.live(operation)  # found before anything is added
    scope = operation.access.partition(":")[2]
    without = connect(world.club, scopes=[one for one in SCOPES if one != scope])
    alone = connect(world.club, scopes=[scope])
    with nothing_changes(world):
        answer = world.house.http.send(_sealed(world, operation, without))
    assert _told(answer) == (403, "scope_missing")
    assert world.house.http.send(_sealed(world, operation, alone)).status_code < 300


@each(SCOPED)
def test_another_clubs_systems_reach_nothing(
    operation: Operation, world: World, club: Club
) -> None:
    """A partner of the same id in another club sends what works in this one."""
    other = with_partner(club, "rubin", "arbat")
    before = _owned(world)
    answer = world.house.http.send(_sealed(world, operation, other))
    assert answer.status_code < 500
    assert _owned(world) == before
    assert world.member.id not in answer.text


def test_a_client_whose_signatures_are_wrong_has_to_wait(world: World) -> None:
    """The others of its address are served: a right signature is never made to wait."""
    operation = SIGNED[0]
    forge = FORGERIES["another secret"]
    found = [_forged(world, operation, forge) for _ in range(service_signed.WRONG.most + 1)]
    assert found[-2:] == [(401, "signature_invalid"), (429, "too_many_bad_signatures")]
    assert world.house.http.send(_sealed(world, operation)).status_code < 300


# -- tools -----------------------------------------------------------------------------


def _sealed(world: World, operation: Operation, system: System | None = None) -> httpx.Request:
    """The operation's example, signed now and no more."""
    request = world.request(operation)
    ident = f"message-{time.time_ns()}"
    (system or world.system).sign(request, ident)
    request.extensions.pop(SIGNER)
    return request


def _forged(world: World, operation: Operation, forge: Forge) -> tuple[int, str]:
    request = _sealed(world, operation)
    forge(world.system, request)
    return _told(world.house.http.send(request))


def _told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", answer.text)


def _next(symbol: str) -> str:
    return "b" if symbol == "a" else "a" if not symbol.isdigit() else str((int(symbol) + 1) % 10)


@contextmanager
def nothing_changes(world: World) -> Iterator[None]:
    """Nothing but counters of tries is written meanwhile."""
    before = _lasting(world)
    yield
    assert _lasting(world) == before


def _lasting(world: World) -> Stored:
    return {key: item for key, item in world.dump().items() if "#TRIES#" not in key[0]}


def _owned(world: World) -> Stored:
    return {key: item for key, item in world.dump().items() if key[0].startswith(world.club.id)}
