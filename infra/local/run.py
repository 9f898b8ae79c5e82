"""``make run``, ``make reset`` and ``make token``: checks, start, wait, orderly stop."""

import fcntl
import importlib
import logging
import os
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from infra import upgrade
from infra.local import attach, demo_data, demo_staff, demo_till
from infra.local.demo_client import Client, DemoFailed
from infra.local.engine import BINARY, FILE
from infra.local.environment import TABLE
from infra.local.platform import Platform
from infra.local.process import HOST, StartError, is_free
from infra.local.resources import ROOT

if TYPE_CHECKING:
    from chalicelib.kernel.settings import Settings

LOCAL = Path(os.environ.get("CLUBKEEPER_LOCAL") or ROOT / ".local")
"""Where the local platform keeps things; another folder is another platform."""
DATA = LOCAL / "data"
DEMO_FILE = DATA / "demo.json"
"""Tags of the demo club with their scratch codes."""
STAFF_FILE = DATA / demo_staff.FILE
"""What the demo club's staff sign in with."""
TILL_FILE = DATA / "demo-till.json"
"""What the demo shop's till signs with."""
_USAGE = "usage: python -m infra.local run|reset|token [role]|upgrade [state|check|run]"
_TOKEN_LIFE = timedelta(hours=12)
_PATIENCE = 3
"""Seconds to wait for the remains of a killed run to let go of the data."""


def run() -> None:
    """Run the platform until Ctrl-C or SIGTERM.

    Raises:
        StartError: something is missing, taken or broken.
    """
    port = chosen_port()
    _check_programs()
    if not is_free(port):
        raise StartError(
            f"Port {port} is in use: stop what listens there, or run `make run PORT=8090`."
        )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    with _locked() as lock:
        _check_folder()
        try:
            _serve(port, lock)
        except KeyboardInterrupt:
            print("Stopped. The data is kept; `make reset` clears it.", flush=True)


def reset() -> None:
    """Forget everything the local platform has stored.

    Raises:
        StartError: the platform is running, or the folder cannot be removed.
    """
    with _locked():
        try:
            shutil.rmtree(DATA)
        except FileNotFoundError:
            pass
        except OSError as fault:
            raise StartError(
                f"The data folder {DATA} cannot be removed: {fault.strerror}."
            ) from None
    print("The local data is cleared.")


def token() -> None:
    """Print an operator token for the local data, good for 12 hours by the platform's clock.

    Raises:
        StartError: nothing has run here yet.
    """
    from chalicelib.kernel.settings import Settings

    try:
        secret = (DATA / "secret").read_text().strip()
    except FileNotFoundError:
        raise StartError(
            "There is no data yet: start the platform with `make run` first."
        ) from None
    stage = Settings(
        table=TABLE,
        stage="local",
        public_url=f"http://{HOST}:{chosen_port()}",
        secret=secret,
        clock_file=str(DATA / "clock"),
    )
    print(_operator(stage))


def staff_token(role: str) -> None:
    """Sign in whoever of the demo club's staff has this role, and print the access token.

    Raises:
        StartError: there is no such person.
        DemoFailed: the platform does not run, or refuses.
    """
    people = demo_staff.read(STAFF_FILE)
    if role not in people:
        known = ", ".join(people) or "nobody yet: start the platform with `make run` first"
        raise StartError(f"The demo club's staff are: {known}.")
    print(demo_staff.sign_in(f"http://{HOST}:{chosen_port()}", people[role]).token)


def upgrade_data(act: str) -> int:
    """Tell how the data of the running platform stand between versions, or upgrade them; the exit
    status.

    Raises:
        StartError: it does not run.
    """
    attach.attach(DATA)
    return upgrade.carry_out(act, importlib.import_module("chalicelib.entrance").migrate)


def _serve(port: int, lock: int) -> None:
    platform = Platform.start(DATA, port, keep=[lock])
    try:
        os.environ.update(platform.environment)
        sys.path.insert(0, str(ROOT))
        platform.serve(importlib.import_module("app").app)
        with attach.announced(platform.environment, DATA):
            print(_addresses(platform.url), flush=True)
            _load_demo(platform.url)
            while not platform.broken:
                time.sleep(0.5)
        raise StartError(platform.broken)
    finally:
        # from here on a second Ctrl-C must not leave a process behind
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        platform.stop()


def _addresses(url: str) -> str:
    return (
        f"\nClubkeeper runs at {url}\n"
        f"  Members      {url}/c/jewels   (other clubs: {url}/local)\n"
        f"  Staff        {url}/console/   (with which codes: {url}/local)\n"
        f"  API browser  {url}/api\n"
        f"  Outbox       {url}/outbox   (one-time codes and other messages)\n"
        f"  Clock        {url}/local   (how to move it)\n"
        "  Staff token  `make token` prints a new one, e.g. after the clock was moved\n"
        f"  Data         {DATA}\n"
        "Stop with Ctrl-C.\n"
    )


def _load_demo(url: str) -> None:
    from chalicelib.kernel.settings import settings

    operator = _operator(settings())
    demo_data.load(url, DEMO_FILE, STAFF_FILE, operator)
    demo_till.load(Client(url, operator), TILL_FILE)


def _operator(stage: "Settings") -> str:
    from chalicelib.kernel.clock import now
    from chalicelib.staff.service import issue

    return issue(stage, "operator", ["*"], ["*"], now(stage), _TOKEN_LIFE)


def chosen_port() -> int:
    """The port of the local platform; raises StartError when ``PORT`` is none."""
    text = os.environ.get("PORT") or "8080"
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise StartError(f"PORT={text} is not a port number between 1 and 65535.")
    return int(text)


def _check_programs() -> None:
    if not os.access(BINARY, os.X_OK):
        if shutil.which("node") is None:
            raise StartError("Node.js 20 or newer is missing: install it, then run `make setup`.")
        raise StartError(
            "The database engine is not installed (Linux x86-64 only): run `make setup`."
        )


def _check_folder() -> None:
    """Write and read a file, because permission bits alone do not tell about full or read-only
    disks.
    """
    probe = DATA / ".probe"
    try:
        DATA.mkdir(parents=True, exist_ok=True)
        probe.write_text("ok")
        probe.unlink()
        for file in DATA.iterdir():
            if file.is_file():
                file.open("rb").close()
    except OSError as fault:
        reason = fault.strerror or "unknown fault"
        raise StartError(
            f"The data folder {DATA} cannot be used ({reason}): mend it, or run `make reset`."
        ) from None
    if _is_broken(DATA / FILE):
        raise StartError(f"{DATA / FILE} is not a database: restore it, or `make reset`.")


def _is_broken(file: Path) -> bool:
    if not file.exists() or file.stat().st_size == 0:
        return False
    with file.open("rb") as database:
        return database.read(16) != b"SQLite format 3\0"


@contextmanager
def _locked() -> Iterator[int]:
    """Hold the data folder for this process; gives the lock's file descriptor.

    MiniStack inherits it, so that after a ``kill -9`` the next start waits until the old one has
    saved its state.
    """
    try:
        LOCAL.mkdir(parents=True, exist_ok=True)
        lock = os.open(LOCAL / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as fault:
        raise StartError(f"The folder {LOCAL} cannot be written: {fault.strerror}.") from None
    try:
        deadline = time.monotonic() + _PATIENCE
        while not _take(lock):
            if time.monotonic() > deadline:
                raise StartError(f"Another Clubkeeper is running on {DATA}: stop it first.")
            time.sleep(0.05)
        yield lock
    finally:
        os.close(lock)


def _take(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def main(arguments: list[str]) -> int:
    """``run``, ``reset``, ``token`` also with a role, or ``upgrade`` with what to do; the exit
    status.
    """
    try:
        match arguments:
            case ["run"]:
                run()
            case ["reset"]:
                reset()
            case ["token"]:
                token()
            case ["token", role]:
                staff_token(role)
            case ["upgrade"]:
                return upgrade_data("run")
            case ["upgrade", act] if act in upgrade.ACTS:
                return upgrade_data(act)
            case _:
                print(_USAGE, file=sys.stderr)
                return 2
    except (StartError, DemoFailed) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0
