"""Which version judges an instant, what publishing refuses, and what a lookup costs."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.errors import Forbidden, IdempotencyKeyReused
from chalicelib.kernel.http.call import MemberCaller, StaffCaller
from chalicelib.kernel.table import guards
from chalicelib.kernel.table.items import client
from chalicelib.programs import schedule, service, service_drafts, service_versions, store
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import (
    BaseVersionStale,
    DraftInvalid,
    EffectiveOutOfRange,
    NoticeOutOfOrder,
    Program,
    ProgramIdDiffers,
    ProgramUnknown,
    RulesForMembers,
    VersionUnknown,
)
from chalicelib.programs.schedule import Scheduled
from chalicelib.programs.service_versions import Plan

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWNER = StaffCaller("ann", {"*": ("*",)})
YEAR = timedelta(days=365)


def document(program: str, points: int = 0, **changes: Any) -> Program:
    earning = {"item_points": {"default": points}}
    return msgspec.convert({**DOCUMENT, "id": program, "earning": earning, **changes}, Program)


def key(name: str = "", content: Any = None) -> guards.Request:
    return guards.request("staff:ann", "publish", name or uuid.uuid4().hex, content)


def draft(program: str, points: int = 0, at: datetime = NOW, **changes: Any) -> None:
    service_drafts.write_draft(program, document(program, points, **changes), OWNER, at)


def publish(program: str, effective_at: datetime, at: datetime = NOW, **more: Any) -> int:
    plan = Plan(effective_at=effective_at, **more)
    return int(service_versions.publish(program, plan, "ann", key(), at).number)


@pytest.fixture
def program() -> str:
    """A program with one version, in force since a year ago."""
    name = f"p-{uuid.uuid4().hex[:12]}"
    service_versions.install(document(name, 1), NOW - YEAR, "ann", NOW)
    return name


def points_at(program: str, at: datetime) -> int:
    return service.in_force(program, at).earning.item_points.default


def test_the_effective_instant_is_exact(program: str) -> None:
    start = NOW + timedelta(days=30)
    draft(program, 2)
    assert publish(program, start) == 2
    assert points_at(program, start - timedelta(milliseconds=1)) == 1
    assert points_at(program, start) == 2
    assert service.in_force(program, start).version == 2


def test_a_later_version_takes_over_from_one_announced_before(program: str) -> None:
    draft(program, 2)
    publish(program, NOW + timedelta(days=30))
    draft(program, 3)
    publish(program, NOW + timedelta(days=10))
    assert points_at(program, NOW + timedelta(days=9)) == 1
    assert points_at(program, NOW + timedelta(days=10)) == 3
    assert points_at(program, NOW + timedelta(days=31)) == 3


def test_before_the_first_version_there_is_no_program(program: str) -> None:
    with pytest.raises(ProgramUnknown):
        service.in_force(program, NOW - YEAR - timedelta(milliseconds=1))
    with pytest.raises(ProgramUnknown):
        service.in_force("nobody", NOW)


def test_versions_beyond_the_head_still_judge_their_time(program: str) -> None:
    for number in range(2, store.SCHEDULED + 4):
        draft(program, number)
        moment = NOW + timedelta(days=number)
        publish(program, moment, at=moment)
    head = store.head(program, strong=True)
    assert head is not None
    assert len(head.schedule) == store.SCHEDULED
    assert points_at(program, NOW) == 1
    assert points_at(program, NOW + timedelta(days=2)) == 2
    assert points_at(program, NOW + timedelta(days=3, hours=1)) == 3
    assert service.version(program, 1).earning.item_points.default == 1


def test_a_lookup_costs_next_to_nothing(program: str) -> None:
    units: list[str] = []
    client().meta.events.register(
        "before-call.dynamodb", lambda model, **_: units.append(model.name), unique_id="count"
    )
    try:
        service.forget(program)
        for _ in range(1000):
            service.in_force(program, NOW)
    finally:
        client().meta.events.unregister("before-call.dynamodb", unique_id="count")
    assert len(units) <= 2


def test_only_who_may_act_everywhere_creates_a_program() -> None:
    name = f"p-{uuid.uuid4().hex[:12]}"
    local = StaffCaller("bob", {name: ("*",)})
    with pytest.raises(Forbidden):
        service_drafts.write_draft(name, document(name), local, NOW)
    draft(name)
    service_drafts.write_draft(name, document(name, 5), local, NOW)
    assert name in set(store.listed())


def test_the_same_draft_again_changes_nothing(program: str) -> None:
    draft(program, 7)
    draft(program, 7, at=NOW + timedelta(hours=1), version=3)
    item = store.draft(program)
    assert item is not None
    assert item.changed_at == "2026-03-01T12:00:00.000Z"
    with pytest.raises(ProgramIdDiffers):
        service_drafts.write_draft(program, document("other"), OWNER, NOW)


def test_a_retry_publishes_once(program: str) -> None:
    draft(program, 2)
    plan = Plan(effective_at=NOW + timedelta(days=1))
    first = service_versions.publish(program, plan, "ann", key("k1", "a"), NOW)
    late = NOW + timedelta(days=9)
    again = service_versions.publish(program, plan, "ann", key("k1", "a"), late)
    assert first.number == again.number == 2
    assert first.published_at == again.published_at
    with pytest.raises(IdempotencyKeyReused):
        service_versions.publish(program, plan, "ann", key("k1", "b"), late)


def test_publishing_refuses_what_cannot_be(program: str) -> None:
    draft(program, 2)
    with pytest.raises(EffectiveOutOfRange):
        publish(program, NOW - timedelta(hours=1))
    with pytest.raises(EffectiveOutOfRange):
        publish(program, datetime(2200, 1, 1, tzinfo=UTC))
    with pytest.raises(NoticeOutOfOrder):
        publish(program, NOW + timedelta(days=1), notice_at=NOW + timedelta(days=2))
    with pytest.raises(NoticeOutOfOrder):
        publish(program, NOW + timedelta(days=1), notice_at=NOW - timedelta(days=1))
    with pytest.raises(BaseVersionStale):
        publish(program, NOW + timedelta(days=1), base_version=0)
    with pytest.raises(ProgramUnknown):
        publish("nobody", NOW)
    draft(program, 2, currency="EUR", languages=["ru", "en", "uk"])
    with pytest.raises(DraftInvalid) as caught:
        publish(program, NOW + timedelta(days=1))
    assert {"/currency", "/rules/uk"} <= {fault.pointer for fault in caught.value.fields}
    assert points_at(program, NOW + YEAR) == 1


def test_now_on_the_callers_clock_is_taken_as_now(program: str) -> None:
    draft(program, 2)
    publish(program, NOW - timedelta(seconds=3), base_version=1)
    assert points_at(program, NOW - timedelta(milliseconds=1)) == 1
    assert points_at(program, NOW) == 2


def test_install_leaves_a_published_program_alone(program: str) -> None:
    assert service_versions.install(document(program, 99), NOW, "ann", NOW) == 1
    assert points_at(program, NOW) == 1


def test_terms_of_a_members_club_stay_inside(program: str) -> None:
    member = MemberCaller(program, "m", "buyer", "active", "s", "ru")
    stranger = MemberCaller("other", "m", "buyer", "active", "s", "ru")
    draft(program, 2, rules_public=False)
    publish(program, NOW + timedelta(days=2), notice_at=NOW + timedelta(days=1))
    read = service_versions.readable
    assert read(program, None, None, NOW).version == 1
    with pytest.raises(VersionUnknown):
        read(program, 2, None, NOW)
    with pytest.raises(RulesForMembers):
        read(program, 2, None, NOW + timedelta(days=1))
    after = NOW + timedelta(days=3)
    for caller in (None, stranger):
        for number in (None, 1, 2, 3):
            with pytest.raises(RulesForMembers):
                read(program, number, caller, after)
    assert read(program, None, member, after).version == 2
    assert read(program, 1, member, after).version == 1
    with pytest.raises(VersionUnknown):
        read(program, 3, member, after)
    with pytest.raises(VersionUnknown):
        read(program, 2, member, NOW)
    assert read(program, 2, member, NOW + timedelta(days=1)).version == 2


ROWS = st.lists(
    st.tuples(st.sampled_from("2345"), st.sampled_from("123")), min_size=1, max_size=5
).map(
    lambda dates: [
        Scheduled(place + 1, effective, "", min(notice, effective))
        for place, (effective, notice) in enumerate(dates)
    ]
)


@given(ROWS)
def test_what_overtakes_is_what_is_in_force_instead(rows: list[Scheduled]) -> None:
    """Against the house rule itself, asked at every instant."""

    def ever(given: list[Scheduled]) -> set[int]:
        found = (schedule.in_force(given, instant) for instant in "12345")
        return {row.number for row in found if row}

    for row in rows:
        others = [other for other in rows if other.number != row.number]
        known = others[: row.number - 1]
        lost = {other.number for other in schedule.overtakes(known, row)}
        assert lost == ever(known) - ever([*known, row])
    told = [row for row in rows if row.notice_at <= "1"]
    assert {row.number for row in schedule.coming(rows, "1")} == ever(told)
