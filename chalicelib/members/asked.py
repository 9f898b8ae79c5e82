"""What a program's rules may ask of a member, read only as far as they do."""

from collections.abc import Callable
from datetime import date, datetime

import msgspec

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import MemberFacts
from chalicelib.kernel.clock import local_date, parse
from chalicelib.members import store
from chalicelib.members.model import Member, in_groups_on
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import (
    BirthdayCondition,
    GenderCondition,
    GroupCondition,
    MembershipCondition,
    SegmentCondition,
)


def asked(
    engine: Engine,
    trigger: str,
    program: Program,
    who: tuple[str, str],
    at: datetime,
    read: Callable[[], Member | None],
) -> MemberFacts:
    """The facts that rules of the trigger ask about an event of a member (id and kind) at an
    instant.

    The profile costs a strong read; the member costs what ``read`` makes it cost.
    """
    member, kind = who
    facts = MemberFacts(kind=kind)
    if engine.asks(trigger, MembershipCondition, GroupCondition, SegmentCondition):
        found = read()
        if found is not None:
            facts = msgspec.structs.replace(
                facts,
                joined_on=joined_on(found.joined_at, program),
                groups=in_groups_on(found, local_date(at, program.zone)),
                segments=found.segments,
            )
    if engine.asks(trigger, BirthdayCondition, GenderCondition):
        told = store.profile(program.id, member)
        born = date.fromisoformat(told.birthday) if told.birthday else None
        facts = msgspec.structs.replace(facts, birthday=born, gender=told.gender)
    return facts


def joined_on(joined_at: str, program: Program) -> date:
    """The local day on which somebody joined."""
    return local_date(parse(joined_at), program.zone)
