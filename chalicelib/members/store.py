"""How members are stored and read.

Every change of a member raises its journal number, and is conditional on it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.kernel import clock
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.sessions import Ended
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.members import names
from chalicelib.members.model import (
    PURPOSES,
    Consent,
    Happened,
    InGroup,
    Member,
    Paid,
    Profile,
    Purpose,
    Status,
)

MEMBER = "MEMBER"
PROFILE = "PROFILE"
UNIQUE = "U"


class MemberItem(Item):
    """Who this is to the platform; at most a few hundred bytes, read at each request."""

    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    session_version = IntAttribute()
    language = UnicodeAttribute()
    card_number = UnicodeAttribute(default="")
    joined_at = UnicodeAttribute()
    journal = IntAttribute()
    rules = IntAttribute(default=0)
    locked_until = UnicodeAttribute(default="")
    ended: PackedAttribute[tuple[Ended, ...]] = PackedAttribute(tuple[Ended, ...], default=())
    suspended_from = UnicodeAttribute(default="")
    groups: PackedAttribute[tuple[InGroup, ...]] = PackedAttribute(tuple[InGroup, ...], default=())
    segments: PackedAttribute[tuple[str, ...]] = PackedAttribute(tuple[str, ...], default=())
    paid: PackedAttribute[tuple[Paid, ...]] = PackedAttribute(tuple[Paid, ...], default=())
    pilots: PackedAttribute[tuple[int, ...] | None] = PackedAttribute(tuple[int, ...], null=True)


class ProfileItem(Item):
    """Everything personal in one item, so that erasing it is one deletion."""

    given_name = UnicodeAttribute(null=True)
    family_name = UnicodeAttribute(null=True)
    birthday = UnicodeAttribute(null=True)
    gender = UnicodeAttribute(null=True)
    phone = UnicodeAttribute(null=True)
    email = UnicodeAttribute(null=True)
    city = UnicodeAttribute(null=True)
    external_id = UnicodeAttribute(null=True)
    partner_card = UnicodeAttribute(null=True)
    birthday_due = UnicodeAttribute(null=True)
    """When the next birthday begins, of whoever told a date of birth."""
    birthday_changed = UnicodeAttribute(null=True)
    """Local day on which a date of birth was last replaced or cleared."""
    named = IntAttribute(default=0)
    """In which form (:data:`names.FORM`) staff find the member by name; 0: perhaps not at all."""


class ConsentItem(Item):
    """One decision of a member; put once."""

    granted = BooleanAttribute()
    at = UnicodeAttribute()
    rules_version = IntAttribute(default=0)


class JournalItem(Item):
    """What happened to a member; put once. Only ``note`` is ever removed, by erasure."""

    fact = UnicodeAttribute()
    at = UnicodeAttribute()
    actor = UnicodeAttribute()
    data: PackedAttribute[dict[str, Any]] = PackedAttribute(dict[str, Any])
    note = UnicodeAttribute(null=True)


class UniqueItem(Item):
    """Whose a phone number, e-mail address, card number or number of the club's own is."""

    member = UnicodeAttribute()


def read(program: str, member: str, strong: bool = False) -> Member | None:
    """A member, or nothing. 0.5 read units, 1 when strong."""
    item = MemberItem.find(keys.member(program, member), MEMBER, strong=strong)
    return None if item is None else _member(program, member, item)


def several(program: str, members: Iterable[str]) -> dict[str, Member]:
    """Those of these members that there are, by their ids. Strong reads, 1 unit each."""
    found = MemberItem.several((keys.member(program, one), MEMBER) for one in set(members))
    return {_id_of(item): _member(program, _id_of(item), item) for item in found}


def statuses(program: str, members: Iterable[str]) -> dict[str, Status]:
    """The status of each of these members that there is. Strong reads, 1 unit each."""
    return {one: member.status for one, member in several(program, members).items()}


def profile(program: str, member: str) -> Profile:
    """A member's profile; empty when it was erased. A strong read."""
    item = ProfileItem.find(keys.member(program, member), PROFILE, strong=True)
    return Profile() if item is None else profile_of(item)


def profiles(program: str, members: Iterable[str]) -> dict[str, Profile]:
    """The profiles that these members have, by their ids. Strong reads, 100 in one call."""
    found = ProfileItem.several((keys.member(program, one), PROFILE) for one in set(members))
    return {_id_of(item): profile_of(item) for item in found}


def consent(program: str, member: str, purpose: Purpose) -> tuple[Consent, int]:
    """The last decision about a purpose and its number; number 0: never asked. A strong read."""
    prefix = f"CONSENT#{purpose}#"
    pk = keys.member(program, member)
    for item in ConsentItem.below(pk, prefix, limit=1, newest_first=True, strong=True):
        found = Consent(purpose, item.granted, item.at, item.rules_version)
        return found, int(item.sk.removeprefix(prefix))
    return Consent(purpose, False), 0


def granted(program: str, member: str) -> dict[Purpose, Consent]:
    """What a member allows now, by its purpose: one query. A strong read."""
    found = ConsentItem.below(keys.member(program, member), "CONSENT#", strong=True)
    last = {item.sk.split("#")[1]: item for item in found}
    return {
        purpose: Consent(purpose, True, last[purpose].at, last[purpose].rules_version)
        for purpose in PURPOSES
        if purpose in last and last[purpose].granted
    }


def owner(program: str, kind: str, value: str) -> str | None:
    """The id of the member whose phone, e-mail or card this is. A strong read."""
    key = _unique(program, kind, value)
    item = UniqueItem.find(key.pk, key.sk, strong=True)
    return None if item is None else item.member


def owners(program: str, values: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Whose these values are, by kind and value. Strong reads, 100 in one call."""
    wanted = {_unique(program, *value).pk: value for value in values}
    found = UniqueItem.several((pk, UNIQUE) for pk in wanted)
    return {wanted[item.pk]: item.member for item in found}


def created(member: Member, told: Profile, happened: Happened, birthday_due: str) -> Writes:
    """A new member with profile and first journal item (number 1)."""
    pk = keys.member(member.program, member.member)
    values = msgspec.structs.asdict(member)
    item = MemberItem(pk, MEMBER, **{name: values[name] for name in _MEMBER})
    writes = Writes().put_new(item)
    profile = ProfileItem(pk, PROFILE, named=names.FORM, **msgspec.structs.asdict(told))
    profile.birthday_due = birthday_due or None
    writes.put_new(profile)
    return writes.put_new(_journal(pk, 1, happened))


def changed(member: Member, happened: Happened, *actions: Action) -> Writes:
    """A change of a member with its journal item, if nobody changed the member meanwhile."""
    pk = keys.member(member.program, member.member)
    number = member.journal + 1
    writes = Writes().update(
        MemberItem(pk, MEMBER),
        [MemberItem.journal.set(number), *actions],
        MemberItem.journal == member.journal,
    )
    return writes.put_new(_journal(pk, number, happened))


def staying(member: Member) -> Writes:
    """Let everything depend on the member not being erased meanwhile."""
    item = MemberItem(keys.member(member.program, member.member), MEMBER)
    return Writes().check(item, MemberItem.status.exists() & (MemberItem.status != "erased"))


def active(program: str, member: str) -> Writes:
    """Let everything depend on the member being an active one."""
    item = MemberItem(keys.member(program, member), MEMBER)
    return Writes().check(item, MemberItem.status == "active")


def piloted(member: Member, pilots: tuple[int, ...]) -> Writes:
    """The member in these pilots, if that did not change meanwhile and they are not erased."""
    field = MemberItem
    same = field.pilots == member.pilots if member.pilots else field.pilots.does_not_exist()
    return Writes().update(
        field(keys.member(member.program, member.member), MEMBER),
        [field.pilots.set(pilots)],
        same & field.status.exists() & (field.status != "erased"),
    )


def profiled(
    member: Member, changes: dict[str, str | None], condition: Condition | None = None
) -> Writes:
    """Set or, with nothing, clear fields of a profile. Goes with :func:`changed`."""
    actions = [_set(getattr(ProfileItem, name), value) for name, value in changes.items()]
    item = ProfileItem(keys.member(member.program, member.member), PROFILE)
    exists = ProfileItem.pk.exists()
    return Writes().update(item, actions, exists if condition is None else exists & condition)


def named(member: Member) -> Writes:
    """Note that the member is found by the words of their name, if nothing of them changed
    meanwhile.
    """
    pk = keys.member(member.program, member.member)
    writes = Writes().check(MemberItem(pk, MEMBER), MemberItem.journal == member.journal)
    exists = ProfileItem.pk.exists()
    return writes.update(ProfileItem(pk, PROFILE), [ProfileItem.named.set(names.FORM)], exists)


def claimed(program: str, kind: str, value: str, member: str) -> Writes:
    """Make a value this member's, if it is nobody's."""
    item = _unique(program, kind, value)
    item.member = member
    return Writes().put_new(item)


def released(program: str, kind: str, value: str, member: str) -> Writes:
    """Make a value of this member nobody's."""
    return Writes().delete(_unique(program, kind, value), UniqueItem.member == member)


def hashed(program: str, kind: str, value: str) -> str:
    """The keyed hash under which it stands whose a value is."""
    return keyed_hash(settings(), "unique value", program, kind, value)


def released_hash(program: str, kind: str, found: str, member: str) -> Writes:
    """Make the value of a hash nobody's, which is this member's."""
    item = UniqueItem(keys.unique(program, kind, found), UNIQUE)
    return Writes().delete(item, UniqueItem.member == member)


def consented(member: str, program: str, given: Consent, number: int) -> Writes:
    """Keep a decision as the ``number``-th about its purpose."""
    item = ConsentItem(
        keys.member(program, member),
        keys.numbered(f"CONSENT#{given.purpose}", number),
        granted=given.granted,
        at=given.at,
        rules_version=given.rules_version,
    )
    return Writes().put_new(item)


def lock(program: str, member: str, until: datetime) -> None:
    """Close scratch codes to a member until an instant; an earlier one never shortens a lock."""
    wanted = clock.render(until)
    field = MemberItem.locked_until
    item = MemberItem(keys.member(program, member), MEMBER)
    shorter = field.does_not_exist() | (field < wanted)
    try:
        commit(Writes().update(item, [field.set(wanted)], MemberItem.journal.exists() & shorter))
    except ConditionFailed:
        return


def _member(program: str, member: str, item: MemberItem) -> Member:
    values = {name: getattr(item, name) for name in _MEMBER}
    return Member(program=program, member=member, **values)


def profile_of(item: ProfileItem) -> Profile:
    """What an item tells."""
    values: dict[str, Any] = {name: getattr(item, name) for name in _PROFILE}
    return Profile(**values)


def _id_of(item: Item) -> str:
    return str(item.pk).rpartition("#")[2]


def _journal(pk: str, number: int, happened: Happened) -> JournalItem:
    return JournalItem(
        pk,
        keys.numbered("J", number),
        fact=happened.fact,
        at=clock.render(happened.at),
        actor=happened.actor,
        data=happened.data,
        note=happened.note or None,
    )


def _unique(program: str, kind: str, value: str) -> UniqueItem:
    return UniqueItem(keys.unique(program, kind, hashed(program, kind, value)), UNIQUE)


def _set(attribute: UnicodeAttribute, value: str | None) -> Action:
    return attribute.remove() if value is None else attribute.set(value)


def _fields(shape: type[msgspec.Struct], *but: str) -> tuple[str, ...]:
    return tuple(name for name in shape.__struct_fields__ if name not in but)


_MEMBER = _fields(Member, "program", "member")
_PROFILE = _fields(Profile)
