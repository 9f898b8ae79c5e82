"""From sellers to what is shown of them."""

from chalicelib.partners.store import OutletItem, PartnerItem
from chalicelib.sellers.model import Place, Seller
from chalicelib.sellers.service import Found
from chalicelib.sellers.shapes import (
    MySellerView,
    SellerCallView,
    SellerView,
    SellsForRow,
    SellsForView,
)


def place_view(place: Place | None) -> SellsForView | None:
    """A place, if there is one."""
    return SellsForView(partner=place.partner, outlet=place.outlet or None) if place else None


def my_view(seller: Seller) -> MySellerView:
    """The caller as a seller."""
    return MySellerView(
        status=seller.status,
        sells_for=place_view(seller.sells_for),
        asked=place_view(seller.asked),
        asked_at=seller.asked_at or None,
        refusal=seller.refusal or None,
    )


def seller_view(found: Found) -> SellerView:
    """A seller for staff."""
    seller, told = found.seller, found.profile
    return SellerView(
        member=seller.member,
        member_status=found.member.status,
        name=" ".join(filter(None, (told.given_name, told.family_name))),
        phone=told.phone,
        email=told.email,
        status=seller.status,
        sells_for=place_view(seller.sells_for),
        asked=place_view(seller.asked),
        asked_at=seller.asked_at or None,
        refusal=seller.refusal or None,
        calls=[
            SellerCallView(at=one.at, actor=one.actor, outcome=one.outcome, note=one.note)
            for one in seller.calls
        ],
    )


def place_row(item: PartnerItem | OutletItem) -> SellsForRow:
    """A partner or an outlet to choose."""
    if isinstance(item, PartnerItem):
        return SellsForRow(partner=item.partner, outlet=None, name=item.details.name, city=None)
    found = item.value()
    return SellsForRow(
        partner=found.partner, outlet=found.outlet, name=found.name, city=found.city or None
    )
