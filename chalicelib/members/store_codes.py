"""How challenges are stored. The code itself is not: it is computed from the secret."""

from datetime import datetime
from typing import Literal

import msgspec
from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.kernel import clock
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.messages.model import Channel

OTP = "OTP"
MOST_TRIES = 5


class Use(msgspec.Struct, frozen=True):
    """What a challenge was used for, once."""

    purpose: Literal["session", "contact"]
    member: str
    session: str = ""
    joined: bool = False


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was sent to an address."""

    program: str
    challenge: str
    content: str
    """Hash of the request that it answers."""
    channel: Channel
    address: str
    """Empty once used."""
    issued_at: str
    expires_at: str
    sent: bool = False
    tries: int = 0
    used: Use | None = None


class ChallengeItem(Item):
    """A challenge. ``ttl`` tidies up; reads decide by ``expires_at``."""

    content = UnicodeAttribute()
    channel = UnicodeAttribute()
    address = UnicodeAttribute(default="")
    issued_at = UnicodeAttribute()
    expires_at = UnicodeAttribute()
    sent = BooleanAttribute(default=False)
    tries = IntAttribute(default=0)
    used: PackedAttribute[Use] = PackedAttribute(Use, null=True)
    ttl = IntAttribute()


def read(program: str, challenge: str, at: datetime) -> Challenge | None:
    """A challenge that has not run out, by a strong read."""
    key = _key(program, challenge)
    item = ChallengeItem.find(key.pk, key.sk, strong=True)
    if item is None or item.expires_at <= clock.render(at):
        return None
    values = {name: getattr(item, name) for name in _FIELDS}
    return Challenge(program=program, challenge=challenge, **values)


def issued(new: Challenge) -> Writes:
    """Keep a new challenge, in the place of one that has run out if need be."""
    item = _key(new.program, new.challenge)
    for name in ("content", "channel", "address", "issued_at", "expires_at"):
        setattr(item, name, getattr(new, name))
    item.ttl = int(clock.parse(new.expires_at).timestamp())
    free = ChallengeItem.pk.does_not_exist() | (ChallengeItem.expires_at <= new.issued_at)
    return Writes().put(item, free)


def mark_sent(challenge: Challenge) -> None:
    """Remember that the code is on its way, so that a retry sends no second one."""
    sent = ChallengeItem.sent.set(True)
    _update(challenge, Writes().update(_item(challenge), [sent], _is(challenge)))


def take_try(program: str, challenge: str, at: datetime) -> bool:
    """Use up one try before the code is compared; whether there was one left."""
    may = (ChallengeItem.tries < MOST_TRIES) & (ChallengeItem.expires_at > clock.render(at))
    item = _key(program, challenge)
    try:
        commit(Writes().update(item, [ChallengeItem.tries.add(1)], may))
    except ConditionFailed:
        return False
    return True


def given_back(challenge: Challenge) -> Writes:
    """Return the try of a right code that changes nothing (yet)."""
    return Writes().update(_item(challenge), [ChallengeItem.tries.add(-1)], _is(challenge))


def give_back(challenge: Challenge) -> None:
    """The same at once, for a right code that was refused for another reason."""
    _update(challenge, given_back(challenge))


def used(challenge: Challenge, use: Use) -> Writes:
    """Use a challenge, once; its address is forgotten and its try returned."""
    actions = [
        ChallengeItem.used.set(use),
        ChallengeItem.address.set(""),
        ChallengeItem.tries.add(-1),
    ]
    unused = ChallengeItem.used.does_not_exist()
    return Writes().update(_item(challenge), actions, _is(challenge) & unused)


def _update(challenge: Challenge, writes: Writes) -> None:
    try:
        commit(writes)
    except ConditionFailed:
        # It ran out and made room for another one: nothing is left to note.
        return


def _is(challenge: Challenge) -> Condition:
    return ChallengeItem.issued_at == challenge.issued_at


def _item(challenge: Challenge) -> ChallengeItem:
    return _key(challenge.program, challenge.challenge)


def _key(program: str, challenge: str) -> ChallengeItem:
    return ChallengeItem(keys.one_time_code(program, challenge), OTP)


_FIELDS = tuple(
    name for name in Challenge.__struct_fields__ if name not in ("program", "challenge")
)
