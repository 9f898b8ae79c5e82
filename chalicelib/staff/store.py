"""How people of the staff are stored and read.

Every change of a person raises its version, and is conditional on it. The whole person is one item:
each request of theirs costs one strong read to know what they may do.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.sessions import Ended
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.staff import factors
from chalicelib.staff.model import Factor, Invitation, Pending, Person, Roles

STAFF = "STAFF"
UNIQUE = "U"
OF_PROGRAM = "S#"


class StaffItem(Item):
    """Who this is, what they may do where, and how they prove it."""

    name = UnicodeAttribute()
    email = UnicodeAttribute()
    language = UnicodeAttribute()
    status = UnicodeAttribute()
    version = IntAttribute()
    session_version = IntAttribute()
    spared = UnicodeAttribute(default="")
    grants: PackedAttribute[dict[str, Roles]] = PackedAttribute(dict[str, Roles])
    pending: PackedAttribute[dict[str, Pending]] = PackedAttribute(dict[str, Pending], default=dict)
    password = UnicodeAttribute(default="")
    factors: PackedAttribute[tuple[Factor, ...]] = PackedAttribute(tuple[Factor, ...])
    factors_made = IntAttribute()
    invitation: PackedAttribute[Invitation] = PackedAttribute(Invitation)
    ended: PackedAttribute[tuple[Ended, ...]] = PackedAttribute(tuple[Ended, ...], default=())


class StaffAddressItem(Item):
    """Whose an e-mail address is."""

    staff = UnicodeAttribute()


class PasskeyItem(Item):
    """Whose a passkey is."""

    staff = UnicodeAttribute()


class StaffOfProgramItem(Item):
    """That a person works for a program, or is invited to; all about them stands with them."""

    since = UnicodeAttribute()


def read(staff: str, strong: bool = False) -> Person | None:
    """A person, or nothing. 0.5 read units, 1 when strong."""
    item = StaffItem.find(keys.staff(staff), STAFF, strong=strong)
    return None if item is None else _person(item)


def owner(email: str) -> str | None:
    """The id of the person whose e-mail address this is. A strong read."""
    key = _address(email)
    item = StaffAddressItem.find(key.pk, key.sk, strong=True)
    return None if item is None else item.staff


def passkey_owner(passkey: Factor) -> str | None:
    """The id of the person whose passkey this is. A strong read."""
    key = _passkey(passkey)
    item = PasskeyItem.find(key.pk, key.sk, strong=True)
    return None if item is None else item.staff


def of_program(program: str, after: str | None, limit: int) -> Iterator[StaffOfProgramItem]:
    """Who works for a program or is invited to, by id, from the sort key ``after`` on."""
    return StaffOfProgramItem.below(keys.staff_of(program), OF_PROGRAM, after=after, limit=limit)


def staff_id(item: StaffOfProgramItem) -> str:
    """The person that a row of a program's list stands for."""
    return item.sk.removeprefix(OF_PROGRAM)


def people(staff: list[str]) -> dict[str, Person]:
    """Several people by id, in one call; those who are gone are missing."""
    wanted = [(keys.staff(one), STAFF) for one in staff]
    found = map(_person, StaffItem.batch_get(wanted)) if wanted else ()
    return {one.staff: one for one in found}


def created(person: Person) -> Writes:
    """Keep a new person whose e-mail address is nobody's yet."""
    values = {name: getattr(person, name) for name in _FIELDS}
    address = _address(person.email)
    address.staff = person.staff
    item = StaffItem(keys.staff(person.staff), STAFF, **values)
    return Writes().put_new(item).put_new(address)


def changed(before: Person, after: Person) -> Writes:
    """Keep a person as they are now, if nobody changed them meanwhile.

    Passkeys that come must be nobody's yet, and those that go are free again.
    """
    differ = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    actions = [getattr(StaffItem, name).set(getattr(after, name)) for name in differ]
    writes = Writes().update(
        StaffItem(keys.staff(before.staff), STAFF),
        [*actions, StaffItem.version.set(before.version + 1)],
        StaffItem.version == before.version,
    )
    had, has = _passkeys(before), _passkeys(after)
    for factor in has.keys() - had.keys():
        item = _passkey(has[factor])
        item.staff = before.staff
        writes.put_new(item)
    return _freed(writes, before, (had[factor] for factor in had.keys() - has.keys()))


def gone(person: Person) -> Writes:
    """Delete a person, and free their e-mail address and passkeys."""
    item = StaffItem(keys.staff(person.staff), STAFF)
    writes = Writes().delete(item, StaffItem.version == person.version)
    writes.delete(_address(person.email), StaffAddressItem.staff == person.staff)
    return _freed(writes, person, _passkeys(person).values())


def added(program: str, staff: str, at: str) -> Writes:
    """Put a person on a program's list."""
    item = _of_program(program, staff)
    item.since = at
    return Writes().put_new(item)


def taken_off(program: str, staff: str) -> Writes:
    """Take a person off a program's list."""
    return Writes().delete(_of_program(program, staff))


def mark_sent(person: Person) -> None:
    """Remember that the newest invitation is on its way, so that a retry sends no second one."""
    sent = msgspec.structs.replace(person.invitation, sent=True)
    # Nothing else depends on this mark: it neither needs nor raises the version.
    _mark(person, StaffItem.invitation.set(sent), StaffItem.invitation == person.invitation)


def mark_told(person: Person, program: str) -> None:
    """Remember that the person was told of the invitation to a further program."""
    told = msgspec.structs.replace(person.pending[program], sent=True)
    after = {**person.pending, program: told}
    _mark(person, StaffItem.pending.set(after), StaffItem.pending == person.pending)


def _mark(person: Person, action: Action, same: Condition) -> None:
    try:
        commit(Writes().update(StaffItem(keys.staff(person.staff), STAFF), [action], same))
    except ConditionFailed:
        # Used, replaced or gone already: nothing is left to note.
        return


def _person(item: StaffItem) -> Person:
    values: dict[str, Any] = {name: getattr(item, name) for name in _FIELDS}
    return Person(staff=item.pk.removeprefix(keys.staff("")), **values)


def _of_program(program: str, staff: str) -> StaffOfProgramItem:
    return StaffOfProgramItem(keys.staff_of(program), OF_PROGRAM + staff)


def _passkeys(person: Person) -> dict[str, Factor]:
    return {one.factor: one for one in person.factors if one.kind == "passkey"}


def _freed(writes: Writes, person: Person, passkeys: Iterable[Factor]) -> Writes:
    for one in passkeys:
        # One that was registered before there were claims has none.
        free = PasskeyItem.pk.does_not_exist() | (PasskeyItem.staff == person.staff)
        writes.delete(_passkey(one), free)
    return writes


def _passkey(passkey: Factor) -> PasskeyItem:
    hashed = keyed_hash(settings(), "passkey", factors.credential_id(passkey))
    return PasskeyItem(keys.passkey(hashed), UNIQUE)


def _address(email: str) -> StaffAddressItem:
    hashed = keyed_hash(settings(), "staff address", email)
    return StaffAddressItem(keys.staff_address(hashed), UNIQUE)


_FIELDS = tuple(name for name in Person.__struct_fields__ if name != "staff")
