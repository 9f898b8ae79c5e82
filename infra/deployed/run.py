"""``make deploy-local``: package, deploy, look, try, play, and leave nothing behind."""

import argparse
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from infra.deploy.target import Stop
from infra.deployed import left_out, stack
from infra.deployed.emulator import Emulator, running
from infra.deployed.front import Gateway, opened
from infra.deployed.inventory import Inventory, Missing
from infra.deployed.logs import defects
from infra.deployed.stream import Stream
from infra.local.engine import create_table
from infra.local.process import HOST, StartError, free_port
from infra.operations.deployed import PREFIX, environment
from infra.stack.package import PackagingError
from infra.stack.stage import API_STAGE
from infra.stack.template import TemplateError
from layers.package import package
from layers.target import LayerError

STAGE = "dev"
_stopped = threading.Event()
"""Python drops an exception that is raised while it collects garbage, an interruption too: the next
step then sees that it was asked to stop.
"""


def main(arguments: list[str]) -> int:
    """The exit status: 1 and a sentence with the first thing that is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m infra.deployed", description=__doc__)
    parser.add_argument("--layer", type=Path, help="this machine's layer, if it is built already")
    layer = parser.parse_args(arguments).layer
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    began = time.monotonic()
    try:
        with running() as emulator:
            _play(emulator, layer)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    except _faults() as fault:
        print(f"\n{type(fault).__name__}: {fault}", file=sys.stderr)
        return 1
    print(f"\nDeployed, looked at and played in {time.monotonic() - began:.0f} s; nothing is left.")
    return 0


def _stop(number: int, frame: object) -> None:
    _stopped.set()
    raise KeyboardInterrupt


def _faults() -> tuple[type[Exception], ...]:
    from infra.deployed.smoke import Failed
    from infra.local.demo_client import DemoFailed

    packaging = (LayerError, PackagingError, TemplateError)
    return (*packaging, StartError, Stop, Missing, Failed, DemoFailed)


def _play(emulator: Emulator, layer: Path | None) -> None:
    folder, port = emulator.folder / "package", free_port()
    url = f"http://{HOST}:{port}"
    _say(f"Packaging the stage {STAGE} with this machine's wheels …")
    package(STAGE, folder, for_host=True, layer=layer)
    _say("Deploying it by a change set …")
    made = stack.deploy(emulator, STAGE, folder, {"PublicUrl": url, "Workers": "2"})
    table = made.outputs["TableName"]
    arn = create_table(emulator.engine.url, table)
    emulator.engine.index_stream()

    inventory = Inventory(emulator, made)
    _say("\nIs everything there?")
    _tell(inventory.check())
    _settle(emulator, inventory.deployed.function("APIHandler"))
    # what an owner does by hand: SES sends for verified senders alone
    sender = os.environ["CLUBKEEPER_SENDER_EMAIL"]
    emulator.client("sesv2").create_email_identity(EmailIdentity=sender)
    gateway = Gateway(emulator.services.port, made.outputs["ApiId"], API_STAGE)
    front = opened(port, gateway, dict(os.environ))
    try:
        with Stream(emulator, inventory.deployed.function("Stream"), arn):
            _try(emulator, inventory, url)
    except BaseException:
        for line in defects(emulator):
            print(line, file=sys.stderr)
        raise
    finally:
        front.stop()
    _tell_limits()


def _try(emulator: Emulator, inventory: Inventory, url: str) -> None:
    # only now: the folder of their files is read from the environment
    from infra.deployed.smoke import Smoke, operator_token, warm
    from infra.local import demo, demo_data, demo_till
    from infra.local.demo_client import Client
    from infra.local.run import DEMO_FILE, STAFF_FILE, TILL_FILE

    _say("\nThe demo club, loaded and played through the gateway")
    operator = operator_token()
    warm(url, operator)
    demo_data.load(url, DEMO_FILE, STAFF_FILE, operator)
    demo_till.load(Client(url, operator), TILL_FILE)
    smoke = Smoke(emulator, inventory, url)
    smoke.begin()
    demo.play(url)
    _say("\nDoes it work?")
    _tell(smoke.check())


def _settle(emulator: Emulator, function: str) -> None:
    """Be configured as the stage's own functions are: tokens are made with its secret."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # of whatever else this shell worked on
    os.environ.update(emulator.environment)
    os.environ.update(environment(function, emulator.client("lambda")))


def _tell_limits() -> None:
    _say("\nLeft out, because the emulator cannot take it")
    for kind, names in left_out.left_out(STAGE).items():
        _say(f"  {kind:<40} {', '.join(names)}: {left_out.LEFT_OUT[kind]}")
    _say("\nNot proved here")
    for what, why in left_out.UNPROVED.items():
        _say(f"  {what:<11} {why}")


def _tell(lines: Iterator[str]) -> None:
    for line in lines:
        _say(f"  ok  {line}")


def _say(line: str) -> None:
    if _stopped.is_set():
        raise KeyboardInterrupt
    print(line, flush=True)
