"""What `make token`, `make demo` and the files of the local platform promise."""

import json
import socket
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.kernel.clock import now
from chalicelib.kernel.errors import Unauthorized
from chalicelib.kernel.settings import Settings
from chalicelib.staff.service import authenticate
from infra.local import attach, clock, demo, run
from infra.local.environment import keep_private, secret
from infra.local.process import StartError


def test_a_token_is_good_for_twelve_hours_of_the_platforms_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "DATA", tmp_path)
    clock.advance(tmp_path / "clock", "P400D")
    stage = Settings(
        table="t",
        stage="local",
        public_url="http://127.0.0.1",
        secret=secret(tmp_path / "secret"),
        clock_file=str(tmp_path / "clock"),
    )
    assert run.main(["token"]) == 0
    token = capsys.readouterr().out.strip()
    assert authenticate(token, stage, now(stage)).grants == {"*": ("*",)}
    with pytest.raises(Unauthorized):
        authenticate(token, stage, now(stage) + timedelta(hours=12))


def test_without_data_there_is_no_token_but_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "DATA", tmp_path)
    assert run.main(["token"]) == 1
    assert capsys.readouterr().err == (
        "There is no data yet: start the platform with `make run` first.\n"
    )


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1"])
def test_a_wrong_port_is_a_sentence(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert demo.main() == 1
    said = f"PORT={port} is not a port number between 1 and 65535.\n"
    assert capsys.readouterr().err == said


def test_scratch_codes_are_for_this_user_only(tmp_path: Path) -> None:
    file = tmp_path / "demo.json"
    for text in ("first", "second"):
        keep_private(file, text)
        assert file.read_text() == text
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_other_commands_find_the_platform_while_it_runs(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        url = f"http://127.0.0.1:{engine.getsockname()[1]}"
        environment = {"AWS_ENDPOINT_URL_DYNAMODB": url, "CLUBKEEPER_SECRET": "s"}
        with attach.announced(environment, tmp_path):
            assert attach.running(tmp_path) == environment
            assert stat.S_IMODE((tmp_path / attach.FILE).stat().st_mode) == 0o600
        assert list(tmp_path.iterdir()) == []
    keep_private(tmp_path / attach.FILE, json.dumps(environment))  # it was killed
    with pytest.raises(StartError):
        attach.running(tmp_path)


def test_without_a_platform_no_data_are_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run, "DATA", tmp_path)
    assert run.main(["upgrade", "state"]) == 1
    assert "make run" in capsys.readouterr().err
