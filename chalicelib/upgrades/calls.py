"""What the ``migrate`` function is asked and answers: JSON in, JSON out."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.upgrades import service
from chalicelib.upgrades.model import Refused


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call of the function."""

    act: Literal["state", "check", "run"] = "state"
    upgrade: int = 0
    """Which one to check or run."""


def answer(event: Any, stage: Settings, ids: Ids, at: datetime) -> dict[str, Any]:
    """Carry a call out; ``{"refused": code}`` when it may not be done. It may come again.

    ``{}`` or ``{"act": "state"}`` tells how all upgrades stand; ``check`` counts and shows what
    ``run`` would write.
    """
    try:
        wish = msgspec.convert(event or {}, Wish)
        if wish.act == "state":
            return _plain(service.overview())
        return _plain(service.ask(wish.act, wish.upgrade, stage.version, ids, at))
    except msgspec.ValidationError:
        return {"refused": "malformed_call"}
    except Refused as refused:
        return {"refused": refused.code}


def _plain(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(value)
    return found
