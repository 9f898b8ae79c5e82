"""docs/access-patterns.md tells the truth.

Every item of the table stands there, and no operation costs more than it says.
"""

import re
from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from app import ROOMS
from bench.meter import Bill, Meter
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.http.routing import Operation, operations
from chalicelib.kernel.table.keys import PATTERNS
from chalicelib.tags import service_claims_end as claims
from infra.local.resources import ROOT, properties
from tests.support import sellers, stored
from tests.support.club import House
from tests.support.world import World

TEXT = (ROOT / "docs/access-patterns.md").read_text()
OPERATIONS = list(operations(ROOMS))
BURN_OFF = "ledger_burn_off"
AUTHORIZER = 1.0
"""Read units of the strong read by which the authorizer knows a member."""


def rows(heading: str) -> Iterator[list[str]]:
    """The cells of the table under a heading."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip().strip("`") for cell in line.strip("|").split(" | ")]


ITEMS = [row[:5] for row in rows("Items")]
BILLS = {row[0]: (float(row[1]), float(row[2])) for row in rows("Operations")}


@pytest.fixture(scope="module")
def meter(house: object) -> Meter:
    """Asks for the bill of every call from now on."""
    return Meter()


def test_every_item_stands_in_the_document() -> None:
    known = [[one.name, one.room, one.pk, one.sk, "none"] for one in PATTERNS]
    assert known == ITEMS


def test_the_table_has_no_index() -> None:
    (table,) = properties("AWS::DynamoDB::Table").values()
    assert not [name for name in table if "Indexes" in name]


def test_every_stored_key_has_exactly_one_format(world: World) -> None:
    for operation in OPERATIONS:
        world.restore()
        assert world.house.http.send(world.request(operation)).is_success
        found = world.dump()
        wrong = {key: stored.patterns_of(key) for key in found if len(stored.patterns_of(key)) != 1}
        assert not wrong, operation.name


def test_the_example_club_holds_nearly_every_kind_of_item(world: World) -> None:
    """What this suite and the census of the fault matrix cannot see, they cannot check."""
    seen = set(stored.census(world.before))
    for operation in OPERATIONS:
        world.restore()
        world.house.http.send(world.request(operation))
        seen |= stored.census(world.dump()).keys()
    world.restore()
    schedules = {"sweep", "sweep of a segment", "agenda place"}
    upgrades = {"upgrade", "upgrade begun", "upgrade check", "upgrade part"}
    assert {one.name for one in PATTERNS} - seen <= schedules | upgrades


def test_every_key_starts_with_its_program(world: World) -> None:
    own = {pk for pk, _ in world.before if not pk.startswith("_#")}
    assert {pk.partition("#")[0] for pk in own} == {world.club.id, world.neighbour.id}


def test_every_operation_has_its_bill_in_the_document() -> None:
    assert list(BILLS) == [operation.name for operation in OPERATIONS]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_no_operation_costs_more_than_it_says(
    operation: Operation, world: World, meter: Meter
) -> None:
    bill = measured(operation, world, meter)
    writes, reads = BILLS.get(operation.name, (0.0, 0.0))
    row = f"| `{operation.name}` | {bill.write_units:g} | {bill.read_units:g} |"
    assert bill.write_units <= writes, row
    assert bill.read_units <= reads, row


def test_the_budgets_are_kept(world: World, meter: Meter) -> None:
    named = {operation.name: operation for operation in OPERATIONS}
    verify = measured(named["tags_verify"], world, meter, as_member=False)
    assert verify.write_units <= 1
    assert verify.read_units <= 0.5
    register = measured(named["tags_register"], world, meter)
    assert register.write_units <= 8
    assert register.read_units <= 1 + AUTHORIZER


def test_a_seller_is_credited_for_six_units(house: House, meter: Meter) -> None:
    """By the fact of the buyer's registration, in a transaction of the seller's own."""
    club = house.new_club()
    sellers.partner(club)
    (tag,) = club.tags()
    ann = sellers.seller(club)
    assert ann.adjust(5).is_success  # the agenda knows when points of theirs burn
    sellers.claimed(ann, tag)
    assert club.join().register(tag).is_success
    data = {"kind": "item.registered", "ref": tag["serial"]}
    fact = Fact("a.E#1", "points.credited", club.id, "", "", data)
    bill = meter.measure(lambda: fact, lambda one: claims.hear(one, house.now), 1)
    assert sellers.statuses(ann) == ["credited"]
    assert (bill.write_units, bill.read_units) == (6, 4)


def measured(operation: Operation, world: World, meter: Meter, *, as_member: bool = True) -> Bill:
    """The bill of the operation's example in a process that has served others before."""
    for _ in range(2):
        world.restore(warm=True)
        if operation.name != BURN_OFF:  # nothing burns on the side of another operation
            due = f"/members/{world.member.id}/burn-off"
            assert world.club.staff("POST", due, json={"reason": "A bill"}).is_success
        request = world.request(operation)
        if not as_member:
            request.headers.pop("Authorization", None)
        bill = meter.measure(partial(_itself, request), world.house.http.send, 1)
    return bill


def test_numbers_in_keys_sort_as_numbers() -> None:
    assert not [one for one in PATTERNS if re.search(r"\{(seq|number)\}.", one.sk)]


def _itself(request: httpx.Request) -> httpx.Request:
    return request
