"""When a second person is needed, and how a request ends."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ledger.approvals import (
    END,
    WAITING,
    ApprovalEnded,
    ApprovalNeeded,
    State,
    is_ended,
    refuse_alone,
)
from chalicelib.programs.approvals import MOST, Approvals
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program

amounts = st.integers(-MOST, MOST).filter(bool)


def program(limit: int | None) -> Program:
    """A club with this limit."""
    return msgspec.convert({**DOCUMENT, "approvals": {"adjustment_above": limit}}, Program)


@given(st.integers(0, MOST), amounts)
def test_what_is_above_the_limit_needs_two_whether_given_or_taken(limit: int, points: int) -> None:
    policy = Approvals(adjustment_above=limit)
    assert policy.needs_two(points) == policy.needs_two(-points) == (abs(points) > limit)


@given(amounts)
def test_without_a_limit_nothing_needs_two(points: int) -> None:
    refuse_alone(program(None), points)


def test_a_document_that_says_nothing_has_a_limit() -> None:
    said_nothing = msgspec.convert(DOCUMENT, Program)
    refuse_alone(said_nothing, -10_000)
    with pytest.raises(ApprovalNeeded) as refused:
        refuse_alone(said_nothing, -10_001)
    assert refused.value.params == {"limit": "10000"}


@pytest.mark.parametrize("wanted", [*END.values(), "withdrawn"])
def test_a_request_ends_once(wanted: State) -> None:
    assert not is_ended(WAITING, wanted)
    assert is_ended(wanted, wanted)
    for other in {"approved", "rejected", "withdrawn"} - {wanted}:
        with pytest.raises(ApprovalEnded):
            is_ended(other, wanted)
