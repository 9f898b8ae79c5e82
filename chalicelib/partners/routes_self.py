"""HTTP: what a partner's system is to us."""

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import NoBody
from chalicelib.kernel.http.shapes import Instant
from chalicelib.partners.room import room


class SelfView(msgspec.Struct, frozen=True, kw_only=True):
    """A credential as its own system sees it."""

    program: str
    """Id of the program (club)."""
    partner: str
    """Id of the partner."""
    credential: str
    """Id of the credential."""
    name: str
    """What staff of the club call it."""
    scopes: tuple[str, ...]
    """What it may be used for."""
    outlets: tuple[str, ...]
    """Outlets that it is limited to; empty: all of the partner's."""
    now: Instant
    """What time it is here; signatures may be 5 minutes from it."""


@room.route(
    "GET",
    "/v1/partner/self",
    access="partner",
    summary="What this credential is",
    answers={200: SelfView},
)
def read_self(call: Call[NoBody, NoBody]) -> Answer:
    """To try a signature, a secret or a clock by."""
    caller = call.partner
    return Answer(
        SelfView(
            program=caller.program,
            partner=caller.partner,
            credential=caller.credential,
            name=caller.name,
            scopes=caller.scopes,
            outlets=caller.outlets,
            now=render(call.at),
        )
    )
