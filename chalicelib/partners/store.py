"""The items of partners and outlets: one partition per program, small and read by staff."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.partners.model import Outlet, OutletDetails, Partner, PartnerDetails


class PartnerItem(Item):
    """One partner."""

    details: PackedAttribute[PartnerDetails] = PackedAttribute(PartnerDetails)
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()

    @property
    def partner(self) -> str:
        """The partner's id."""
        return str(self.sk).removeprefix("PARTNER#")

    def value(self) -> Partner:
        """The partner as a value."""
        return Partner(partner=self.partner, name=self.details.name)


class OutletItem(Item):
    """One outlet."""

    details: PackedAttribute[OutletDetails] = PackedAttribute(OutletDetails)
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()

    def value(self) -> Outlet:
        """The outlet as a value."""
        _, partner, outlet = str(self.sk).split("#")
        told = self.details
        return Outlet(
            partner=partner,
            outlet=outlet,
            name=told.name,
            kind=told.kind,
            city=told.city,
            zone=told.zone,
        )


def partner(program_id: str, partner_id: str, *, strong: bool = False) -> Partner | None:
    """One partner of a program. 0.5 read units, 1 when ``strong``."""
    found = partner_item(program_id, partner_id, strong=strong)
    return found.value() if found else None


def partner_item(program_id: str, partner_id: str, *, strong: bool = False) -> PartnerItem | None:
    """The same as stored."""
    return PartnerItem.find(keys.partners(program_id), f"PARTNER#{partner_id}", strong=strong)


def outlet_item(program_id: str, partner_id: str, outlet_id: str) -> OutletItem | None:
    """One outlet as stored. A strong read."""
    sort_key = f"OUTLET#{partner_id}#{outlet_id}"
    return OutletItem.find(keys.partners(program_id), sort_key, strong=True)


def partners(program_id: str, after: str | None, limit: int) -> Iterator[PartnerItem]:
    """A program's partners by id, beyond the sort key ``after``."""
    return PartnerItem.below(keys.partners(program_id), "PARTNER#", after=after, limit=limit)


def outlets(
    program_id: str, partner_id: str, after: str | None, limit: int
) -> Iterator[OutletItem]:
    """One partner's outlets by id, beyond the sort key ``after``."""
    prefix = f"OUTLET#{partner_id}#"
    return OutletItem.below(keys.partners(program_id), prefix, after=after, limit=limit)


def put_partner(
    program_id: str,
    partner_id: str,
    details: PartnerDetails,
    before: PartnerItem | None,
    changed_by: str,
    at: str,
) -> Writes:
    """Add the partner, or replace it as it was read; the same again writes nothing."""
    if before is not None and before.details == details:
        return Writes()
    item = PartnerItem(
        keys.partners(program_id),
        f"PARTNER#{partner_id}",
        details=details,
        changed_at=at,
        changed_by=changed_by,
    )
    if before is None:
        return Writes().put_new(item)
    return Writes().put(item, PartnerItem.changed_at == before.changed_at)


def put_outlet(
    program_id: str,
    partner_id: str,
    outlet_id: str,
    details: OutletDetails,
    before: OutletItem | None,
    changed_by: str,
    at: str,
) -> Writes:
    """Add the outlet, or replace it as it was read; the same again writes nothing."""
    if before is not None and before.details == details:
        return Writes()
    item = OutletItem(
        keys.partners(program_id),
        f"OUTLET#{partner_id}#{outlet_id}",
        details=details,
        changed_at=at,
        changed_by=changed_by,
    )
    if before is None:
        return Writes().put_new(item)
    return Writes().put(item, OutletItem.changed_at == before.changed_at)
