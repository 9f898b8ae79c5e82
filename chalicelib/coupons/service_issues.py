"""Staff give coupons to a list of members (RG-12): checked at once, given by a job in parts.

A list can be longer than one transaction. Its members, its record and its job are written together;
the job gives each member the coupon whose id follows from the list, so a part that runs again gives
nobody a second one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from chalicelib.coupons import service, store, store_issues
from chalicelib.coupons.errors import NobodyEligible
from chalicelib.coupons.model import Terms, coupon_id, term_faults
from chalicelib.coupons.service import NewCoupon
from chalicelib.coupons.store_issues import Issue, LeftOut
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import Handlers, JobFailed, Work
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.table import audit, guards, keys
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.programs import checks
from chalicelib.programs.service import in_force
from chalicelib.programs.values import Texts

KIND = "coupons.issue"
PART = 20
"""Members of one part: four items each, within one transaction."""


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """Somebody's order to give a coupon to each of these members."""

    program: str
    name: Texts
    terms: Terms
    members: tuple[str, ...]
    reason: str
    actor: str
    at: datetime


def try_out(order: IssueOrder) -> Issue:
    """What :func:`issue` would do; changes nothing.

    Raises:
        ProgramUnknown, InvalidFields.
    """
    _refuse_faulty(order)
    return _sifted(order, "", "")


def issue(order: IssueOrder, ids: Ids, call: guards.Request) -> Issue:
    """Give the coupons, by a job; who is no active member is left out. The same call again answers
    the same list.

    Raises:
        ProgramUnknown, InvalidFields, NobodyEligible, IdempotencyKeyReused.
    """
    pk = keys.coupons(order.program)
    new_id, job = in_time_order(order.at, ids.new()), ids.new()

    def decide(_: bool) -> tuple[Writes, Issue]:
        done = guards.done(pk, call)
        if done is not None:
            return Writes(), _known(order.program, done)
        _refuse_faulty(order)
        new = _sifted(order, new_id, job)
        if not new.members:
            raise NobodyEligible
        size = len(new.members)
        parts = -(-size // PART)
        writes = store_issues.created(new)
        writes += jobs.start(
            order.program, job, KIND, new_id, thing="issue", parts=parts, units=size, at=order.at
        )
        guards.remember(writes, pk, call, new_id)
        return audit.note(writes, _act(order, new)), new

    made = transact(decide)
    jobs.announce(made.program, made.job)
    return made


def give(work: Work) -> int:
    """One part of a list: each of its members who is still active gets their coupon, once."""
    found = store_issues.issue(work.job.program, work.job.ref)
    if found is None:
        raise JobFailed("issue_unknown")
    chosen = found.members[(work.part - 1) * PART : work.part * PART]

    def decide(_: bool) -> tuple[Writes, int]:
        return _given(found, chosen, work.at), len(chosen)

    return transact(decide)


JOB_HANDLERS: Handlers = {KIND: give}


def _given(found: Issue, chosen: Sequence[str], at: datetime) -> Writes:
    named = {member: coupon_id(found.program, found.issue, member) for member in chosen}
    there = store.known(found.program, named.items())
    active = members.statuses(found.program, chosen)
    writes = Writes()
    for member, coupon in named.items():
        if coupon in there or active.get(member) != "active":
            continue
        new = NewCoupon(
            program=found.program,
            member=member,
            coupon=coupon,
            sort="coupon",
            name=found.name,
            terms=found.terms,
            source=f"issue:{found.issue}",
            actor=found.actor,
            at=at,
        )
        writes += service.issued(new)
        writes += members.active(found.program, member)
    return writes


def _refuse_faulty(order: IssueOrder) -> None:
    program = in_force(order.program, order.at)
    today = local_date(order.at, program.zone)
    faults = (
        *checks.untranslated(program, "/name", order.name, needed=True),
        *term_faults(order.terms, today),
    )
    if faults:
        raise InvalidFields(fields=faults)


def _sifted(order: IssueOrder, new_id: str, job: str) -> Issue:
    unique = tuple(dict.fromkeys(order.members))
    found = members.statuses(order.program, unique)
    seen: set[str] = set()
    good: list[str] = []
    left_out: list[LeftOut] = []
    for member in order.members:
        if member in seen:
            left_out.append(LeftOut(member, "duplicate"))
        elif member not in found or found[member] == "erased":
            left_out.append(LeftOut(member, "unknown_member"))
        elif found[member] != "active":
            left_out.append(LeftOut(member, "not_active"))
        else:
            good.append(member)
        seen.add(member)
    return Issue(
        program=order.program,
        issue=new_id,
        name=order.name,
        terms=order.terms,
        members=tuple(good),
        left_out=tuple(left_out),
        reason=order.reason,
        actor=order.actor,
        at=render(order.at),
        job=job,
    )


def _act(order: IssueOrder, new: Issue) -> audit.Act:
    return audit.Act(
        program=order.program,
        actor=order.actor,
        action="coupons.issued",
        subject=audit.subject(issue=new.issue),
        at=order.at,
        after={
            "members": len(new.members),
            "left_out": len(new.left_out),
            "terms": msgspec.to_builtins(new.terms),
        },
        reason=order.reason,
    )


def _known(program: str, issue_id: str) -> Issue:
    found = store_issues.issue(program, issue_id)
    if found is None:
        raise AssertionError("a list of coupons is never deleted")
    return found
