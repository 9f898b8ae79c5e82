"""A seller as a value: for whom they sell, whom they asked to sell for, and the calls about it."""

from typing import Literal

import msgspec

SELLER = "seller"
"""The kind of member that sells for a partner."""
MOST_CALLS = 10
"""The newest calls that are kept with the seller; all of them stand in the member's journal."""
Outcome = Literal["confirmed", "refused", "not_reached"]
Status = Literal["none", "waiting", "confirmed", "refused"]


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where somebody sells."""

    partner: str
    outlet: str = ""
    """Empty: no outlet of the partner in particular."""


class PhoneCall(msgspec.Struct, frozen=True, array_like=True):
    """A call of staff, and what came of it."""

    at: str
    actor: str
    outcome: Outcome
    note: str
    """Words of staff."""


class Seller(msgspec.Struct, frozen=True, kw_only=True):
    """A member as a seller."""

    program: str
    member: str
    sells_for: Place | None = None
    """Confirmed by a call; it holds while another one is asked for."""
    asked: Place | None = None
    """Waits for a call."""
    asked_at: str = ""
    """Since when they wait, or waited last."""
    refusal: str = ""
    """Why the last wish was refused, as the member reads it; empty: it was not."""
    calls: tuple[PhoneCall, ...] = ()
    """The newest first."""
    version: int = 0
    """Raised by each change; 0: nothing is stored."""

    @property
    def status(self) -> Status:
        """How they stand, by what came last."""
        if self.asked is not None:
            return "waiting"
        if self.refusal:
            return "refused"
        return "confirmed" if self.sells_for is not None else "none"


def asking(seller: Seller, place: Place, at: str) -> Seller:
    """The seller once they asked to sell somewhere; the same wish again changes nothing. Who waits
    and asks for another place keeps their turn.
    """
    if place == seller.asked or (
        seller.asked is None and not seller.refusal and place == seller.sells_for
    ):
        return seller
    since = at if seller.asked is None else seller.asked_at
    return msgspec.structs.replace(
        seller, asked=place, asked_at=since, refusal="", version=seller.version + 1
    )


def called(seller: Seller, call: PhoneCall) -> Seller:
    """The seller after a call about what they asked for; who was not reached goes on waiting."""
    calls = (call, *seller.calls)[:MOST_CALLS]
    after = msgspec.structs.replace(seller, calls=calls, version=seller.version + 1)
    if call.outcome == "confirmed":
        return msgspec.structs.replace(after, sells_for=seller.asked, asked=None)
    if call.outcome == "refused":
        return msgspec.structs.replace(after, asked=None, refusal=call.note)
    return after
