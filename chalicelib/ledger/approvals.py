"""Two people for a large correction: one asks, another decides. Pure rules and refusals."""

from typing import Literal

from chalicelib.kernel.errors import Conflict, Forbidden, NotFound
from chalicelib.programs.model import Program

State = Literal["waiting", "approved", "rejected", "withdrawn"]
Decision = Literal["approve", "reject"]
WAITING: State = "waiting"
END: dict[Decision, State] = {"approve": "approved", "reject": "rejected"}


class ApprovalNeeded(Conflict):
    """So many points need a second person."""

    code = "approval_needed"


class ApprovalUnknown(NotFound):
    """The program has no such request."""

    code = "approval_unknown"


class ApprovalEnded(Conflict):
    """The request ended another way."""

    code = "approval_ended"


class OwnRequest(Forbidden):
    """Nobody decides what they asked for themselves."""

    code = "own_request"


class NotOwnRequest(Forbidden):
    """Only who asked can withdraw the request."""

    code = "not_own_request"


def refuse_alone(program: Program, points: int) -> None:
    """Raise ApprovalNeeded where so many points, added or taken, need a second person."""
    if program.approvals.needs_two(points):
        raise ApprovalNeeded(limit=program.approvals.adjustment_above)


def is_ended(state: str, wanted: State) -> bool:
    """Whether a request ended as wanted before; raises ApprovalEnded if it ended otherwise."""
    if state not in (WAITING, wanted):
        raise ApprovalEnded
    return state == wanted
