"""Use cases of staff with the credentials of partners' systems."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.partners import model_credentials, store
from chalicelib.partners.model import PartnerUnknown
from chalicelib.partners.model_credentials import (
    MOST,
    OLD_AT_MOST,
    Credential,
    CredentialDetails,
    CredentialRevoked,
    CredentialUnknown,
    TooManyCredentials,
)


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order about one partner's credentials: whose, who, when."""

    program: str
    partner: str
    actor: str
    at: datetime


class Issued(msgspec.Struct, frozen=True):
    """A credential, and the secret that this very request made."""

    credential: Credential
    secret: str


def create(
    order: Order, details: CredentialDetails, call: guards.Request, ids: Ids, stage: Settings
) -> Issued:
    """A new credential with its first secret.

    Raises:
        PartnerUnknown, TooManyCredentials.
        InvalidFields: an outlet is not the partner's, or the end has passed.
    """
    made, pk = ids.new(), keys.partners(order.program)

    def decide(_: bool) -> tuple[Writes, str]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), done
        owner = _partner(order)
        new = _new(order, made, details, blocked=owner.details.blocked)
        if len(owner.credentials) >= MOST:
            raise TooManyCredentials(limit=MOST)
        writes = store.created(new, owner)
        guards.remember(writes, pk, call, made)
        return _noted(writes, order, made, "created", after=_told(new)), made

    found = read(order, transact(decide))
    return Issued(found, model_credentials.secret(stage, found, 1))


def rotate(
    order: Order, credential: str, until: str | None, call: guards.Request, stage: Settings
) -> Issued:
    """The credential with a new secret; the one before is good ``until`` an instant, else for a
    day, and no older one is.

    Raises:
        CredentialUnknown, CredentialRevoked.
        InvalidFields: the old secret would be good for more than seven days.
    """
    pk = keys.credential(order.program, credential)

    def decide(_: bool) -> tuple[Writes, int]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), int(done)
        before = read(order, credential)
        if before.revoked_at:
            raise CredentialRevoked
        old_until = model_credentials.old_until(until, order.at)
        if old_until is None:
            latest = {"limit": render(order.at + OLD_AT_MOST)}
            raise InvalidFields(fields=(FieldError("/old_until", "too_big", latest),))
        writes = store.rotated(before, render(old_until))
        generation = before.generation + 1
        guards.remember(writes, pk, call, str(generation))
        was = {"generation": before.generation, "old_until": before.old_until or None}
        now = {"generation": generation, "old_until": render(old_until)}
        return _noted(writes, order, credential, "rotated", was, now), generation

    generation = transact(decide)
    found = read(order, credential)
    return Issued(found, model_credentials.secret(stage, found, generation))


def revoke(order: Order, credential: str, reason: str) -> Credential:
    """End a credential for good; one that has ended stays as it is.

    Raises:
        CredentialUnknown.
    """

    def decide(_: bool) -> tuple[Writes, None]:
        owner = _partner(order)
        before = read(order, credential)
        if before.revoked_at:
            return Writes(), None
        at = render(order.at)
        writes = store.revoked(before, owner, at)
        was, now = {"revoked_at": None}, {"revoked_at": at}
        return _noted(writes, order, credential, "revoked", was, now, reason), None

    transact(decide)
    return read(order, credential)


def listed(program: str, partner: str) -> list[Credential]:
    """A partner's credentials that are not revoked, the oldest first.

    Raises:
        PartnerUnknown.
    """
    found = store.partner_item(program, partner, strong=True)
    if found is None:
        raise PartnerUnknown
    return store.credentials(program, found.credentials)


def read(order: Order, credential: str) -> Credential:
    """A credential of the partner; raises CredentialUnknown."""
    found = store.credential(order.program, credential)
    if found is None or found.partner != order.partner:
        raise CredentialUnknown
    return found


def _partner(order: Order) -> store.PartnerItem:
    found = store.partner_item(order.program, order.partner, strong=True)
    if found is None:
        raise PartnerUnknown
    return found


def _new(order: Order, made: str, details: CredentialDetails, *, blocked: bool) -> Credential:
    faults = [
        FieldError(f"/outlets/{place}", "outlet_unknown")
        for place, outlet in enumerate(details.outlets)
        if store.outlet_item(order.program, order.partner, outlet) is None
    ]
    expires_at = "" if details.expires_at is None else render(parse(details.expires_at))
    if expires_at and expires_at <= render(order.at):
        faults.append(FieldError("/expires_at", "has_passed"))
    if faults:
        raise InvalidFields(fields=tuple(faults))
    return Credential(
        program=order.program,
        credential=made,
        partner=order.partner,
        name=details.name,
        scopes=tuple(sorted(set(details.scopes))),
        outlets=tuple(sorted(set(details.outlets))),
        generation=1,
        created_at=render(order.at),
        expires_at=expires_at,
        old_until="",
        revoked_at="",
        blocked=blocked,
    )


def _told(new: Credential) -> dict[str, Any]:
    return {
        "name": new.name,
        "scopes": list(new.scopes),
        "outlets": list(new.outlets),
        "expires_at": new.expires_at or None,
    }


def _noted(
    writes: Writes,
    order: Order,
    credential: str,
    verb: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> Writes:
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=f"credential.{verb}",
        subject=audit.subject(credential=credential, partner=order.partner),
        at=order.at,
        before=before or {},
        after=after or {},
        reason=reason,
    )
    return audit.note(writes, act)
