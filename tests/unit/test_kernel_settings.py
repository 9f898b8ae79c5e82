"""Settings: everything that is missing or malformed is named in one sentence."""

import msgspec
import pytest

from chalicelib.kernel.settings import Settings, SettingsError, read_settings

GOOD = {
    "CLUBKEEPER_TABLE": "clubkeeper",
    "CLUBKEEPER_STAGE": "test",
    "CLUBKEEPER_PUBLIC_URL": "https://club.example",
    "CLUBKEEPER_SECRET_ARN": "arn:aws:secretsmanager:eu-west-1:000000000000:secret:root",
}


def complaint(environment: dict[str, str]) -> str:
    """What an operator is told."""
    with pytest.raises(SettingsError) as caught:
        read_settings(environment)
    return str(caught.value)


def test_a_complete_environment_is_read() -> None:
    found = read_settings({**GOOD, "CLUBKEEPER_MESSAGES_PER_DAY": "5", "OTHER": "x"})
    assert (found.table, found.messages, found.messages_per_day) == ("clubkeeper", "aws", 5)


def test_everything_missing_is_named_at_once() -> None:
    said = complaint({})
    for name in GOOD:
        assert f"{name} is missing" in said


@pytest.mark.parametrize("name", [name for name in GOOD if name != "CLUBKEEPER_SECRET_ARN"])
def test_an_empty_value_is_missing_too(name: str) -> None:
    assert complaint({**GOOD, name: ""}) == f"The stage is not configured: {name} is missing."


def test_every_malformed_value_is_named_beside_what_is_missing() -> None:
    wrong = {
        "CLUBKEEPER_TABLE": "clubkeeper",
        "CLUBKEEPER_SECRET": "short",
        "CLUBKEEPER_MESSAGES": "pigeon",
        "CLUBKEEPER_MESSAGES_PER_DAY": "many",
    }
    said = complaint(wrong)
    for name in ("STAGE", "PUBLIC_URL", "SECRET is shorter", "MESSAGES:", "MESSAGES_PER_DAY:"):
        assert f"CLUBKEEPER_{name}" in said


def test_a_secret_is_never_repeated_in_the_complaint() -> None:
    assert "hunter2" not in complaint({"CLUBKEEPER_SECRET": "hunter2"})


def test_settings_are_frozen() -> None:
    with pytest.raises(AttributeError):
        read_settings(GOOD).table = "other"  # type: ignore[misc]
    assert msgspec.structs.fields(Settings)
