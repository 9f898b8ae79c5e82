"""Partners and outlets as values."""

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.http.shapes import CalendarDay
from chalicelib.programs.model import ZONE_PATTERN
from chalicelib.programs.values import Ratio

SLUG_PATTERN = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
"""Ids of partners and outlets: given by staff, and part of addresses."""
MOST_RATES = 50
MOST_ZONES = 20
"""Former zones of an outlet that are remembered."""
TILLS_AHEAD = timedelta(minutes=5)
"""How far ahead of ours a till's clock may be."""
OutletKind = Literal["shop", "webshop"]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=120, pattern=r"\S")]


class PartnerRate(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a partner gives of purchases from a day on."""

    since: Annotated[CalendarDay, msgspec.Meta(description="The first day, in the program's zone.")]
    rate: Ratio
    """The share of a purchase; where a rule gives points by the partner's rate, it is this one."""


class PartnerDetails(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What staff say of a partner."""

    name: Annotated[Name, msgspec.Meta(description="The company's name as members know it.")]
    rates: Annotated[tuple[PartnerRate, ...], msgspec.Meta(max_length=MOST_RATES)] = ()
    """The partner's own accrual rates, each from its day on, in the order of their days. That in
    force on the local day of a purchase counts, also when the purchase is told of later.
    """
    blocked: bool = False
    """Whether the partner's systems are refused, at once, whatever they ask."""


class OutletDetails(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What staff say of one shop, or of the webshop. Its tills need no entry: a receipt names its
    till by a text of the shop's own.
    """

    name: Annotated[Name, msgspec.Meta(description="The shop's name as members know it.")]
    kind: OutletKind
    """A shop that one can enter, or a webshop."""
    city: Annotated[str, msgspec.Meta(max_length=80, description="Where the shop is.")] = ""
    zone: Annotated[
        Annotated[str, msgspec.Meta(pattern=ZONE_PATTERN)] | None,
        msgspec.Meta(
            description="IANA zone of its business days; missing: the program's. A change is for "
            "purchases after it."
        ),
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
    rates: tuple[PartnerRate, ...] = ()
    """Its own accrual rates, each from its day on."""
    blocked: bool = False
    """Whether its systems are refused."""


class PartnerUnknown(NotFound):
    """The program has no such partner."""

    code = "partner_unknown"


def partner(partner_id: str, details: PartnerDetails) -> Partner:
    """A partner with what staff said of it."""
    return Partner(
        partner=partner_id, name=details.name, rates=details.rates, blocked=details.blocked
    )


FormerZones = tuple[tuple[str, str | None], ...]
"""Zones that an outlet had, each until an instant (RFC 3339 in UTC), the oldest first."""


def zone_at(zone: str | None, former: FormerZones, at: str) -> str | None:
    """The zone of an outlet at an instant: what was sold before a change keeps its business day."""
    return next((one for until, one in former if at < until), zone)


def former_zones(zone: str | None, former: FormerZones, at: datetime) -> FormerZones:
    """The former zones when ``zone`` ends now; receipts of tills whose clocks are ahead are of now
    as well.
    """
    return (*former, (render(at + TILLS_AHEAD), zone))[-MOST_ZONES:]


def rate_on(details: PartnerDetails | Partner, day: date) -> Ratio | None:
    """The partner's own rate on a day in the program's zone; nothing before the first one's day."""
    begun = [one for one in details.rates if one.since <= day.isoformat()]
    return max(begun, key=lambda one: one.since).rate if begun else None


def misplaced(rates: tuple[PartnerRate, ...]) -> int | None:
    """The place of the first rate whose day does not come after that of the one before."""
    days = [one.since for one in rates]
    late = (place for place in range(1, len(days)) if days[place] <= days[place - 1])
    return next(late, None)
