"""From claims to what is shown of them."""

from typing import Any

from chalicelib.tags.model_claims import Claim
from chalicelib.tags.shapes_claims import ClaimList, ClaimView, StaffClaimView
from chalicelib.tags.views import item_view


def claim_view(found: Claim, language: str) -> ClaimView:
    """A claim for its seller."""
    return ClaimView(**_told(found, language))


def staff_view(found: Claim, language: str) -> StaffClaimView:
    """A claim for staff."""
    return StaffClaimView(member=found.member, **_told(found, language))


def list_view(found: list[Claim], language: str) -> ClaimList:
    """The claims of one item."""
    return ClaimList(rows=[staff_view(one, language) for one in found])


def _told(found: Claim, language: str) -> dict[str, Any]:
    return {
        "serial": found.serial,
        "item": item_view(found.item, language),
        "partner": found.partner,
        "outlet": found.outlet or None,
        "claimed_at": found.at,
        "status": found.state,
        "points": found.points,
        "lapses_at": found.lapses_at or None,
        "entry": found.entry,
        "ended_at": found.ended_at or None,
        "why": found.why or None,
    }
