"""What has to be read before a partner's receipt, quote or event can be judged, each thing once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import msgspec

from chalicelib.coupons import service as coupons
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.coupons.model import Coupon
from chalicelib.kernel.clock import local_date, parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.call import PartnerCaller
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import Settings
from chalicelib.members import store as members
from chalicelib.members.model import Member
from chalicelib.members.service_identify import MEANS, By, identify, missed, refuse_guesses
from chalicelib.partners import store as partners
from chalicelib.partners.model import TILLS_AHEAD, Outlet, Partner, rate_on, zone_at
from chalicelib.partners.store import OutletItem
from chalicelib.programs import pilots
from chalicelib.programs.model import Program, ProgramUnknown
from chalicelib.programs.purchases import MOST_DAYS
from chalicelib.programs.service import in_force
from chalicelib.programs.values import Means, Ratio
from chalicelib.receipts import store
from chalicelib.receipts.errors import (
    BeforeProgram,
    BuyerNeeded,
    BuyerUnknown,
    CouponRefused,
    ReceiptInFuture,
    ReceiptTooOld,
)
from chalicelib.receipts.model import Basket, Buyer, Happening, Receipt, Return
from chalicelib.receipts.store import Sold
from chalicelib.receipts.told import Told

_BY: dict[str, By] = {"card": "card_number", "app_code": "app_code", "phone": "phone"}


@dataclass(slots=True)
class Desk:
    """One call of a partner's system; see the module's text."""

    caller: PartnerCaller
    at: datetime
    stage: Settings
    trusted: bool = False
    """The club's own staff are behind it, who may name whomever they like."""
    history: bool = False
    """What is told is of the club's past, from before its first version too."""
    _outlets: dict[str, OutletItem] = field(default_factory=dict)
    _buyers: dict[tuple[str, str], Member | None] = field(default_factory=dict)
    _partner: Partner | None = None

    @property
    def program(self) -> str:
        """The caller's program."""
        return self.caller.program

    @property
    def actor(self) -> str:
        """Who acts, for ledger and journals."""
        return f"partner:{self.caller.partner}/{self.caller.credential}"

    def outlet(self, outlet: str) -> Outlet:
        """One of the outlets that the caller serves.

        Raises:
            InvalidFields: the partner has no such outlet, or the credential is not for it.
        """
        return self._outlet(outlet).value()

    def _outlet(self, outlet: str) -> OutletItem:
        if outlet not in self._outlets:
            partner, found = partners.at_outlet(self.program, self.caller.partner, outlet)
            if found is None or not self.caller.serves(outlet):
                raise InvalidFields(fields=(FieldError("/outlet", "outlet_unknown"),))
            self._outlets[outlet], self._partner = found, partner
        return self._outlets[outlet]

    def buyer(self, buyer: Buyer | None, at: datetime) -> tuple[Member | None, Means | None]:
        """The active member whom the till named at an instant, and how it knew them.

        Raises:
            InvalidFields: not named in just one way, or by what cannot be a card or a phone.
            AppCodeExpired: the code had run out at that instant.
        """
        if buyer is None:
            return None, None
        if len(buyer.told) != 1:
            raise InvalidFields(fields=(FieldError("/buyer", "one_of_them"),))
        (name,) = buyer.told
        value = str(getattr(buyer, name))
        means: Means = MEANS[_BY[name]] if name in _BY else "card"
        # Whose a card or a phone is does not depend on the time of the receipt; a code runs out.
        if (name, value) not in self._buyers or name == "app_code":
            self._buyers[name, value] = self._found(name, value, at)
        active = self._buyers[name, value]
        return active, means if active else None

    def _found(self, name: str, value: str, at: datetime) -> Member | None:
        if name == "member":
            found = members.read(self.program, value, strong=True)
        else:
            pointer = f"/buyer/{name}"
            found = identify(self.program, _BY[name], value, at, self.stage, pointer=pointer)
        return found if found is not None and found.status == "active" else None

    def known(self, buyer: Buyer, at: datetime) -> tuple[Member, Means | None]:
        """The same, where nobody is refused: so that nobody can try out phone numbers, it counts.

        Raises:
            what :meth:`buyer` raises, BuyerUnknown, TooManyLookups.
        """
        self.refuse_guesses()
        member, means = self.buyer(buyer, at)
        if member is None:
            self.missed()
            raise BuyerUnknown
        return member, means

    def refuse_guesses(self) -> None:
        """Refuse whoever named nobody too often."""
        if not self.trusted:
            refuse_guesses(self.caller, self.at)

    def missed(self) -> None:
        """Count a call that is refused because it names nobody."""
        if not self.trusted:
            missed(self.caller, self.at)

    def id_of(self, receipt: Receipt) -> str:
        """The receipt's id: partner, outlet, till, business day of the outlet, and number.

        Raises:
            InvalidFields, BeforeProgram.
        """
        at = parse(receipt.at)
        outlet = self._outlet(receipt.outlet)
        zone = zone_at(outlet.details.zone, outlet.zones, render(at))
        day = local_date(at, zone or self.document(at).zone).isoformat()
        partner = self.caller.partner
        natural = (self.program, partner, receipt.outlet, receipt.till, day, receipt.number)
        return store.receipt_id(*natural)

    def receipt(self, receipt: Receipt) -> tuple[Told, Member | None]:
        """A paid receipt, and whose it is.

        Raises:
            ReceiptTooOld, ReceiptInFuture, BuyerNeeded, CouponRefused, InvalidFields,
            AppCodeExpired, BeforeProgram, TooManyLookups.
        """
        at = parse(receipt.at)
        outlet = self.outlet(receipt.outlet)
        program = self.document(at)
        self.refuse_time(program, at)
        member_only = receipt.points or receipt.coupons or receipt.quote
        if member_only:
            self.refuse_guesses()
        member, means = self.buyer(receipt.buyer, at)
        program = document_for(program, member, at)
        if member is None and member_only:
            if receipt.buyer is not None:
                self.missed()
            raise BuyerNeeded
        language = receipt.language or (member.language if member else program.languages[0])
        sold = Sold(
            receipt.number,
            render(at),
            receipt.lines,
            till=receipt.till,
            channel=receipt.channel,
            payment=tuple(dict.fromkeys(one.means for one in receipt.payments)),
            identified=means or "",
            language=language,
        )
        return Told(
            self.id_of(receipt),
            self.content(receipt),
            program,
            at,
            self.caller.partner,
            outlet.outlet,
            self.actor,
            sold,
            points=receipt.points,
            payments=receipt.payments,
            coupons=self.coupons(receipt, member),
            codes=receipt.coupons,
            identified=means or "",
            rate=self.rate(program, at),
            quote=receipt.quote,
        ), member

    def happening(self, told: Happening, outlet: str, member: Member) -> Told:
        """Another event of a member; whether it comes in its time is not looked at.

        Raises:
            InvalidFields, BeforeProgram.
        """
        at = parse(told.at)
        program = document_for(self.document(at), member, at)
        if outlet:
            self.outlet(outlet)
        partner = self.caller.partner
        return Told(
            store.receipt_id(
                self.program, "event", partner, member.member, told.trigger, told.number
            ),
            self.content(told, outlet),
            program,
            at,
            partner,
            outlet,
            self.actor,
            Sold(told.number, render(at), event=told),
            rate=self.rate(program, at),
        )

    def coupons(self, basket: Basket, member: Member | None) -> tuple[Coupon, ...]:
        """The member's coupons that the till named; strong reads.

        Raises:
            BuyerNeeded: nobody is known whose they could be.
            CouponRefused: a code that is mistyped, twice there, or not this member's.
        """
        found: list[Coupon] = []
        for code in basket.coupons:
            if member is None:
                raise BuyerNeeded
            try:
                coupon = coupons.find(self.program, code, strong=True)
            except CouponUnknown as error:
                raise CouponRefused(coupon=code) from error
            if coupon.member != member.member or coupon in found:
                raise CouponRefused(coupon=code)
            found.append(coupon)
        return tuple(found)

    def rate(self, program: Program, at: datetime) -> Ratio | None:
        """The partner's own rate on the local day of an event."""
        if self._partner is None:
            self._partner = partners.partner(self.program, self.caller.partner)
        return rate_on(self._partner, local_date(at, program.zone)) if self._partner else None

    def document(self, at: datetime) -> Program:
        """The document in force at an instant; raises BeforeProgram."""
        try:
            return document_at(self.program, at)
        except BeforeProgram:
            if not self.history:
                raise
            return in_force(self.program, self.at)

    def refuse_future(self, at: datetime) -> None:
        """Refuse what has not happened yet."""
        if at > self.at + TILLS_AHEAD:
            raise ReceiptInFuture

    def refuse_time(self, program: Program, at: datetime) -> None:
        """Refuse what happened too long ago, or has not happened yet. Staff may bring what a till
        was refused as too old, having looked at it.
        """
        self.refuse_future(at)
        days = MOST_DAYS if self.trusted else program.purchases.accepted_days
        oldest = local_date(self.at, program.zone) - timedelta(days=days)
        if local_date(at, program.zone) < oldest:
            raise ReceiptTooOld(days=days)

    def content(self, told: Receipt | Return | Happening, *more: object) -> str:
        """Keyed hash of a parsed request: it may name a phone number, and is kept for ever. The
        same instant in another zone is the same.
        """
        return content_of(self.stage, told, *more)


def content_of(stage: Settings, told: Receipt | Return | Happening, *more: object) -> str:
    """See :meth:`Desk.content`."""
    same = msgspec.structs.replace(told, at=render(parse(told.at)))
    return hashed(stage, (same, *more))


def hashed(stage: Settings, told: object) -> str:
    """Keyed hash of something that a till told."""
    return keyed_hash(stage, "receipt", msgspec.json.encode(told, order="deterministic").decode())


def document_for(program: Program, member: Member | None, at: datetime) -> Program:
    """The document by which an event of a member is judged: that of their pilot, if one judges at
    that instant, else the ``program`` in force.
    """
    if member is None or not member.pilots:
        return program
    return pilots.of_member(program.id, member.pilots, at) or program


def document_at(program: str, at: datetime) -> Program:
    """The document in force at an instant.

    Raises:
        BeforeProgram: none of the program's versions was in force yet.
    """
    try:
        return in_force(program, at)
    except ProgramUnknown as error:
        raise BeforeProgram from error
