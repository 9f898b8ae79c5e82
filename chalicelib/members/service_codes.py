"""One-time codes: sent to an address, and tried.

A code is a keyed hash of its challenge and the instant of issue, so that a dump of the table
reveals none. The challenge is a keyed hash of the caller's ``Idempotency-Key``: a retry meets the
same challenge, and nothing about an address can be read from it. Whether the address belongs to a
member plays no part here, so no answer tells.

A try is used up *before* the code is compared, and returned when it was right; parallel guesses
cannot get more.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyKeyReused, Refusal, TooMany
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.observability import count
from chalicelib.kernel.secrets import keyed_digest, keyed_hash, same
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import guards
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store_codes
from chalicelib.members.errors import (
    OneTimeCodeExpired,
    OneTimeCodesPaused,
    TooManyOneTimeCodes,
    TooManyWrongOneTimeCodes,
    WrongOneTimeCode,
)
from chalicelib.members.store_codes import MOST_TRIES, Challenge
from chalicelib.messages import addresses, gateway, templates
from chalicelib.messages.model import Channel, Message
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force

R = TypeVar("R")

CODE_LIFE = timedelta(minutes=10)
CODE_DIGITS = 6
CHALLENGE_LENGTH = 40
RESEND_AFTER_S = 60
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_ALL = "all"
OF_ADDRESS = Limit("codes-address", 3, timedelta(minutes=10))
OF_ADDRESS_A_DAY = Limit("codes-address-day", 10, _DAY)
OF_CLIENT = Limit("codes-client", 300, _HOUR)
"""Wide, because a mobile operator puts many people behind one address."""
PAID = Limit("codes-paid", 0, _DAY)
"""Its figure is the stage's ``messages_per_day``."""
WRONG_OF_CLIENT = Limit("codes-wrong-client", 60, _HOUR)
WRONG = Limit("codes-wrong", 0, _HOUR)
"""Its figure is the stage's ``failed_codes_per_hour``."""


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's wish for a code."""

    program: str
    channel: Channel
    address: str
    language: str
    client: str
    guard: guards.Request
    at: datetime


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's answer to a challenge."""

    program: str
    challenge: str
    one_time_code: str
    client: str
    at: datetime


class _Cap(msgspec.Struct, frozen=True):
    """One limit that applies now."""

    limit: Limit
    subject: str
    most: int
    refusal: type[TooMany]


def send(order: Order, stage: Settings) -> Challenge:
    """Send a code; the same request again sends no second one, if the first got away.

    Raises:
        ProgramUnknown, InvalidFields, IdempotencyKeyReused, TooManyOneTimeCodes,
        OneTimeCodesPaused, MessageNotSent.
    """
    program = in_force(order.program, order.at)
    address = addresses.normalise(order.channel, order.address)
    key = keyed_hash(stage, "challenge", order.client, order.guard.key)[:CHALLENGE_LENGTH]
    found = _found(order, key)
    if found is not None and found.sent:
        return found
    # Counted before sending and once more for each further try to send: parallel requests cannot
    # get past.
    _count(order.program, order.at, _caps(order, address, stage))
    new = Challenge(
        program=order.program,
        challenge=key,
        content=order.guard.content,
        channel=order.channel,
        address=address,
        issued_at=clock.render(order.at),
        expires_at=clock.render(order.at + CODE_LIFE),
    )
    issued = transact(lambda _: _issue(order, new))
    if not issued.sent:
        gateway.send(_message(issued, address, order.language, program, stage), stage)
        store_codes.mark_sent(issued)
    return issued


def redeem(attempt: Attempt, stage: Settings, act: Callable[[Challenge], tuple[Writes, R]]) -> R:
    """Prove a code and commit what ``act`` makes of its challenge.

    ``act``'s writes hold ``store_codes.used``, or ``store_codes.given_back`` when this was done
    before.

    Raises:
        OneTimeCodeExpired, WrongOneTimeCode, TooManyWrongOneTimeCodes, OneTimeCodesPaused, and what
        ``act`` raises; a right code that is refused for another reason stays good.
    """
    proved = _prove(attempt, stage)

    def decide(strong: bool) -> tuple[Writes, R]:
        seen = proved
        if strong:
            again = store_codes.read(attempt.program, attempt.challenge, attempt.at)
            if again is None or again.issued_at != proved.issued_at:
                raise OneTimeCodeExpired
            seen = again
        return act(seen)

    try:
        return transact(decide)
    except Refusal as refusal:
        if refusal.status < 500:
            store_codes.give_back(proved)
        raise


def code_of(challenge: Challenge, stage: Settings) -> str:
    """The six digits of a challenge: a remainder of 64 bits, so none is favoured noticeably."""
    raw = keyed_digest(
        stage, "one-time code", challenge.program, challenge.challenge, challenge.issued_at
    )
    return f"{int.from_bytes(raw[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def _found(order: Order, key: str) -> Challenge | None:
    found = store_codes.read(order.program, key, order.at)
    if found is not None and found.content != order.guard.content:
        raise IdempotencyKeyReused
    return found


def _issue(order: Order, new: Challenge) -> tuple[Writes, Challenge]:
    found = _found(order, new.challenge)
    return (Writes(), found) if found is not None else (store_codes.issued(new), new)


def _message(
    issued: Challenge, address: str, language: str, program: Program, stage: Settings
) -> Message:
    spoken = language if language in program.languages else program.languages[0]
    return templates.one_time_code(
        issued.channel,
        address,
        spoken,
        club=program.name.get(spoken),
        code=code_of(issued, stage),
        minutes=int(CODE_LIFE.total_seconds()) // 60,
    )


def _prove(attempt: Attempt, stage: Settings) -> Challenge:
    caps = [
        _Cap(WRONG_OF_CLIENT, attempt.client, WRONG_OF_CLIENT.most, TooManyWrongOneTimeCodes),
        _Cap(WRONG, _ALL, stage.failed_codes_per_hour, OneTimeCodesPaused),
    ]
    _refuse_over(attempt.program, attempt.at, caps)
    if not store_codes.take_try(attempt.program, attempt.challenge, attempt.at):
        raise OneTimeCodeExpired
    found = store_codes.read(attempt.program, attempt.challenge, attempt.at)
    if found is None:
        raise OneTimeCodeExpired
    if not same(attempt.one_time_code, code_of(found, stage)):
        for cap in caps:
            cap.limit.count(attempt.program, cap.subject, attempt.at)
        raise WrongOneTimeCode(left=max(0, MOST_TRIES - found.tries))
    return found


def _caps(order: Order, address: str, stage: Settings) -> list[_Cap]:
    caps = [
        _Cap(OF_ADDRESS, address, OF_ADDRESS.most, TooManyOneTimeCodes),
        _Cap(OF_ADDRESS_A_DAY, address, OF_ADDRESS_A_DAY.most, TooManyOneTimeCodes),
        _Cap(OF_CLIENT, order.client, OF_CLIENT.most, TooManyOneTimeCodes),
    ]
    if order.channel == "sms":
        caps.append(_Cap(PAID, _ALL, stage.messages_per_day, OneTimeCodesPaused))
    return caps


def _count(program: str, at: datetime, caps: list[_Cap]) -> None:
    _refuse_over(program, at, caps)
    for cap in caps:
        if cap.limit.count(program, cap.subject, at) > cap.most:
            _refuse_over(program, at, [cap])


def _refuse_over(program: str, at: datetime, caps: list[_Cap]) -> None:
    for cap in caps:
        wait = cap.limit.retry_after(program, cap.subject, at, most=cap.most)
        if wait:
            if cap.refusal is OneTimeCodesPaused:
                count("BreakerOpen", breaker=cap.limit.kind)
            raise cap.refusal(retry_after=wait)
