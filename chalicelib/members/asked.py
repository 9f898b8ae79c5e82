"""What a program's rules may ask of a member, read only as far as they do."""

from collections.abc import Callable
from datetime import date

import msgspec

from chalicelib.earning.engine import Engine
from chalicelib.earning.model import MemberFacts
from chalicelib.kernel.clock import local_date, parse
from chalicelib.members import store
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import (
    BirthdayCondition,
    GenderCondition,
    MembershipCondition,
)


def asked(
    engine: Engine,
    trigger: str,
    program: Program,
    member: str,
    kind: str,
    joined_at: Callable[[], str | None],
) -> MemberFacts:
    """The facts of a member that rules of the trigger ask about; the profile costs a strong read,
    ``joined_at`` what the caller makes it cost.
    """
    facts = MemberFacts(kind=kind)
    if engine.asks(trigger, MembershipCondition):
        joined = joined_at()
        day = local_date(parse(joined), program.zone) if joined else None
        facts = msgspec.structs.replace(facts, joined_on=day)
    if engine.asks(trigger, BirthdayCondition, GenderCondition):
        told = store.profile(program.id, member)
        born = date.fromisoformat(told.birthday) if told.birthday else None
        facts = msgspec.structs.replace(facts, birthday=born, gender=told.gender)
    return facts
