"""Use cases of staff with partners and their outlets."""

import re
from datetime import datetime

import msgspec

from chalicelib.kernel.clock import render
from chalicelib.kernel.errors import FieldError, InvalidFields, NotFound
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.partners import store
from chalicelib.partners.model import (
    SLUG_PATTERN,
    Outlet,
    OutletDetails,
    Partner,
    PartnerDetails,
    PartnerUnknown,
    misplaced,
    partner,
)
from chalicelib.programs import checks
from chalicelib.programs import service as programs

_SLUG = re.compile(SLUG_PATTERN)


def write_partner(
    program_id: str, partner_id: str, details: PartnerDetails, author: str, at: datetime
) -> Partner:
    """Add a partner under an id of staff's choice, or change what is said of it.

    Raises:
        ProgramUnknown: there is no such program, not even as a draft.
        NotFound: no partner can have such an id.
        InvalidFields: the rates are not in the order of their days.
    """
    _refuse_malformed(partner_id)
    programs.require(program_id)
    wrong = misplaced(details.rates)
    if wrong is not None:
        raise InvalidFields(fields=(FieldError(f"/rates/{wrong}/since", "days_not_rising"),))

    def decide(strong: bool) -> tuple[Writes, Partner]:
        before = store.partner_item(program_id, partner_id, strong=True)
        writes = store.put_partner(program_id, partner_id, details, before, author, render(at))
        subject = audit.subject(partner=partner_id)
        _note(writes, "partner.written", program_id, subject, before, details, author, at)
        return writes, partner(partner_id, details)

    return transact(decide)


def write_outlet(
    program_id: str,
    partner_id: str,
    outlet_id: str,
    details: OutletDetails,
    author: str,
    at: datetime,
) -> Outlet:
    """Add an outlet of a partner under an id of staff's choice, or change what is said of it.

    Raises:
        PartnerUnknown: the program has no such partner.
        NotFound: no outlet can have such an id.
        InvalidFields: the zone is not in the IANA database.
    """
    _refuse_malformed(partner_id, outlet_id)
    require(program_id, partner_id)
    if details.zone is not None and not checks.zone_known(details.zone):
        raise InvalidFields(fields=(FieldError("/zone", "zone_unknown"),))

    def decide(strong: bool) -> tuple[Writes, Outlet]:
        before = store.outlet_item(program_id, partner_id, outlet_id)
        writes = store.put_outlet(
            program_id, partner_id, outlet_id, details, before, author, render(at)
        )
        subject = audit.subject(partner=partner_id, outlet=outlet_id)
        _note(writes, "outlet.written", program_id, subject, before, details, author, at)
        outlet = Outlet(
            partner=partner_id,
            outlet=outlet_id,
            name=details.name,
            kind=details.kind,
            city=details.city,
            zone=details.zone,
        )
        return writes, outlet

    return transact(decide)


def require(program_id: str, partner_id: str) -> Partner:
    """The partner. A strong read.

    Raises:
        PartnerUnknown: the program has no such partner.
    """
    found = store.partner(program_id, partner_id, strong=True)
    if found is None:
        raise PartnerUnknown
    return found


def _note(
    writes: Writes,
    action: str,
    program_id: str,
    subject: str,
    stored: store.PartnerItem | store.OutletItem | None,
    details: PartnerDetails | OutletDetails,
    author: str,
    at: datetime,
) -> None:
    was = msgspec.to_builtins(stored.details) if stored else {}
    before, after = audit.changed(was, msgspec.to_builtins(details))
    act = audit.Act(
        program=program_id,
        actor=author,
        action=action,
        subject=subject,
        at=at,
        before=before,
        after=after,
    )
    audit.note(writes, act)


def _refuse_malformed(*ids: str) -> None:
    if not all(_SLUG.search(given) for given in ids):
        raise NotFound
