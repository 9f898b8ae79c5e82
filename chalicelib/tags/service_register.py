"""Register: the one thing that a scratch code is for (AQ-3).

A tag's public state is answered before the code is looked at; after that only whether the code is
right is secret. Wrong codes are counted against the member, the client, the program and the tag,
and all of them answer alike. The honest path reads the tag and the account, half a unit each, and
writes tag, list, head and entry: eight units.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.counters.gates import refuse_closed
from chalicelib.earning.engine import Engine
from chalicelib.earning.model import Event, History, Line, MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.codes import read_code
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.http.identity import NotActive
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.observability import count
from chalicelib.kernel.secrets import same
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.ledger import service as ledger
from chalicelib.ledger.model import Account, Award, Cause, Entry, Reason, by_rule
from chalicelib.members import service as members
from chalicelib.members import store as members_store
from chalicelib.members.asked import asked
from chalicelib.members.errors import RulesNotAccepted
from chalicelib.programs.model import Program, points_for_item
from chalicelib.programs.rules_conditions import PartnerCondition
from chalicelib.programs.service import in_force
from chalicelib.tags import model, store
from chalicelib.tags.errors import (
    CodeMistyped,
    CodeTriesExhausted,
    CodeWrong,
    TagRegistered,
    TagUnknown,
    TagWithdrawn,
)
from chalicelib.tags.shipped import partner_of

FIRST_ITEM = "first-item"
"""The mark of an account whose member has registered an item."""
TRIGGER = "item_registered"
REGISTERED = "item.registered"
"""The kind of entry that a registration makes."""
LOCKED_FOR = timedelta(hours=1)
MOST_ON_TAG = 10
"""Wrong codes that one tag takes in a UTC day."""
BY_MEMBER = Limit("code-member", 5, timedelta(hours=1))
BY_CLIENT = Limit("code-client", 30, timedelta(hours=1))
BY_PROGRAM = Limit("code-program", 500, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Attempt:
    """A member types a code: texts as typed, and where they came from."""

    caller: MemberCaller
    serial: str
    code: str
    client: str
    at: datetime
    stage: Settings


@dataclass(frozen=True, slots=True)
class Registered:
    """A registered item, the entry it brought, and the account with it."""

    serial: str
    item: model.Item
    entry: Entry
    account: Account


def register(attempt: Attempt) -> Registered:
    """Register an item for its buyer and credit its points; the same again renders the same.

    Raises:
        NotActive, RulesNotAccepted, TagUnknown, TagWithdrawn, TagRegistered, GateClosed,
        LevelNeeded,
        CodeTriesExhausted, CodeMistyped, CodeWrong, AccountClosed.
    """
    if attempt.caller.status != "active":
        raise NotActive
    if not attempt.caller.rules:
        raise RulesNotAccepted

    def decide(strong: bool) -> tuple[Writes, Registered]:
        tag = _tag(attempt, strong)
        if tag.verdict == "registered":
            return Writes(), _again(tag, attempt)
        if tag.verdict == "withdrawn":
            raise TagWithdrawn
        who = attempt.caller
        program = in_force(who.program, attempt.at)
        refuse_closed(program, who.member, who.kind, "items", attempt.at)
        _check_code(tag, attempt)
        return _post(tag, attempt, strong)

    return transact(decide)


def _tag(attempt: Attempt, strong: bool) -> store.TagItem:
    serial = model.read_serial(attempt.serial)
    tag = store.tag(serial, strong=strong) if serial else None
    if serial and not strong and (tag is None or tag.verdict != "genuine"):
        # Nobody is refused on a read that may be old.
        tag = store.tag(serial, strong=True)
    if tag is None or tag.program != attempt.caller.program:
        raise TagUnknown
    return tag


def _again(tag: store.TagItem, attempt: Attempt) -> Registered:
    who = attempt.caller
    code = read_code(attempt.code) or ""
    fits = same(model.code_hash(model.keys_of(attempt.stage), tag.serial, code), tag.code_hash)
    if tag.registered_by != who.member or not fits:
        raise TagRegistered
    entry = ledger.entry(who.program, who.member, tag.entry or 0, strong=True)
    account = ledger.account(who.program, who.member, strong=True)
    return Registered(tag.serial, tag.item, entry, account)


def _check_code(tag: store.TagItem, attempt: Attempt) -> None:
    wait = _wait(tag, attempt)
    if wait:
        raise CodeTriesExhausted(retry_after=wait)
    code = read_code(attempt.code)
    if code is None:
        raise CodeMistyped
    digest = model.code_hash(model.keys_of(attempt.stage), tag.serial, code)
    if not same(digest, tag.code_hash):
        _count_wrong(attempt, tag.serial)
        raise CodeWrong


def _wait(tag: store.TagItem, attempt: Attempt) -> int:
    """Seconds until this attempt may be made; 0: now."""
    who, at = attempt.caller, attempt.at
    if who.locked_until > render(at):
        return max(1, int((parse(who.locked_until) - at).total_seconds()))
    if tag.tries_on(at) >= MOST_ON_TAG:
        return model.seconds_left(at)
    most = attempt.stage.failed_codes_per_hour
    wait = BY_PROGRAM.retry_after(who.program, who.program, at, most=most)
    if wait:
        count("BreakerOpen", breaker=BY_PROGRAM.kind)
    if wait or not BY_PROGRAM.retry_after(who.program, who.program, at, most=BY_CLIENT.most):
        # Nobody can have spent their tries while the whole program counts fewer: a read saved.
        return wait
    return BY_CLIENT.retry_after(who.program, attempt.client, at)


def _count_wrong(attempt: Attempt, serial: str) -> None:
    who, at = attempt.caller, attempt.at
    tried = BY_MEMBER.count(who.program, who.member, at)
    BY_CLIENT.count(who.program, attempt.client, at)
    BY_PROGRAM.count(who.program, who.program, at)

    def decide(strong: bool) -> tuple[Writes, None]:
        tag = store.tag(serial, strong=strong)
        return store.try_counted(tag, at) if tag else Writes(), None

    transact(decide)
    if tried >= BY_MEMBER.most:
        members.lock_codes(who.program, who.member, at + LOCKED_FOR)
    if tried > BY_MEMBER.most:
        # Parallel tries are compared before they are counted; what they found out is kept back.
        raise CodeTriesExhausted(retry_after=int(LOCKED_FOR.total_seconds()))


def _post(tag: store.TagItem, attempt: Attempt, strong: bool) -> tuple[Writes, Registered]:
    who, at = attempt.caller, attempt.at
    program = in_force(who.program, at)
    account = ledger.account(who.program, who.member, strong=strong)
    cause = Cause(REGISTERED, tag.serial, f"member:{who.member}")
    first = FIRST_ITEM not in account.once
    awards = [*_item_awards(program, tag.item, first=first)]
    awards += _rule_awards(program, tag, attempt, first=first)
    posted = ledger.award(
        account, awards, cause, program, at, marks=[FIRST_ITEM], activity="purchase"
    )
    entry = posted.entry
    writes = posted.writes
    writes += store.registered(tag, who.member, render(at), entry.seq, entry.points)
    return writes, Registered(tag.serial, tag.item, entry, posted.account)


def _item_awards(program: Program, item: model.Item, *, first: bool) -> list[Award]:
    points = points_for_item(program, item.sku, item.category)
    bonus = program.earning.item_points.first_item_bonus if first else 0
    given = [
        Award(points, Reason("item_registered", {"sku": item.sku})),
        Award(bonus, Reason("first_item")),
    ]
    return [award for award in given if award.points]


def _rule_awards(
    program: Program, tag: store.TagItem, attempt: Attempt, *, first: bool
) -> list[Award]:
    """What the program's rules give; the member is read only where a rule asks about them.

    ``first`` is as true as the account's head, on which the whole posting is conditional.
    """
    engine = engine_of(program)
    item = tag.item
    event = Event(
        trigger=TRIGGER,
        at=attempt.at,
        lines=(Line(sku=item.sku, category=item.category),),
        partner=partner_of(tag) if engine.asks(TRIGGER, PartnerCondition) else "",
        given=points_for_item(program, item.sku, item.category),
        member=_facts(engine, program, attempt),
        history=History(first=first),
    )
    return [
        Award(given.points, by_rule(program.id, program.version, given.rule))
        for given in engine.judge(event).awards
    ]


def _facts(engine: Engine, program: Program, attempt: Attempt) -> MemberFacts:
    who = attempt.caller
    known = (who.member, who.kind)
    return asked(
        engine,
        TRIGGER,
        program,
        known,
        attempt.at,
        lambda: members_store.read(who.program, who.member),
    )
