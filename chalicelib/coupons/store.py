"""How coupons, their history and their codes are stored.

A coupon's code follows from its id by a keyed digest, so no item holds it: the item that leads
from a code to its coupon is named by another keyed hash.
"""

from collections.abc import Iterable, Iterator

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.coupons.model import Coupon, Sort, State, Step, Terms
from chalicelib.kernel.codes import of_digest
from chalicelib.kernel.secrets import keyed_digest, keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.values import Texts

CODE = "COUPON"


class CouponItem(Item):
    """One coupon. Every change raises its version and rests on it."""

    sort = UnicodeAttribute()
    names: PackedAttribute[Texts] = PackedAttribute(Texts)
    terms: PackedAttribute[Terms] = PackedAttribute(Terms)
    state = UnicodeAttribute()
    version = IntAttribute()
    issued_at = UnicodeAttribute()
    changed_at = UnicodeAttribute()
    receipt = UnicodeAttribute(default="")
    source = UnicodeAttribute()

    def value(self) -> Coupon:
        """The coupon as a value."""
        program, _, member = str(self.pk).split("#")
        return Coupon(
            program=program,
            member=member,
            coupon=str(self.sk).removeprefix("COUPON#"),
            sort=msgspec.convert(self.sort, Sort),
            name=self.names,
            terms=self.terms,
            state=msgspec.convert(self.state, State),
            version=self.version,
            issued_at=self.issued_at,
            changed_at=self.changed_at,
            receipt=self.receipt,
            source=self.source,
        )


class LogItem(Item):
    """One line of a coupon's history; put once."""

    step: PackedAttribute[Step] = PackedAttribute(Step)


class CodeItem(Item):
    """Whose a coupon's code is."""

    member = UnicodeAttribute()
    coupon = UnicodeAttribute()


def code_of(program: str, coupon: str) -> str:
    """The code of a coupon, as printed and scanned."""
    return of_digest(keyed_digest(settings(), "coupon code", program, coupon))


def by_code(program: str, code: str, *, strong: bool) -> Coupon | None:
    """The coupon of a code, or nothing: 1 read unit, 2 when ``strong``."""
    found = CodeItem.find(_code_pk(program, code), CODE, strong=strong)
    return coupon(program, found.member, found.coupon, strong=strong) if found else None


def coupon(program: str, member: str, coupon_id: str, *, strong: bool) -> Coupon | None:
    """A member's coupon, or nothing: 0.5 read units, 1 when ``strong``."""
    item = CouponItem.find(keys.member(program, member), _key(coupon_id), strong=strong)
    return item.value() if item else None


def of_member(program: str, member: str, *, strong: bool = False) -> Iterator[Coupon]:
    """All coupons of a member, in no order; 0.5 read units per 4 KB, twice that when ``strong``."""
    found = CouponItem.below(keys.member(program, member), "COUPON#", strong=strong)
    return (item.value() for item in found)


def known(program: str, coupons: Iterable[tuple[str, str]]) -> set[str]:
    """The ids of those coupons, named by member and id, that there are. Strong reads."""
    places = [(keys.member(program, member), _key(one)) for member, one in coupons]
    return {str(item.sk).removeprefix("COUPON#") for item in CouponItem.several(places)}


def created(new: Coupon, actor: str) -> Writes:
    """A new coupon with its code and the first line of its history."""
    pk = keys.member(new.program, new.member)
    item = CouponItem(
        pk,
        _key(new.coupon),
        sort=new.sort,
        names=new.name,
        terms=new.terms,
        state=new.state,
        version=new.version,
        issued_at=new.issued_at,
        changed_at=new.changed_at,
        receipt=new.receipt,
        source=new.source,
    )
    code = CodeItem(
        _code_pk(new.program, code_of(new.program, new.coupon)),
        CODE,
        member=new.member,
        coupon=new.coupon,
    )
    writes = Writes().put_new(item).put_new(code)
    return writes.put_new(_log(new, "coupon.issued", actor))


def changed(before: Coupon, after: Coupon, fact: str, actor: str) -> Writes:
    """The coupon as it is now, unless it changed meanwhile, with its next line of history.

    The line names the receipt that is concerned.
    """
    field = CouponItem
    writes = Writes().update(
        field(keys.member(before.program, before.member), _key(before.coupon)),
        [
            field.state.set(after.state),
            field.version.set(after.version),
            field.changed_at.set(after.changed_at),
            field.receipt.set(after.receipt),
        ],
        (field.state == before.state) & (field.version == before.version),
    )
    return writes.put_new(_log(after, fact, actor, after.receipt or before.receipt))


def code_gone(program: str, coupon_id: str) -> Writes:
    """A coupon's code leads nowhere any more."""
    return Writes().delete(CodeItem(_code_pk(program, code_of(program, coupon_id)), CODE))


def with_code(program: str, coupons: Iterable[str]) -> set[str]:
    """The ids of those coupons to which a code still leads. Strong reads, 1 unit each."""
    places = [(_code_pk(program, code_of(program, one)), CODE) for one in coupons]
    return {item.coupon for item in CodeItem.several(places)}


def _log(of: Coupon, fact: str, actor: str, receipt: str = "") -> LogItem:
    step = Step(
        fact=fact,
        at=of.changed_at,
        actor=actor,
        coupon=of.coupon,
        name=of.name,
        receipt=receipt,
    )
    pk = keys.member(of.program, of.member)
    return LogItem(pk, keys.numbered(f"COUPONLOG#{of.coupon}", of.version), step=step)


def _key(coupon_id: str) -> str:
    return f"COUPON#{coupon_id}"


def _code_pk(program: str, code: str) -> str:
    return keys.coupon_code(program, keyed_hash(settings(), "stored coupon code", program, code))
