"""Signatures of Standard Webhooks, and what a partner's call is to a handler."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import IdempotencyKeyMissing, Unauthorized
from chalicelib.kernel.http.call import Call, PartnerCaller
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.signatures import (
    Signed,
    matches,
    secret_text,
    sign,
    target,
    timing,
)
from tests.support.partner import signature

STAGE = Settings(table="t", stage="s", public_url="http://localhost", secret="s" * 32)
AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
KEY = bytes(range(32))
IDENT, STAMP, BODY = "msg_1", str(int(AT.timestamp())), b'{"points": 5, "name": "\xd0\xae"}'
CALLER = PartnerCaller(
    program="jewels",
    partner="rubin",
    credential="3v8k2c9mwq4x7t1n6b0z",
    name="Tills",
    scopes=("receipts.write",),
    outlets=("arbat",),
    message="msg_1",
)


def signed(**changed: Any) -> Signed:
    """A genuine message, or one of which something was changed after signing."""
    given_ = {
        "ident": IDENT,
        "stamp": STAMP,
        "payload": BODY,
        "signatures": sign(KEY, IDENT, STAMP, BODY),
    }
    return Signed(**{**given_, **changed})


def call(caller: PartnerCaller | None, **headers: str) -> Call[Any, Any]:
    """A call by somebody."""
    return Call(
        body={"points": 5},
        query=None,
        path={},
        headers=headers,
        caller=caller,
        operation="receipts_write",
        language="en",
        client="c",
        at=AT,
        ids=Ids(),
        settings=STAGE,
    )


def test_the_example_of_the_standard() -> None:
    """From the documentation of the scheme's first implementation (docs.svix.com)."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.binary(max_size=64), st.binary(min_size=32, max_size=32))
def test_the_tests_sign_as_the_platform_does(body: bytes, key: bytes) -> None:
    """Two makes that know nothing of each other."""
    assert sign(key, IDENT, STAMP, body) == signature(secret_text(key), IDENT, STAMP, body)
    assert matches(signed(payload=body, signatures=sign(key, IDENT, STAMP, body)), key)


def test_no_byte_of_a_message_can_be_changed() -> None:
    assert matches(signed(), KEY)
    for place in range(len(BODY)):
        for bit in range(8):
            changed = bytearray(BODY)
            changed[place] ^= 1 << bit
            assert not matches(signed(payload=bytes(changed)), KEY)
    genuine = sign(KEY, IDENT, STAMP, BODY)
    for place in range(len(genuine)):
        other = genuine[:place] + chr(ord(genuine[place]) ^ 1) + genuine[place + 1 :]
        assert not matches(signed(signatures=other), KEY)
    assert not matches(signed(), KEY[:-1] + b"\0")


def test_what_is_signed_cannot_be_read_in_two_ways() -> None:
    """The end of an id could pass for a time, if ids had dots."""
    genuine = sign(KEY, "a", "1", b"2.x")
    assert genuine == sign(KEY, "a.1", "2", b"x")
    assert matches(Signed("a", "1", genuine, b"2.x"), KEY)
    assert not matches(Signed("a.1", "2", genuine, b"x"), KEY)


@given(st.text(max_size=40), st.text(max_size=20), st.text(max_size=120), st.binary(max_size=40))
def test_nothing_that_anybody_sends_is_an_accident(
    ident: str, stamp: str, signatures: str, body: bytes
) -> None:
    assert not matches(Signed(ident, stamp, signatures, body), KEY)
    lone = Signed(ident, stamp, f"{signatures}\ud800", body)
    assert not matches(lone, KEY)


@pytest.mark.parametrize("ident", ["", "a.b", "a b", "ä", "a\n", "a" * 129])
def test_an_id_is_of_plain_symbols(ident: str) -> None:
    assert not matches(signed(ident=ident, signatures=sign(KEY, ident, STAMP, BODY)), KEY)


@pytest.mark.parametrize("stamp", ["", "-1", "+1", "1.0", "1e3", "٣", "1 ", "1\n", "9" * 13])
def test_a_time_is_of_plain_digits(stamp: str) -> None:
    assert not matches(signed(stamp=stamp, signatures=sign(KEY, IDENT, stamp, BODY)), KEY)


@pytest.mark.parametrize(
    ("seconds", "wanted"),
    [(-301, "too_new"), (-300, "now"), (0, "now"), (300, "now"), (301, "too_old")],
)
def test_a_message_is_good_for_five_minutes_either_way(seconds: int, wanted: str) -> None:
    assert timing(signed(), AT + timedelta(seconds=seconds)) == wanted


def test_one_of_ten_signatures_may_be_right() -> None:
    genuine = sign(KEY, IDENT, STAMP, BODY)
    assert matches(signed(signatures="v1,A= " * 9 + genuine), KEY)
    assert not matches(signed(signatures="v1,A= " * 10 + genuine), KEY)


def test_a_target_is_the_same_however_it_was_written() -> None:
    query = [("to", "2026-11-02"), ("from", "a b&c=ü"), ("to", "2026-11-01")]
    found = target("GET", "/v1/partner/things/{thing}", {"thing": "a/b ü"}, query)
    wanted = (
        "GET /v1/partner/things/a%2Fb%20%C3%BC?from=a%20b%26c%3D%C3%BC&to=2026-11-01&to=2026-11-02"
    )
    assert found.decode() == wanted
    assert target("GET", "/v1/partner/self", {}, []) == b"GET /v1/partner/self"


# -- the call -------------------------------------------------------------------------------


def test_a_partners_call_says_who_it_is() -> None:
    one = call(CALLER)
    assert one.partner == CALLER
    assert one.principal == "partner:rubin/3v8k2c9mwq4x7t1n6b0z"
    assert (CALLER.serves("arbat"), CALLER.serves("tver")) == (True, False)
    with pytest.raises(Unauthorized):
        _ = one.member
    with pytest.raises(Unauthorized):
        _ = call(None).partner


def test_the_signed_id_is_the_key_of_a_partners_call() -> None:
    """A header that nobody signed has no say."""
    first, again = call(CALLER).guard(), call(CALLER, **{"idempotency-key": "other"}).guard()
    assert first == again
    other = PartnerCaller(**{**_fields(CALLER), "message": "msg_2"})
    assert call(other).guard().key != first.key
    elsewhere = PartnerCaller(**{**_fields(CALLER), "credential": "4v8k2c9mwq4x7t1n6b0z"})
    assert call(elsewhere).guard().key != first.key
    with pytest.raises(IdempotencyKeyMissing):
        call(None).guard()


def _fields(one: PartnerCaller) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
