"""The pure rules about staff: rights, owners, passwords, counters."""

from datetime import UTC, datetime

import msgspec
import pyotp
import pytest

from app import ROOMS
from chalicelib.kernel.http.routing import operations
from chalicelib.kernel.settings import settings
from chalicelib.kernel.texts import LANGUAGES, knows
from chalicelib.staff import factors, model, passwords
from chalicelib.staff.errors import LastOwner
from chalicelib.staff.model import Factor, Invitation, Person, Status
from chalicelib.staff.rights import EVERYTHING, GIVEN, RIGHTS, listed

SALT = bytes(16)
AT = datetime(2026, 11, 23, 12, 0, 15, tzinfo=UTC)
STEP = int(AT.timestamp()) // 30
TOTP = Factor(factor="8r2t6y0c9k3m7q1x5z4w", kind="totp", label="", added_at="")


def person(status: Status = "active", *roles: str) -> Person:
    return Person(
        staff="4w8r2t6y0c9k3m7q1x5z",
        name="Olga",
        email="olga@example.com",
        language="en",
        status=status,
        version=1,
        grants={"jewels": roles},
        invitation=Invitation(number=1, expires_at="2026-11-30T12:00:00.000Z"),
    )


def test_every_right_of_an_operation_is_in_the_catalogue() -> None:
    accesses = {one.access for one in operations(ROOMS)}
    asked = {one.removeprefix("staff:") for one in accesses if one.startswith("staff:")}
    assert asked <= set(RIGHTS)
    assert len(set(RIGHTS)) == len(RIGHTS)


def test_given_roles_have_rights_of_the_catalogue_only() -> None:
    assert GIVEN["owner"] == (EVERYTHING,)
    for role, rights in GIVEN.items():
        if role != "owner":
            assert set(rights) <= set(RIGHTS), role
            assert "staff.write" not in rights
    # An analyst changes nothing: a forecast only looks at what would be.
    changing = [right for right in GIVEN["analyst"] if not right.endswith(".read")]
    assert changing == ["forecasts.run"]


PINNED = {
    "owner": "*",
    "manager": """
        programs.read programs.write programs.publish members.read members.search members.note
        members.group members.tier members.block calls.take sellers.call tags.read tags.make
        tags.ship tags.print tags.withdraw tags.release claims.read claims.withdraw
        ledger.read ledger.adjust ledger.approve awards.read awards.run
        awards.approve coupons.read coupons.issue donations.read donations.return memberships.read
        memberships.write rewards.read rewards.write rewards.publish rewards.stock rewards.codes
        points.read points.write files.read files.write orders.read orders.handle orders.refund
        receipts.read events.write forecasts.read forecasts.run partners.read partners.write
        partners.credentials jobs.read jobs.run notices.read transfers.import transfers.approve
        transfers.export settlement.read settlement.run audit.read staff.read
    """,
    "specialist": """
        programs.read members.read members.search members.note members.group members.tier
        members.block calls.take sellers.call tags.read claims.read ledger.read receipts.read
        coupons.read memberships.read
        memberships.write orders.read notices.read
    """,
    "support": """
        programs.read members.read members.search members.note calls.take sellers.call
        tags.read claims.read ledger.read ledger.adjust receipts.read coupons.read
        memberships.read rewards.read points.read orders.read notices.read
    """,
    "warehouse": """
        rewards.read rewards.stock points.read orders.read orders.handle notices.read
    """,
    "analyst": """
        programs.read tags.read ledger.read donations.read rewards.read points.read orders.read
        partners.read forecasts.read forecasts.run settlement.read jobs.read
    """,
}
"""What each given role may do, said a second time: nobody gets a right by the way."""


def test_a_given_role_gets_or_loses_a_right_on_purpose_only() -> None:
    assert {role: set(rights) for role, rights in GIVEN.items()} == {
        role: set(rights.split()) for role, rights in PINNED.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_right_and_every_given_role_has_its_sentence(language: str) -> None:
    keys = [f"right.{right}" for right in RIGHTS] + [f"role.{role}" for role in GIVEN]
    assert [key for key in keys if not knows(language, key)] == []


def test_rights_are_listed_in_the_order_of_the_catalogue() -> None:
    assert listed((EVERYTHING,)) == RIGHTS
    assert listed(("tags.read", "programs.read", "made.up")) == ("programs.read", "tags.read")


@pytest.mark.parametrize(
    ("before", "after", "active", "left"),
    [
        (person("invited", "owner"), person("active", "owner"), 0, 1),
        (person("active", "support"), person("active", "owner"), 1, 2),
        (person("active", "owner"), person("invited", "owner"), 1, 0),
        (person("active", "owner"), None, 2, 1),
        (person("active", "owner"), person("blocked", "owner"), 2, 1),
        (person("invited", "owner"), None, 1, 1),
        (person("blocked", "owner"), None, 1, 1),
    ],
)
def test_owners_who_can_sign_in_are_counted(
    before: Person, after: Person | None, active: int, left: int
) -> None:
    assert model.owners_after(active, before, after, "jewels") == left


@pytest.mark.parametrize("after", [None, person("blocked", "owner"), person("active", "manager")])
def test_the_last_owner_who_can_sign_in_stays(after: Person | None) -> None:
    before = person("active", "owner")
    assert model.counts_as_owner(before, after, "jewels")
    with pytest.raises(LastOwner):
        model.owners_after(1, before, after, "jewels")


@pytest.mark.parametrize("after", [None, person("blocked", "owner"), person("invited", "manager")])
def test_an_owner_who_never_enrolled_keeps_nothing(after: Person | None) -> None:
    assert not model.counts_as_owner(person("invited", "owner"), after, "jewels")
    assert model.owners_after(0, person("invited", "owner"), after, "jewels") == 0


def test_who_is_no_owner_counts_for_nothing() -> None:
    assert not model.counts_as_owner(person("active", "support"), None, "jewels")
    assert not model.counts_as_owner(person("active", "owner"), None, "another")


@pytest.mark.parametrize(
    ("before", "shown", "moves"),
    [(0, 0, True), (0, 1, True), (1, 2, True), (1, 1, False), (5, 4, False), (5, 0, False)],
)
def test_a_copied_passkey_gives_itself_away_by_its_counter(
    before: int, shown: int, moves: bool
) -> None:
    assert model.counter_moves(before, shown) == moves


@pytest.mark.parametrize("steps", range(-3, 4))
def test_a_code_is_right_one_step_before_and_after(steps: int) -> None:
    owner = msgspec.structs.replace(person(), factors=(TOTP,))
    secret = factors.totp_secret(settings(), owner.staff, TOTP.factor)
    shown = factors.Totp(pyotp.TOTP(secret).at(AT, counter_offset=steps))
    used = factors.used(settings(), owner, shown, b"", AT)
    assert (used is not None) == (-1 <= steps <= 1)
    assert used is None or used.counter == STEP + steps


@pytest.mark.parametrize("last", [-1, 0, 1])
def test_a_code_is_right_only_after_the_last_one_used(last: int) -> None:
    before = msgspec.structs.replace(TOTP, counter=STEP + last)
    owner = msgspec.structs.replace(person(), factors=(before,))
    secret = factors.totp_secret(settings(), owner.staff, TOTP.factor)
    for steps in (-1, 0, 1):
        shown = factors.Totp(pyotp.TOTP(secret).at(AT, counter_offset=steps))
        found = factors.used(settings(), owner, shown, b"", AT)
        assert (found is not None) == (steps > last)


def test_a_secret_is_of_one_person_and_factor() -> None:
    pairs = [("a", "b"), ("a", "c"), ("b", "b")]
    assert len({factors.totp_secret(settings(), *pair) for pair in pairs}) == len(pairs)


def test_a_password_matches_its_own_hash_in_every_normal_form() -> None:
    kept = passwords.hashed(settings(), "caf\u00e9 and long enough", SALT)
    assert kept.startswith("scrypt$14$8$5$")
    assert passwords.matches(settings(), "cafe\u0301 and long enough", kept)
    assert not passwords.matches(settings(), "cafe and long enough", kept)


def test_nobody_matches_no_password() -> None:
    assert not passwords.matches(settings(), "whatever it may be", "")
    digest = passwords.NOBODY.rpartition("$")[2]
    assert set(digest) == {"0"}


def test_figures_of_an_older_hash_are_read_from_it() -> None:
    work = passwords._work(settings(), "long enough for us", SALT, 10, 8, 1)
    kept = f"scrypt$10$8$1${SALT.hex()}${work.hex()}"
    assert passwords.matches(settings(), "long enough for us", kept)
