"""What unit tests have in common."""

import pytest

from chalicelib.ledger import earned


@pytest.fixture(autouse=True)
def _the_ledger_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its rules are tried without the rooms that count what was earned: these read documents from
    the table, and there is no table here.
    """
    if request.module.__name__.rpartition(".")[2].startswith("test_ledger"):
        monkeypatch.setattr(earned, "_count", [])
