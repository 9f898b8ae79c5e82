"""Partners and outlets as values."""

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.errors import NotFound
from chalicelib.programs.model import ZONE_PATTERN

SLUG_PATTERN = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
"""Ids of partners and outlets: given by staff, and part of addresses."""
OutletKind = Literal["shop", "webshop"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"\S")]


class PartnerDetails(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff say of a partner."""

    name: Annotated[Name, msgspec.Meta(description="The company's name as members know it.")]


class OutletDetails(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What staff say of one shop, or of the webshop."""

    name: Annotated[Name, msgspec.Meta(description="The shop's name as members know it.")]
    kind: OutletKind
    """A shop that one can enter, or a webshop."""
    city: Annotated[str, msgspec.Meta(max_length=80, description="Where the shop is.")] = ""
    zone: Annotated[
        Annotated[str, msgspec.Meta(pattern=ZONE_PATTERN)] | None,
        msgspec.Meta(description="IANA zone of its business days; missing: the program's."),
    ] = None


class Outlet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shop of a partner, or its webshop."""

    partner: str
    """Id of the partner."""
    outlet: str
    """Id of the outlet."""
    name: str
    """The shop's name as members know it."""
    kind: OutletKind
    """A shop that one can enter, or a webshop."""
    city: str = ""
    """Where the shop is; missing: not known."""
    zone: str | None = None
    """IANA zone of its business days; missing: the program's."""


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """A company that sells the brand's goods."""

    partner: str
    """Id of the partner."""
    name: str
    """The company's name as members know it."""


class PartnerUnknown(NotFound):
    """The program has no such partner."""

    code = "partner_unknown"
