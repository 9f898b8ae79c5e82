"""Rows of import files as values, and what becomes of them."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.jobs.model import Job, State
from chalicelib.kernel.csv_text import cell, plain
from chalicelib.members.model import Profile
from chalicelib.programs.model import Program
from chalicelib.transfers import model, rows_balances, rows_members
from chalicelib.transfers.lines import Cells
from chalicelib.transfers.model import Fault, Import, Order
from chalicelib.transfers.reading import Typed
from chalicelib.transfers.rows_balances import Opening
from chalicelib.transfers.rows_members import Entrant
from tests.support.common import JEWELS

PROGRAM = msgspec.convert({**JEWELS, "version": 3}, Program)
AT = datetime(2026, 11, 23, 22, tzinfo=UTC)
"""In the club's zone it is the 24th already."""
GOOD = {"external_id": "OLD-1", "kind": "buyer"}


def member(**cells: str) -> Entrant | list[Fault]:
    """A row of a members file."""
    return rows_members.read(Typed(4, 5, {**GOOD, **cells}), PROGRAM, AT)


def opening(**cells: str) -> Opening | list[Fault]:
    """A row of a balances file."""
    typed = Typed(4, 5, {"external_id": "OLD-1", "points": "70", **cells})
    return rows_balances.read(typed, PROGRAM, AT)


def faults(found: object) -> list[tuple[str, str]]:
    """Field and code of everything that is wrong."""
    assert isinstance(found, list)
    assert all((one.row, one.line) == (4, 5) for one in found)
    return [(one.field, one.code) for one in found]


def test_a_member_with_everything() -> None:
    found = member(
        phone="+7 (903) 555-01-01",
        email="Anna@Example.org",
        card_number="4000 1234 1234 1234",
        given_name=" Anna   Maria ",
        birthday="1990-05-31",
        gender="Female",
        language="en",
        joined_at="2026-11-24",
        consent_rules="2019-04-01T00:00:00+03:00",
        consent_sms="2024-02-10",
        status="active",
    )
    assert isinstance(found, Entrant)
    assert found.profile == Profile(
        given_name="Anna Maria",
        birthday="1990-05-31",
        gender="female",
        phone="+79035550101",
        email="anna@example.org",
        external_id="OLD-1",
    )
    assert (found.kind, found.language, found.joined_at) == (
        "buyer",
        "en",
        "2026-11-23T21:00:00.000Z",
    )
    told = [(one.purpose, one.at, one.rules_version) for one in found.consents]
    assert told == [
        ("rules", "2019-03-31T21:00:00.000Z", 3),
        ("sms", "2024-02-09T21:00:00.000Z", 0),
    ]
    assert list(found.unique) == ["external_id", "phone", "email", "card_number"]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"phone": "89035550101"}, [("phone", "wrong_phone")]),
        ({"phone": "+78123456789"}, [("phone", "no_mobile_phone")]),
        ({"email": "nobody"}, [("email", "wrong_email")]),
        ({"card_number": "1234"}, [("card_number", "wrong_card_number")]),
        ({"card_number": "4000123412341235"}, [("card_number", "wrong_card_number")]),
        ({"external_id": "a b"}, [("external_id", "wrong_external_id")]),
        ({"external_id": "x" * 65}, [("external_id", "wrong_external_id")]),
        ({"given_name": "x" * 101}, [("given_name", "too_long")]),
        ({"birthday": "31.05.1990"}, [("birthday", "wrong_day")]),
        ({"birthday": "1899-12-31"}, [("birthday", "too_small")]),
        ({"birthday": "2026-11-25"}, [("birthday", "too_big")]),
        ({"gender": "f"}, [("gender", "not_one_of")]),
        ({"kind": "breeder"}, [("kind", "not_one_of")]),
        ({"status": "suspended"}, [("status", "only_active")]),
        ({"language": "fr"}, [("language", "not_one_of")]),
        ({"joined_at": "2026-11-25"}, [("joined_at", "in_future")]),
        ({"joined_at": "2026-02-30"}, [("joined_at", "wrong_instant")]),
        ({"consent_sms": "yes"}, [("consent_sms", "wrong_instant")]),
        ({"consent_sms": "2027-01-01"}, [("consent_sms", "in_future")]),
        ({"salary": "5"}, [("salary", "unknown_field")]),
        ({"gender": "f", "phone": "1"}, [("gender", "not_one_of"), ("phone", "wrong_phone")]),
    ],
)
def test_everything_wrong_with_a_member_is_told(cells: Cells, told: list[tuple[str, str]]) -> None:
    assert faults(member(**cells)) == told


def test_a_row_about_nobody_is_refused() -> None:
    found = rows_members.read(Typed(4, 5, {"city": "Tver"}), PROGRAM, AT)
    assert faults(found) == [("", "no_key"), ("kind", "required")]
    assert faults(rows_balances.read(Typed(4, 5, {}), PROGRAM, AT)) == [
        ("", "no_key"),
        ("points", "required"),
    ]


def test_at_most_five_faults_are_told_of_a_row() -> None:
    wrong = {f"column-{at}": "x" for at in range(9)}
    assert len(faults(member(**wrong))) == 5


def test_what_becomes_of_a_member() -> None:
    found = member(phone="+79035550101")
    assert isinstance(found, Entrant)
    ext, phone = found.unique["external_id"], found.unique["phone"]

    def judged(owners: dict[tuple[str, str], str], existing: model.Existing = "skip") -> object:
        return rows_members.judge(found, owners, "own", existing)

    assert judged({}) == "good"
    assert judged({ext: "own", phone: "own"}) == "done"
    assert judged({ext: "a", phone: "a"}) == judged({ext: "a"}) == "known"
    assert faults(judged({ext: "a"}, "refuse")) == [("external_id", "member_known")]
    assert faults(judged({phone: "b"})) == [("phone", "taken")]
    assert faults(judged({ext: "a", phone: "b"})) == [("phone", "taken")]


def test_points_with_everything() -> None:
    found = opening(burns_on="2026-11-24", reason="Old  balance", row_id="T-1", state="open")
    assert isinstance(found, Opening)
    assert (found.points, found.burns, found.reason) == (70, "2026-11-24", "Old balance")
    never = opening(burns_on="Never")
    assert isinstance(never, Opening)
    assert never.burns == "9999-12-31"


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"points": "0"}, [("points", "wrong_points")]),
        ({"points": "-5"}, [("points", "wrong_points")]),
        ({"points": "1.5"}, [("points", "wrong_points")]),
        ({"points": "1000000001"}, [("points", "wrong_points")]),
        ({"points": "10000000000000"}, [("points", "wrong_points")]),
        ({"burns_on": "2026-11-23"}, [("burns_on", "burnt_already")]),
        ({"burns_on": "soon"}, [("burns_on", "wrong_day")]),
        ({"state": "held"}, [("state", "only_open")]),
        ({"reason": "x" * 501}, [("reason", "too_long")]),
        ({"row_id": "x" * 121}, [("row_id", "too_long")]),
        ({"balance": "5"}, [("balance", "unknown_field")]),
    ],
)
def test_everything_wrong_with_points_is_told(cells: Cells, told: list[tuple[str, str]]) -> None:
    assert faults(opening(**cells)) == told


def test_a_row_of_points_is_known_by_what_it_says() -> None:
    def request(**cells: str) -> tuple[str, str]:
        found = opening(**cells)
        assert isinstance(found, Opening)
        return found.request.key, found.request.content

    assert request() == request(external_id="OLD-1")
    assert request()[0] == request(points="71")[0]
    assert request()[1] != request(points="71")[1]
    keys = {request(**one)[0] for one in ({}, {"reason": "a"}, {"burns_on": "never"})}
    keys |= {request(row_id="1")[0], request(row_id="2")[0]}
    assert len(keys) == 5
    assert request(row_id="1")[0] == request(row_id="1", reason="b")[0]
    assert request(row_id="1")[1] != request(row_id="1", reason="b")[1]


def test_all_that_names_a_member_must_lead_to_one() -> None:
    found = opening(phone="+79035550101")
    assert isinstance(found, Opening)
    ext, phone = found.keys["external_id"], found.keys["phone"]
    assert rows_balances.member_of(found, {ext: "a", phone: "a"}) == "a"
    assert faults(rows_balances.member_of(found, {ext: "a"})) == [("phone", "member_unknown")]
    assert faults(rows_balances.member_of(found, {ext: "a", phone: "b"})) == [("", "keys_disagree")]


def test_the_state_follows_parts_and_jobs() -> None:
    def state(stored: model.ImportState, job: State, check: int = 0, run: int = 0) -> str:
        found = Job(
            program="p",
            job="j",
            kind="k",
            ref="r",
            state=job,
            parts=1,
            units=1,
            created_at="",
            updated_at="",
        )
        order = Order(
            kind="members",
            format="csv",
            file="f",
            on_existing="skip",
            dry_run=True,
            reason="",
            created_at="",
            created_by="",
        )
        value = Import(
            program="p", id="i", order=order, state=stored, job="j", check_left=check, run_left=run
        )
        return model.by_job(model.by_parts(value), found)

    assert state("reading", "running") == "reading"
    assert state("reading", "failed") == "cancelled"
    assert state("checking", "running", check=1) == "checking"
    assert state("checking", "cancelled", check=1) == "cancelled"
    assert state("checking", "running") == "checked"
    assert state("running", "running", run=1) == "running"
    assert state("running", "cancelled", run=1) == "stopped"
    assert state("running", "cancelled") == "done"
    assert state("refused", "done") == "refused"


@given(st.text(st.sampled_from("ab=+-@\t;'\n "), max_size=8))
def test_what_was_made_safe_is_read_as_it_was(text: str) -> None:
    if "'" not in text:
        assert plain(cell(text)) == text
