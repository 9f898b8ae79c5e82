"""The jobs of a forecast: gathering receipts by member, and playing them through.

Either may be delivered never, twice, at once or late. What a part makes is put under names of its
own, the same content each time; that the part is done is noted once, with the forecast. Whoever
notes the last part puts the whole together.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec

from chalicelib.earning.model import MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.files import service as files
from chalicelib.forecasts import model, store, upload
from chalicelib.forecasts.model import BUCKETS, Faulty, Forecast, Past, PastReturn, Played
from chalicelib.forecasts.playing import Share
from chalicelib.forecasts.service import GATHER, PLAY, SCANS, job_of
from chalicelib.forecasts.simulate import Player, play, steps
from chalicelib.forecasts.store import ForecastItem, Place
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobFailed, Work
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.programs import service as programs
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import BirthdayCondition, GenderCondition
from chalicelib.programs.rules_model import Trigger
from chalicelib.receipts.model import Payment
from chalicelib.receipts.store import ReceiptItem

CHUNK_RECEIPTS = 20_000
CHUNK_PAGES = 16
"""What is gathered before it is put aside: receipts, or pages of the table."""
MOST_FAULTS = 20
"""Rows that are no receipts, as far as they are shown."""
NUMBERED_FROM = 2_000_000
"""Documents of a forecast are numbered from here on within a process, so that their compiled rules
do not meet those of published versions.
"""

Chunk = tuple[list[Past], int, list[Faulty], dict[str, Any] | None]
"""Receipts, rows that are none and how they were, and where to go on."""


def gather_part(work: Work) -> int:
    """Find receipts of the forecast's days and put them aside by member."""
    program, forecast = work.job.program, work.job.ref
    head = _head(work).forecast
    if head.state != "gathering" or head.job != work.job.job or work.part in head.ran:
        return 1
    place = store.place(program, forecast, work.part)
    while place.cursor is not None:
        place = _gathered(head, work.part, place)
    _note(work, _after_gathering)
    return 1


def play_part(work: Work) -> int:
    """Play the receipts of some members through under every document."""
    program, forecast = work.job.program, work.job.ref
    head = _head(work).forecast
    if head.state != "running" or head.job != work.job.job or work.part in head.ran:
        return 1
    played = _play(head, work.part)
    store.keep_played(program, store.played_name(forecast, work.part), played)
    if _note(work, _after_playing).state == "done":
        _tidy(head)
    return 1


JOB_HANDLERS = {GATHER: gather_part, PLAY: play_part}
"""What the jobs queue calls for this room's jobs."""


def _note(work: Work, last: Callable[[Work, ForecastItem], tuple[Writes, Forecast]]) -> Forecast:
    """Note a part as done; the ``last`` one leads on."""

    def decide(_: bool) -> tuple[Writes, Forecast]:
        item = _head(work)
        head = item.forecast
        if head.job != work.job.job or work.part in head.ran:
            return Writes(), head
        if len(head.ran) + 1 == head.parts:
            return last(work, item)
        after = msgspec.structs.replace(head, ran=(*head.ran, work.part))
        return store.change(item, after), after

    after = transact(decide)
    if after.job != work.job.job:
        jobs.announce(after.program, after.job)
    return after


def _after_gathering(work: Work, item: ForecastItem) -> tuple[Writes, Forecast]:
    """Everything is gathered: begin to play."""
    head = item.forecast
    places = [store.place(head.program, head.forecast, part + 1) for part in range(head.parts)]
    receipts = sum(place.receipts for place in places)
    after = msgspec.structs.replace(
        head,
        state="running",
        job=in_time_order(work.at, Ids().new()),
        parts=model.parts_for(receipts, len(head.documents)),
        ran=(),
        receipts=receipts,
        faulty=sum(place.faulty for place in places),
        faults=tuple(fault for place in places for fault in place.faults)[:MOST_FAULTS],
    )
    writes = store.change(item, after)
    writes += job_of(after, PLAY, after.parts, work.at)
    return writes, after


def _after_playing(work: Work, item: ForecastItem) -> tuple[Writes, Forecast]:
    """Everything was played through: put it together."""
    head = item.forecast
    parts = []
    for part in range(1, head.parts + 1):
        played = store.kept_played(head.program, store.played_name(head.forecast, part))
        if played is None:
            raise JobFailed("part_gone")
        parts.append(played)
    after = msgspec.structs.replace(head, state="done", ran=(*head.ran, work.part))
    writes = store.change(item, after)
    writes += store.found(head.program, head.forecast, model.whole(parts))
    return writes, after


# -- gathering -------------------------------------------------------------------------


def _gathered(head: Forecast, part: int, place: Place) -> Place:
    """One chunk more, put aside before the place moves on."""
    try:
        receipts, faulty, faults, cursor = _chunk(head, part, place)
    except NotFound as gone:
        raise JobFailed("file_gone") from gone
    except upload.WrongHeader as wrong:
        raise JobFailed("wrong_header") from wrong
    except UnicodeDecodeError as wrong:
        raise JobFailed("not_text") from wrong
    buckets: dict[int, list[Past]] = {}
    for past in receipts:
        buckets.setdefault(_bucket(past.member), []).append(past)
    for bucket, some in buckets.items():
        name = store.gathered_name(head.forecast, part, len(place.chunks), bucket)
        store.keep_receipts(head.program, name, some)
    then = msgspec.structs.replace(
        place,
        cursor=cursor,
        chunks=(*place.chunks, tuple(sorted(buckets))),
        receipts=place.receipts + len(receipts),
        faulty=place.faulty + faulty,
        faults=(*place.faults, *faults)[:MOST_FAULTS],
    )
    return store.advance(head.program, head.forecast, part, place, then)


def _chunk(head: Forecast, part: int, place: Place) -> Chunk:
    cursor = place.cursor or {}
    if head.source == "file":
        return _of_file(head, int(cursor.get("line", 0)))
    return _of_table(head, part, cursor)


def _of_table(head: Forecast, part: int, cursor: dict[str, Any]) -> Chunk:
    found: list[Past] = []
    zone = programs.version(head.program, head.documents[0].version).zone
    for _ in range(CHUNK_PAGES):
        items, last = store.scanned(head.program, part - 1, head.parts, cursor)
        for item in items:
            day = local_date(parse(item.sold.at), zone).isoformat()
            if item.member and item.given and head.first <= day <= head.last:
                found.append(_past(item))
        if last is None:
            return found, 0, [], None
        cursor = last
        if len(found) >= CHUNK_RECEIPTS:
            break
    return found, 0, [], cursor


def _of_file(head: Forecast, after: int) -> Chunk:
    item = files.read(head.program, head.file)
    text = files.read_lines(head.program, head.file, "receipts")
    rows = upload.table(text) if item.media_type == "text/csv" else upload.ndjson(text)
    zone = programs.version(head.program, head.documents[0].version).zone
    found: list[Past] = []
    faults: list[Faulty] = []
    faulty = 0
    for row in rows:
        if row.line <= after:
            continue
        if row.receipt is None:
            faulty += 1
            faults += [row.fault] if row.fault and len(faults) < MOST_FAULTS else []
        else:
            day = local_date(parse(row.receipt.at), zone).isoformat()
            if head.first <= day <= head.last:
                found.append(upload.past(row.receipt, _uploaded(head, row.receipt.member)))
        if len(found) >= CHUNK_RECEIPTS:
            return found, faulty, faults, {"line": row.line}
    return found, faulty, faults, None


def _past(item: ReceiptItem) -> Past:
    """A stored receipt as it is played through again."""
    sold, given = item.sold, item.given
    if not item.member or given is None:
        raise ValueError(f"receipt {item.receipt} is nobody's")
    return Past(
        item.member,
        item.receipt,
        item.partner,
        item.outlet,
        msgspec.structs.replace(sold, shares=()),
        coupons=tuple(share.coupon for share in sold.shares),
        payments=_payments(item),
        points=sum(share.points for share in sold.shares),
        rate=given.frozen.partner_rate,
        before=given.before,
        returns=tuple(PastReturn(one.at, one.lines) for one in item.returns if one.entry),
    )


def _payments(item: ReceiptItem) -> tuple[Payment, ...]:
    """What was paid by means that earned nothing, and the rest; which of several such means it
    was, is not kept.
    """
    sold, given = item.sold, item.given
    idle = sum(share.idle for share in sold.shares)
    if not idle or given is None:
        return ()
    terms = programs.version(item.program, given.frozen.version).purchases
    means = next((one for one in sold.payment if one in terms.earns_nothing), "")
    return (Payment(means=means, amount=idle),) if means else ()


def _bucket(member: str) -> int:
    return sha256(member.encode()).digest()[0] % BUCKETS


def _uploaded(head: Forecast, member: str) -> str:
    """Whatever names a member in a file, so that nobody can read it any more."""
    return keyed_hash(settings(), "forecast member", head.program, head.forecast, member)[:24]


# -- playing ---------------------------------------------------------------------------


def _play(head: Forecast, part: int) -> tuple[Played, ...]:
    found = [
        msgspec.structs.replace(document, version=NUMBERED_FROM + number)
        for number, document in enumerate(store.documents(head.program, head.forecast))
    ]
    assumed = head.assumptions
    facts = _facts(head, found)
    share = Share(part, head.parts)
    players = [Player(document, facts, assumed, share) for document in found]
    zone = found[0].zone
    happened = steps(_receipts(head, part), zone, assumed.shift_days)
    last = date.fromisoformat(head.last) + timedelta(days=assumed.shift_days)
    play(players, happened, last)

    @cache
    def pseudonym(member: str) -> str:
        named = keyed_hash(settings(), "forecast pseudonym", head.program, head.forecast, member)
        return named[:12]

    return tuple(player.played(players[0], pseudonym) for player in players)


def _receipts(head: Forecast, part: int) -> Iterator[Past]:
    """The receipts of the members of one part."""
    for name, bucket in _kept(head):
        if bucket % head.parts == part - 1:
            yield from store.kept_receipts(head.program, name)


def _kept(head: Forecast) -> Iterator[tuple[str, int]]:
    """What was put aside, with its bucket."""
    gatherers = 1 if head.source == "file" else SCANS
    for part in range(1, gatherers + 1):
        place = store.place(head.program, head.forecast, part)
        for chunk, buckets in enumerate(place.chunks):
            for bucket in buckets:
                yield store.gathered_name(head.forecast, part, chunk, bucket), bucket


def _facts(head: Forecast, documents: list[Program]) -> Callable[[str], MemberFacts]:
    """What rules may ask of a member, read once; of the profile only if some rule asks."""
    if head.source == "file":
        unknown = MemberFacts()
        return lambda _: unknown
    asks = any(
        engine_of(one).asks(trigger, BirthdayCondition, GenderCondition)
        for one in documents
        for trigger in _triggers(one)
    )
    zone = documents[0].zone

    @cache
    def facts(name: str) -> MemberFacts:
        member = members.read(head.program, name)
        if member is None or member.status == "erased":
            return MemberFacts()
        told = members.profile(head.program, name) if asks else None
        return MemberFacts(
            kind=member.kind,
            joined_on=local_date(parse(member.joined_at), zone),
            birthday=date.fromisoformat(told.birthday) if told and told.birthday else None,
            gender=told.gender if told else None,
        )

    return facts


def _triggers(program: Program) -> set[Trigger]:
    return {rule.trigger for rule in program.earning.rules}


def _tidy(head: Forecast) -> None:
    """Let go what was put aside; what is left here after a crash goes by itself."""
    names = [name for name, _ in _kept(head)]
    names += [store.played_name(head.forecast, part) for part in range(1, head.parts + 1)]
    files.drop(head.program, names)


def _head(work: Work) -> ForecastItem:
    found = store.read(work.job.program, work.job.ref)
    if found is None:
        raise JobFailed("forecast_gone")
    return found
