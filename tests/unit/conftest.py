"""What unit tests have in common."""

import pytest

from chalicelib.ledger import earned
from chalicelib.staff import passwords
from tests.support.quick import true_work


@pytest.fixture(autouse=True)
def _passwords_at_their_price(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules about passwords are tried with the figures that are deployed."""
    monkeypatch.setattr(passwords, "_work", true_work)


@pytest.fixture(autouse=True)
def _the_ledger_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules are tried without the rooms that count what was earned: these read documents from
    the table, and there is no table here.
    """
    if request.module.__name__.rpartition(".")[2].startswith("test_ledger"):
        monkeypatch.setattr(earned, "_count", [])
