"""Verify: what anyone may ask of a tag (AQ-1), and what they can do next (AQ-2, AQ-4)."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.http.call import MemberCaller
from chalicelib.kernel.observability import count
from chalicelib.kernel.table.failures import STORAGE_FAILURES, is_passing
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.tags import model, store


@dataclass(frozen=True, slots=True)
class Seen:
    """The answer to a scan. It holds nothing about an owner but what they know themselves."""

    verdict: model.Verdict
    serial: str = ""
    item: model.Item | None = None
    program: Program | None = None
    times: int = 0
    first: str = ""
    next: model.Next | None = None


def verify(serial: str, gtin: str, caller: MemberCaller | None, at: datetime) -> Seen:
    """Say what a tag is and count the scan: 0.5 read units and one write unit.

    ``gtin`` is the one in the scanned link, empty for none; one that is not the tag's own makes the
    link a forgery: unknown. So is what cannot be a serial.
    """
    known = model.read_serial(serial)
    tag = store.tag(known) if known else None
    if tag is None or (gtin and model.read_gtin(gtin) != tag.item.gtin):
        return Seen("unknown", known or "")
    counted = _count(tag.serial, at)
    own_program = caller is not None and caller.program == tag.program
    own = caller is not None and own_program and caller.member == tag.registered_by
    return Seen(
        verdict=tag.verdict,
        serial=tag.serial,
        item=tag.item,
        program=in_force(tag.program, at),
        times=counted.times if counted else 0,
        first=counted.first if counted else "",
        next=model.next_step(tag.verdict, own_program=own_program, own=own),
    )


def _count(serial: str, at: datetime) -> store.ScanItem | None:
    # A tag that everybody scans at once may outrun its counter; the verdict matters more.
    try:
        return store.count_scan(serial, at)
    except STORAGE_FAILURES as failure:
        if not is_passing(failure):
            raise
        count("ScansNotCounted")
        return None
