"""The rules about sessions, whoever signs in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel import sessions
from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.http import cookies
from chalicelib.kernel.sessions import Ended
from chalicelib.kernel.settings import settings

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
ROTATED = render(AT)
LIFE = timedelta(hours=1)


@given(st.integers(0, 10_000), st.integers(0, 120_000))
def test_the_current_refresh_token_is_always_replaced(generation: int, ms: int) -> None:
    at = AT + timedelta(milliseconds=ms)
    assert sessions.turn(generation, ROTATED, generation, at) == "rotate"


@given(st.integers(1, 10_000), st.integers(0, 120_000))
def test_the_token_before_is_a_retry_for_a_minute_only(generation: int, ms: int) -> None:
    at = AT + timedelta(milliseconds=ms)
    wanted = "repeat" if ms <= 60_000 else "reused"
    assert sessions.turn(generation, ROTATED, generation - 1, at) == wanted


@given(st.integers(0, 100), st.integers(0, 100))
def test_any_other_token_is_a_copy(generation: int, presented: int) -> None:
    if presented not in (generation, generation - 1):
        assert sessions.turn(generation, ROTATED, presented, AT) == "reused"


def test_an_ended_session_is_remembered_until_its_last_access_token_ends() -> None:
    over, still = Ended("a", render(AT)), Ended("b", render(AT + timedelta(milliseconds=1)))
    assert sessions.still_ended((over, still), AT) == (still,)


def test_an_ended_session_is_found_again() -> None:
    ended = sessions.with_ended((Ended("old", render(AT)),), "new", AT)
    assert [one.session for one in ended] == ["new"]
    assert sessions.is_ended(ended, "new")
    assert not sessions.is_ended(ended, "old")


def test_a_session_lives_until_its_end_or_the_next_version() -> None:
    session = sessions.opened("s", 3, AT, LIFE)
    assert sessions.live(session, 3, AT)
    assert not sessions.live(session, 4, AT)
    assert not sessions.live(session, 3, AT + LIFE)
    assert sessions.live(sessions.rotated(session, AT + LIFE / 2, LIFE), 3, AT + LIFE)


def test_a_refresh_token_says_whose_session_it_is() -> None:
    session = sessions.rotated(sessions.opened("s", 1, AT, LIFE), AT, LIFE)
    token = sessions.refresh_token(settings(), "member", ("club", "member"), session)
    shown = sessions.read_refresh_token(settings(), "member", token)
    assert shown == sessions.Presented(("club", "member"), "s", 1)


@pytest.mark.parametrize("token", ["", ".", "a", "a.b", "s.0.", "club.member.s.1.0000"])
def test_what_is_no_refresh_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthorized):
        sessions.read_refresh_token(settings(), "member", token)


def test_a_refresh_token_is_for_one_audience() -> None:
    token = sessions.refresh_token(
        settings(), "member", ("a", "b"), sessions.opened("s", 1, AT, LIFE)
    )
    with pytest.raises(Unauthorized):
        sessions.read_refresh_token(settings(), "staff", token)


def test_a_cookie_is_found_among_others() -> None:
    ((name, value),) = cookies.kept("__Host-one", "1", LIFE)
    assert (name, value.startswith("__Host-one=1; Max-Age=3600; ")) == ("Set-Cookie", True)
    assert cookies.read("__Host-one", "two=2; __Host-one=1=x; three=3") == "1=x"
    assert cookies.read("__Host-one", "x__Host-one=1") == ""
