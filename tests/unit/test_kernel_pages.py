"""Cursors: a page goes on where the one before ended; a forged cursor is refused."""

import base64
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chalicelib.kernel.errors import InvalidCursor
from chalicelib.kernel.table.guards import Guard
from chalicelib.kernel.table.pages import Page, PageQuery, Sieve, page, sifted

ROWS = tuple(f"E#{number:03}" for number in range(1, 24))


def read(after: str | None, limit: int) -> Iterator[Guard]:
    """The rows beyond a sort key."""
    keys = [row for row in ROWS if after is None or row > after]
    return (Guard("p", key, request="", outcome="") for key in keys[:limit])


def ask(limit: int, cursor: str = "", partition: str = "club#M#1") -> Page[str]:
    """One page of :data:`ROWS`."""
    return page(PageQuery(limit=limit, cursor=cursor), partition, read, lambda item: item.sk)


@given(st.integers(1, 100))
def test_pages_join_to_the_whole_list(limit: int) -> None:
    rows: list[str] = []
    cursor = ""
    while True:
        answer = ask(limit, cursor)
        assert 0 < len(answer.rows) <= limit
        rows += answer.rows
        cursor = answer.next
        if not cursor:
            break
    assert tuple(rows) == ROWS


def test_a_cursor_is_of_no_use_on_another_list() -> None:
    cursor = ask(5).next
    with pytest.raises(InvalidCursor):
        ask(5, cursor, partition="club#M#2")


def test_every_changed_bit_is_noticed() -> None:
    cursor = ask(5).next
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for place in range(len(raw)):
        for bit in range(8):
            forged = bytearray(raw)
            forged[place] ^= 1 << bit
            text = base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("=")
            with pytest.raises(InvalidCursor):
                ask(5, text)


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(st.text(min_size=1, max_size=400))
def test_made_up_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursor):
        ask(5, cursor)


# -- sieves ------------------------------------------------------------------------


def sift(cursor: str, *, room: int = 100, most: int = 100, every: int = 1) -> Page[str]:
    """One page of every ``every``-th of :data:`ROWS`."""
    sieve: Sieve[Guard, str] = Sieve(
        lambda item: int(item.sk[2:]) % every == 0, lambda item: item.sk, room=room, most=most
    )
    return sifted(cursor, "club#M#1", lambda after: read(after, len(ROWS)), sieve)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_sifted_pages_join_to_what_is_wanted(room: int, most: int, every: int) -> None:
    rows: list[str] = []
    cursor, calls = "", 0
    while calls == 0 or cursor:
        answer = sift(cursor, room=room, most=most, every=every)
        assert len(answer.rows) <= min(room, most)
        rows += answer.rows
        cursor = answer.next
        calls += 1
    assert rows == [row for row in ROWS if int(row[2:]) % every == 0]
    assert calls <= -(-len(ROWS) // most) + -(-len(rows) // room)


def test_a_page_without_rows_can_have_a_next() -> None:
    answer = sift("", most=5, every=23)
    assert (answer.rows, bool(answer.next)) == ([], True)


def test_rows_fill_a_page_by_their_size() -> None:
    sieve: Sieve[Guard, str] = Sieve(
        lambda _: True, lambda item: item.sk, room=10, most=100, size=len
    )
    answer = sifted("", "club#M#1", lambda after: read(after, len(ROWS)), sieve)
    assert answer.rows == list(ROWS[:2])
    assert answer.next


def test_a_sifted_cursor_is_sealed_like_any_other() -> None:
    cursor = sift("", room=5).next
    assert sift(cursor).rows == list(ROWS[5:])
    with pytest.raises(InvalidCursor):
        sift(cursor[:-2])
