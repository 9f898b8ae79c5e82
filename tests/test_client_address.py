"""Whom limits count: the address that CloudFront saw, and nothing that a caller makes up."""

from collections.abc import Iterator

import pytest
from chalice.app import AuthRequest, AuthResponse, Chalice

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.client import KEY, VIEWER
from chalicelib.kernel.http.routing import NoBody, Room, mount
from chalicelib.kernel.settings import settings
from infra.local.answers import Answer as Answered
from infra.local.gateway import Gateway, Request

SENT, BEFORE = "s" * 43, "b" * 43
"""The keys that the stage takes: the one that CloudFront sends, and the one before it."""
EDGE = "130.176.0.1"
"""An address of CloudFront's, which is all that the gateway sees behind it."""
ANNA, BORIS = "203.0.113.7", "203.0.113.8"


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    """An API of one route, which says whom it counted and what else it was shown."""
    app, room = Chalice("counted"), Room("counted", "Says whom a limit would count.")

    @room.route("GET", "/v1/counted", access="public", summary="Whom a limit would count")
    def counted(call: Call[NoBody, NoBody]) -> Answer:
        return Answer(f"{call.client} {sorted(call.headers)}")

    @app.authorizer()
    def nobody(request: AuthRequest) -> AuthResponse:
        return AuthResponse(routes=[], principal_id="nobody")

    mount(app, [room], nobody)
    return Gateway(app)


@pytest.fixture
def _behind_cloudfront(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CLUBKEEPER_ORIGIN_KEYS", f"{SENT} {BEFORE}")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def ask(gateway: Gateway, seen: str = EDGE, **headers: str) -> Answered:
    """A request as the gateway gets it from the address ``seen``; names with ``_`` for ``-``."""
    pairs = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return gateway.answer(Request("GET", "/v1/counted", pairs, b"", seen))


def told(viewer: str, key: str = SENT) -> dict[str, str]:
    """What CloudFront adds."""
    return {KEY: key, VIEWER: viewer}


@pytest.mark.usefixtures("_behind_cloudfront")
def test_behind_cloudfront_its_viewers_are_the_clients(gateway: Gateway) -> None:
    anna, boris = ask(gateway, **told(ANNA)), ask(gateway, **told(BORIS))
    assert anna.status == boris.status == 200
    assert anna.body != boris.body
    assert ask(gateway, seen="130.176.9.9", **told(ANNA)).body == anna.body


@pytest.mark.usefixtures("_behind_cloudfront")
def test_a_made_up_chain_of_proxies_is_no_other_client(gateway: Gateway) -> None:
    one, other = (
        ask(gateway, x_forwarded_for=chain, forwarded=f"for={chain}", **told(ANNA)).body
        for chain in (f"{BORIS}, {ANNA}", f"10.0.0.1, {ANNA}")
    )
    assert one == other


@pytest.mark.usefixtures("_behind_cloudfront")
def test_an_ipv6_client_has_its_whole_network(gateway: Gateway) -> None:
    one, same, other = (
        ask(gateway, **told(address)).body
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == same != other


@pytest.mark.usefixtures("_behind_cloudfront")
@pytest.mark.parametrize("key", ["", "x" * 43, SENT[:-1], f"{SENT} {BEFORE}", "ключ"])
def test_who_comes_past_cloudfront_is_refused(gateway: Gateway, key: str) -> None:
    answer = ask(gateway, **told(ANNA, key))
    assert answer.status == 403
    assert b'"forbidden"' in answer.body


@pytest.mark.usefixtures("_behind_cloudfront")
def test_the_key_before_counts_while_it_is_changed(gateway: Gateway) -> None:
    assert ask(gateway, **told(ANNA, BEFORE)).body == ask(gateway, **told(ANNA)).body


@pytest.mark.usefixtures("_behind_cloudfront")
def test_handlers_are_not_shown_the_key(gateway: Gateway) -> None:
    shown = ask(gateway, accept="application/json", **told(ANNA)).body
    assert b"accept" in shown
    assert KEY.encode() not in shown
    assert VIEWER.encode() not in shown


@pytest.mark.usefixtures("_behind_cloudfront")
def test_an_address_that_is_none_counts_as_the_gateways(gateway: Gateway) -> None:
    assert (
        ask(gateway, **told("not an address")).body.split()[0]
        == (ask(gateway, **{KEY: SENT}).body.split()[0])
    )


def test_without_cloudfront_the_gateways_address_counts_whatever_is_said(gateway: Gateway) -> None:
    first = ask(gateway, seen=ANNA).body.split()[0]
    assert ask(gateway, seen=ANNA, **told(BORIS)).body.split()[0] == first
    assert ask(gateway, seen=BORIS, **told(ANNA)).body.split()[0] != first
