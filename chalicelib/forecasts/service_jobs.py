"""The jobs of a forecast: gathering receipts by member, and playing them through.

Either may be delivered never, twice, at once or late. What a part makes is put under names of its
own, the same content each time; that the part is done is noted once, with the forecast. Whoever
notes the last part puts the whole together.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache

import msgspec

from chalicelib.earning.model import MemberFacts
from chalicelib.earning.service import engine_of
from chalicelib.files import service as files
from chalicelib.forecasts import figures, gathering, model, store
from chalicelib.forecasts.figures import Played
from chalicelib.forecasts.happened import steps
from chalicelib.forecasts.itself import BIRTHDAY
from chalicelib.forecasts.model import Forecast, Past
from chalicelib.forecasts.playing import Share
from chalicelib.forecasts.service import GATHER, PLAY, SCANS, job_of
from chalicelib.forecasts.simulate import FactsOf, Player, play
from chalicelib.forecasts.store import ForecastItem
from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import JobFailed, Work
from chalicelib.kernel.clock import local_date, parse
from chalicelib.kernel.ids import Ids, in_time_order
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.members import store as members
from chalicelib.members.model import Member, in_groups_on
from chalicelib.programs.model import Program
from chalicelib.programs.rules_conditions import BirthdayCondition, GenderCondition
from chalicelib.programs.rules_model import Trigger

NUMBERED_FROM = 2_000_000
"""Documents of a forecast are numbered from here on within a process, so that their compiled rules
do not meet those of published versions.
"""


def gather_part(work: Work) -> int:
    """Find receipts of the forecast's days and put them aside by member."""
    program, forecast = work.job.program, work.job.ref
    head = _head(work).forecast
    if head.state != "gathering" or head.job != work.job.job or work.part in head.ran:
        return 1
    place = store.place(program, forecast, work.part)
    while place.cursor is not None:
        place = gathering.gathered(head, work.part, place)
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
        faults=tuple(fault for place in places for fault in place.faults)[: gathering.MOST_FAULTS],
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
    writes += store.found(head.program, head.forecast, figures.whole(parts))
    return writes, after


# -- playing ---------------------------------------------------------------------------


def _play(head: Forecast, part: int) -> tuple[Played, ...]:
    found = [
        msgspec.structs.replace(document, version=NUMBERED_FROM + number)
        for number, document in enumerate(store.documents(head.program, head.forecast))
    ]
    assumed = head.assumptions
    facts = _facts(head, found)
    share = Share(part, head.parts)
    shift = timedelta(days=assumed.shift_days)
    first, last = (date.fromisoformat(day) + shift for day in (head.first, head.last))
    players = [Player(document, facts, assumed, share, first) for document in found]
    zone = found[0].zone
    happened = steps(_receipts(head, part), zone, assumed.shift_days)
    play(players, happened, last)

    @cache
    def pseudonym(member: str) -> str:
        return keyed_hash(settings(), "forecast pseudonym", head.program, member)[:12]

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


def _facts(head: Forecast, documents: list[Program]) -> FactsOf:
    """What rules may ask of a member, read once; of the profile only if some rule asks."""
    if head.source == "file":
        unknown = MemberFacts()
        return lambda *_: unknown
    asks = any(one.earning.rewards(BIRTHDAY) for one in documents) or any(
        engine_of(one).asks(trigger, BirthdayCondition, GenderCondition)
        for one in documents
        for trigger in _triggers(one)
    )
    zone = documents[0].zone

    @cache
    def known(name: str) -> tuple[Member | None, MemberFacts]:
        member = members.read(head.program, name)
        if member is None or member.status == "erased":
            return None, MemberFacts()
        told = members.profile(head.program, name) if asks else None
        return member, MemberFacts(
            kind=member.kind,
            joined_on=local_date(parse(member.joined_at), zone),
            birthday=date.fromisoformat(told.birthday) if told and told.birthday else None,
            gender=told.gender if told else None,
            segments=member.segments,
        )

    def facts(name: str, day: date) -> MemberFacts:
        member, found = known(name)
        if member is None or not member.groups:
            return found
        return msgspec.structs.replace(found, groups=in_groups_on(member, day))

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
