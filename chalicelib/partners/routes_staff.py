"""The routes of partners: staff add and change them and read the list."""

from itertools import islice

import msgspec

from chalicelib.kernel.errors import InvalidFields, NotFound
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.partners import service, store
from chalicelib.partners.model import (
    Outlet,
    OutletDetails,
    Partner,
    PartnerDetails,
    PartnerRate,
    PartnerUnknown,
)
from chalicelib.partners.room import room
from chalicelib.programs import service as programs
from chalicelib.programs.model import ProgramUnknown

OUTLETS_SHOWN = 20
"""Outlets shown with each partner of a list; a chain may have thousands."""


class PartnerRow(msgspec.Struct, frozen=True, kw_only=True):
    """A partner with its first outlets."""

    partner: str
    """Id of the partner."""
    name: str
    """The company's name as members know it."""
    rates: tuple[PartnerRate, ...]
    """Its own accrual rates, each from its day on."""
    blocked: bool
    """Whether its systems are refused."""
    outlets: list[Outlet]
    """Its first outlets by id, at most 20."""
    more_outlets: bool
    """Whether there are more than are shown here; the list of outlets has all."""


@room.route(
    "PUT",
    "/v1/staff/programs/{program}/partners/{partner}",
    access="staff:partners.write",
    summary="Add or change a partner",
    body=PartnerDetails,
    answers={200: Partner},
    refuses=(ProgramUnknown, NotFound, InvalidFields),
    example=Example(
        path={"program": "jewels", "partner": "rubin"},
        body={"name": "Rubin", "rates": [{"since": "2026-11-01", "rate": {"num": 5, "den": 100}}]},
    ),
)
def write_partner(call: Call[PartnerDetails, NoBody]) -> Answer:
    """The partner as it now stands; the same again changes nothing. What is left out is taken
    back: rates end, and a blocked partner is let in again.
    """
    path = call.path
    return Answer(
        service.write_partner(path["program"], path["partner"], call.body, call.principal, call.at)
    )


@room.route(
    "PUT",
    "/v1/staff/programs/{program}/partners/{partner}/outlets/{outlet}",
    access="staff:partners.write",
    summary="Add or change an outlet",
    body=OutletDetails,
    answers={200: Outlet},
    refuses=(PartnerUnknown, NotFound, InvalidFields),
    example=Example(
        path={"program": "jewels", "partner": "rubin", "outlet": "arbat"},
        body={"name": "Rubin on Arbat", "kind": "shop", "city": "Moscow", "zone": "Europe/Moscow"},
    ),
)
def write_outlet(call: Call[OutletDetails, NoBody]) -> Answer:
    """The outlet as it now stands; the same again changes nothing."""
    path = call.path
    return Answer(
        service.write_outlet(
            path["program"], path["partner"], path["outlet"], call.body, call.principal, call.at
        )
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/partners",
    access="staff:partners.read",
    summary="The partners, each with its first outlets",
    query=PageQuery,
    answers={200: Page[PartnerRow]},
    refuses=(ProgramUnknown,),
    example=Example(path={"program": "jewels"}),
)
def list_partners(call: Call[NoBody, PageQuery]) -> Answer:
    """One page, by id."""
    program = call.path["program"]
    programs.require(program)
    return Answer(
        page(
            call.query,
            f"{keys.partners(program)} partners",
            lambda after, limit: store.partners(program, after, limit),
            lambda item: _row(program, item),
        )
    )


@room.route(
    "GET",
    "/v1/staff/programs/{program}/partners/{partner}/outlets",
    access="staff:partners.read",
    summary="All outlets of a partner",
    query=PageQuery,
    answers={200: Page[Outlet]},
    refuses=(PartnerUnknown,),
    example=Example(path={"program": "jewels", "partner": "rubin"}),
)
def list_outlets(call: Call[NoBody, PageQuery]) -> Answer:
    """One page, by id."""
    program, partner = call.path["program"], call.path["partner"]
    service.require(program, partner)
    return Answer(
        page(
            call.query,
            f"{keys.partners(program)} outlets {partner}",
            lambda after, limit: store.outlets(program, partner, after, limit),
            lambda item: item.value(),
        )
    )


def _row(program: str, item: store.PartnerItem) -> PartnerRow:
    found = store.outlets(program, item.partner, None, OUTLETS_SHOWN + 1)
    outlets = [outlet.value() for outlet in islice(found, OUTLETS_SHOWN + 1)]
    return PartnerRow(
        partner=item.partner,
        name=item.details.name,
        rates=item.details.rates,
        blocked=item.details.blocked,
        outlets=outlets[:OUTLETS_SHOWN],
        more_outlets=len(outlets) > OUTLETS_SHOWN,
    )
