"""The items of partners and outlets: one partition per program, small and read by staff; and those
of credentials, each in a partition of its own, because every call of a partner's system reads one.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel.clock import parse
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute, together
from chalicelib.kernel.table.writes import Writes
from chalicelib.partners import model
from chalicelib.partners.model import (
    FormerZones,
    Outlet,
    OutletDetails,
    Partner,
    PartnerDetails,
)
from chalicelib.partners.model_credentials import Credential, Scope

CREDENTIAL = "CRED"


class PartnerItem(Item):
    """One partner."""

    details: PackedAttribute[PartnerDetails] = PackedAttribute(PartnerDetails)
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    version = IntAttribute(default=0)
    """Raised by each change, also of what credentials there are; 0: made before this was kept."""
    credentials: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...], default=())
    """Ids of its credentials that are not revoked, the oldest first."""

    @property
    def partner(self) -> str:
        """The partner's id."""
        return str(self.sk).removeprefix("PARTNER#")

    def value(self) -> Partner:
        """The partner as a value."""
        return model.partner(self.partner, self.details)

    @property
    def unchanged(self) -> Condition:
        """Nobody changed it since it was read."""
        known: Condition = PartnerItem.version == self.version
        unknown: Condition = PartnerItem.pk.exists() & PartnerItem.version.does_not_exist()
        return known if self.version else unknown


class OutletItem(Item):
    """One outlet."""

    details: PackedAttribute[OutletDetails] = PackedAttribute(OutletDetails)
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()
    zones: PackedAttribute[FormerZones] = PackedAttribute(FormerZones, default=())
    """The zones that it had before."""

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


class CredentialItem(Item):
    """One credential of a partner's system."""

    partner = UnicodeAttribute()
    name = UnicodeAttribute()
    scopes: PackedAttribute[tuple[Scope, ...]] = PackedAttribute(tuple[Scope, ...])
    outlets: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...])
    generation = IntAttribute()
    created_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    old_until = UnicodeAttribute()
    revoked_at = UnicodeAttribute()
    blocked = BooleanAttribute()

    def value(self) -> Credential:
        """The credential as a value."""
        program, _, credential = str(self.pk).split("#")
        told: dict[str, Any] = {name: getattr(self, name) for name in _CREDENTIAL}
        return Credential(program=program, credential=credential, **told)


_CREDENTIAL = tuple(
    name for name in Credential.__struct_fields__ if name not in ("program", "credential")
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


def at_outlet(
    program_id: str, partner_id: str, outlet_id: str
) -> tuple[Partner | None, OutletItem | None]:
    """A partner and one of their outlets by one strong read, a unit for each."""
    pk = keys.partners(program_id)
    one, other = f"PARTNER#{partner_id}", f"OUTLET#{partner_id}#{outlet_id}"
    found = together([(PartnerItem, pk, one), (OutletItem, pk, other)])
    partner, outlet = found.get((pk, one)), found.get((pk, other))
    return (
        partner.value() if isinstance(partner, PartnerItem) else None,
        outlet if isinstance(outlet, OutletItem) else None,
    )


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
    """Add the partner, or replace it as it was read, and block its credentials with it; the same
    again writes nothing.
    """
    if before is not None and before.details == details:
        return Writes()
    item = PartnerItem(
        keys.partners(program_id),
        f"PARTNER#{partner_id}",
        details=details,
        changed_at=at,
        changed_by=changed_by,
        version=before.version + 1 if before else 1,
        credentials=before.credentials if before else (),
    )
    if before is None:
        return Writes().put_new(item)
    writes = Writes().put(item, before.unchanged)
    if details.blocked != before.details.blocked:
        for credential in before.credentials:
            blocked = CredentialItem.blocked.set(details.blocked)
            writes.update(
                _credential(program_id, credential), [blocked], CredentialItem.pk.exists()
            )
    return writes


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
    zones = before.zones if before else ()
    if before is not None and before.details.zone != details.zone:
        zones = model.former_zones(before.details.zone, zones, parse(at))
    item = OutletItem(
        keys.partners(program_id),
        f"OUTLET#{partner_id}#{outlet_id}",
        details=details,
        changed_at=at,
        changed_by=changed_by,
        zones=zones,
    )
    if before is None:
        return Writes().put_new(item)
    return Writes().put(item, OutletItem.changed_at == before.changed_at)


def credential(program_id: str, credential_id: str) -> Credential | None:
    """One credential. A strong read, one unit: what was revoked is refused at once."""
    key = _credential(program_id, credential_id)
    found = CredentialItem.find(key.pk, key.sk, strong=True)
    return found.value() if found else None


def credentials(program_id: str, ids: Iterable[str]) -> list[Credential]:
    """Several credentials, the oldest first. One read unit each."""
    places = [(keys.credential(program_id, one), CREDENTIAL) for one in ids]
    found = [item.value() for item in CredentialItem.several(places)] if places else []
    return sorted(found, key=lambda one: (one.created_at, one.credential))


def created(made: Credential, owner: PartnerItem) -> Writes:
    """Add a credential to a partner that nobody changed meanwhile."""
    told = {name: getattr(made, name) for name in _CREDENTIAL}
    item = CredentialItem(keys.credential(made.program, made.credential), CREDENTIAL, **told)
    return _owning(owner, (*owner.credentials, made.credential)).put_new(item)


def rotated(before: Credential, old_until: str) -> Writes:
    """Let the next secret be the credential's; the one before is good until an instant."""
    actions = [
        CredentialItem.generation.set(before.generation + 1),
        CredentialItem.old_until.set(old_until),
    ]
    return Writes().update(
        _credential(before.program, before.credential),
        actions,
        (CredentialItem.generation == before.generation) & (CredentialItem.revoked_at == ""),
    )


def revoked(before: Credential, owner: PartnerItem, at: str) -> Writes:
    """End a credential for good, and take it off its partner."""
    others = tuple(one for one in owner.credentials if one != before.credential)
    return _owning(owner, others).update(
        _credential(before.program, before.credential),
        [CredentialItem.revoked_at.set(at)],
        CredentialItem.revoked_at == "",
    )


def _owning(owner: PartnerItem, credentials: tuple[str, ...]) -> Writes:
    item = PartnerItem(owner.pk, owner.sk)
    actions = [
        PartnerItem.credentials.set(credentials),
        PartnerItem.version.set(owner.version + 1),
    ]
    return Writes().update(item, actions, owner.unchanged)


def _credential(program_id: str, credential_id: str) -> CredentialItem:
    return CredentialItem(keys.credential(program_id, credential_id), CREDENTIAL)
