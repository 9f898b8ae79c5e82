"""Small things that every test of the platform may need."""

import itertools
import json
import os
import threading
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from infra.local.resources import ROOT

T = TypeVar("T")
V = TypeVar("V")
SOAK = os.environ.get("CLUBKEEPER_SOAK") == "1"
JEWELS = json.loads((ROOT / "programs/jewels.json").read_text())
_phones = itertools.count(int(uuid.uuid4().int % 8_000_000))
_lock = threading.Lock()


def figure(usual: int, soak: int) -> int:
    """How often to do a thing: the same test, larger under ``make soak``."""
    return soak if SOAK else usual


def at_once(do: Callable[[T], V], over: Sequence[T], workers: int = 0) -> list[V]:
    """Do a thing for all at the same time, from as many threads (or so many); results in order."""
    size = workers or len(over)
    gate = threading.Barrier(min(size, len(over)))
    first = threading.local()

    def one(what: T) -> V:
        if not hasattr(first, "passed"):
            first.passed = True
            gate.wait(60)
        return do(what)

    with ThreadPoolExecutor(size) as pool:
        return list(pool.map(one, over))


def bearer(token: str, **more: str) -> dict[str, str]:
    """Header fields of a signed-in caller."""
    return {"Authorization": f"Bearer {token}", **more}


def new_phone() -> str:
    """A phone number that no test had before."""
    with _lock:
        return f"+7916{next(_phones) % 10_000_000:07}"
