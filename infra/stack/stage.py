"""A stage: its name and what differs between stages, from ``stages.json``."""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

Json = Any
"""A value of a template."""

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""
STAGES = Path(__file__).with_name("stages.json")
RUNTIME = "python3.13"
ARCHITECTURE = "arm64"
API_STAGE = "live"
"""The gateway's own stage, the first segment of its paths."""

StageName = Literal["dev", "test", "prod"]


class Stage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One deployment. Figures that owners may want to change are the defaults of the template's
    parameters; the others are fixed by the stage.
    """

    name: StageName
    keeps_data: bool
    """Whether the data outlives the stack: deletion protection, and retained when it is deleted."""
    log_days: int
    """How long logs are kept."""
    workers: int
    """Most parts of jobs, and most pages of the agenda, that are worked on at once."""
    sweep_segments: int
    """In how many segments the daily round reads the table side by side."""
    requests_per_second: int
    """Steady requests of all callers that the gateway lets through; at most the account's quota."""
    burst: int
    """Requests above that at once."""
    messages_per_day: int
    """Budget of paid messages (SMS) of one program and day."""
    public_url: str = "https://club.example.org"
    sender_email: str = "club@example.org"
    origin_key: int = 1
    """Number of the key by which CloudFront proves itself to the API: one more changes it."""
    runtime: str = RUNTIME
    architecture: str = ARCHITECTURE
    host: bool = False
    """Whether it is packaged for the emulator on this machine; resources that the emulator cannot
    take are left out.
    """


@lru_cache
def stage(name: str, host: bool = False) -> Stage:
    """One of the stages.

    Raises:
        ValueError: there is no stage of that name.
    """
    known = stages()
    if name not in known:
        raise ValueError(f"There is no stage {name!r}; known: {', '.join(known)}.")
    return msgspec.structs.replace(known[name], **(_host() if host else {}))


def stages() -> dict[str, Stage]:
    """All stages by name."""
    return msgspec.json.decode(STAGES.read_bytes(), type=dict[str, Stage])


def _host() -> dict[str, Any]:
    import platform
    import sys

    machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return {"host": True, "runtime": runtime, "architecture": machine}


def metrics_namespace(stage: Stage) -> str:
    """Where the code's metrics go; stages of one account must not mix."""
    return f"Clubkeeper/{stage.name}"
