"""What a stage costs: the page says what the data give, and money is never rounded on the way."""

from collections import Counter
from pathlib import Path

import msgspec
import pytest

from infra.costs import __main__ as costs
from infra.costs import model, prices, tables
from infra.local.resources import ROOT
from infra.stack import functions, wall
from infra.stack.names import queues, scheduled
from infra.stack.stage import stage
from infra.stack.template import additions

PAGE = ROOT / "docs" / "operations" / "costs.md"


@pytest.fixture(scope="module")
def known() -> model.Model:
    return model.read(prices.read())


def test_the_page_has_the_tables_that_the_data_give() -> None:
    assert costs.main(["--check", str(PAGE)]) == 0


def test_an_older_page_is_told_and_mended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "costs.md"
    page.write_text(PAGE.read_text().replace("| firewall |", "| wall |"))
    assert costs.main(["--check", str(page)]) == 1
    assert "older than the data" in capsys.readouterr().err
    assert costs.main(["--write", str(page)]) == 0
    assert page.read_text() == PAGE.read_text()


def test_a_page_without_one_of_the_tables_is_refused(known: model.Model) -> None:
    with pytest.raises(tables.PageError, match="operations"):
        tables.filled("# What it costs", tables.tables(known))


def test_a_price_that_is_no_whole_number_of_trillionths_is_refused(tmp_path: Path) -> None:
    listed = (model.HERE / "prices.json").read_text()
    other = tmp_path / "prices.json"
    other.write_text(listed.replace('"0.625", "per": 1000000', '"0.625", "per": 7000000'))
    assert costs.main(["--prices", str(other)]) == 1


def test_a_million_times_costs_a_million_times_as_much(known: model.Model) -> None:
    for operation in known.assumed.operations:
        one = sum(model.operation_bill(known, operation, 1_000).values())
        many = sum(model.operation_bill(known, operation, 1_000_000).values())
        assert abs(many - 1_000 * one) <= 1_000 * len(model.SERVICES)


def test_a_receipt_is_what_its_units_and_requests_come_to(known: model.Model) -> None:
    receipt = next(one for one in known.assumed.operations if one.name == "receipt")
    bill = model.operation_bill(known, receipt, 1_000_000)
    # 8 write units at $0.625 and 7.5 read units at $0.125 a million
    assert bill["table"] == 5_937_500 * 10**6
    assert bill["API"] == 3_500_000 * 10**6
    assert all(type(pico) is int for pico in bill.values())


def test_dearer_prices_and_more_members_make_a_larger_bill(known: model.Model) -> None:
    small, *_, large = known.assumed.clubs
    before = sum(model.club_bill(known, large).values())
    assert before > sum(model.club_bill(known, small).values())
    dear = {
        name: msgspec.structs.replace(price, usd=f"{int(price.pico) * 2}", per=10**12)
        for name, price in known.prices.prices.items()
    }
    doubled = msgspec.structs.replace(
        known, prices=msgspec.structs.replace(known.prices, prices=dear)
    )
    after = sum(model.club_bill(doubled, large).values())
    assert abs(after - 2 * before) < before // 10**6


def test_an_idle_stage_is_billed_for_what_the_template_has(known: model.Model) -> None:
    prod = stage("prod")
    whole = [*additions(prod)["Resources"].values(), *wall.template(prod)["Resources"].values()]
    types = Counter(resource.get("Type") for resource in whole)
    (firewall,) = (one for one in whole if one.get("Type") == "AWS::WAFv2::WebACL")
    idle = known.assumed.idle
    assert idle.alarms == types["AWS::CloudWatch::Alarm"]
    assert idle.dashboards == types["AWS::CloudWatch::Dashboard"]
    assert idle.secrets == types["AWS::SecretsManager::Secret"]
    assert idle.keys == types["AWS::KMS::Key"]
    assert idle.firewall_rules == len(firewall["Properties"]["Rules"])
    assert idle.polled_queues == sum(name.endswith("Queue") for name in queues(prod))
    assert idle.runs_a_month.keys() == scheduled().keys()
    assert idle.runs_a_month["sweep"] == 2920 * prod.sweep_segments
    memory = functions.configured()["api_handler"]["lambda_memory_size"]
    assert known.assumed.memory_mb == memory


def test_every_operation_of_the_example_clubs_is_billed(known: model.Model) -> None:
    billed = {one.name for one in known.assumed.operations}
    assert known.assumed.done_a_month_by_1000_members.keys() <= billed


@pytest.mark.parametrize(
    ("pico", "places", "text"),
    [
        (0, 2, "0.00"),
        (1_234_567_890_000_000, 2, "1 234.57"),
        (4_999_999_999, 2, "0.00"),
        (5_000_000_000, 2, "0.01"),
        (1_500_000_000_000, 0, "2"),
    ],
)
def test_amounts_are_rounded_once_at_the_end(pico: int, places: int, text: str) -> None:
    assert prices.dollars(pico, places) == text
