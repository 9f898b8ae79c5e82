"""How forecasts, their documents, places in the table and results are stored; and what the work
keeps in the bucket until it is done.
"""

import zlib
from collections.abc import Iterable, Iterator

import msgspec
from pynamodb.attributes import BinaryAttribute

from chalicelib.files import service as files
from chalicelib.forecasts.figures import Played, Result
from chalicelib.forecasts.model import Faulty, Forecast, Past
from chalicelib.kernel.table import keys, scans
from chalicelib.kernel.table.items import CompressedAttribute, IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.scans import Cursor
from chalicelib.kernel.table.writes import ConditionFailed, Writes, commit
from chalicelib.programs import store as programs
from chalicelib.programs.model import Program
from chalicelib.receipts.store import RECEIPT, ReceiptItem

RESULT = "RESULT"


class ForecastItem(Item):
    """A forecast. ``revision`` counts its changes, so that each rests on the last."""

    revision = IntAttribute()
    forecast: PackedAttribute[Forecast] = PackedAttribute(Forecast)


class DocumentItem(Item):
    """One of the documents that a forecast compares, as it was when it was ordered."""

    document = BinaryAttribute(legacy_encoding=False)


class Place(msgspec.Struct, frozen=True):
    """How far one part of the gathering is."""

    cursor: Cursor | None = {}
    """Where it goes on; null: it is done."""
    chunks: tuple[tuple[int, ...], ...] = ()
    """For each chunk that was kept, the buckets that it filled."""
    receipts: int = 0
    faulty: int = 0
    faults: tuple[Faulty, ...] = ()
    version: int = 0


class PlaceItem(Item):
    """The stored place."""

    version = IntAttribute()
    place: PackedAttribute[Place] = PackedAttribute(Place)


class ResultItem(Item):
    """What a forecast found; put once."""

    result: CompressedAttribute[Result] = CompressedAttribute(Result)


def read(program: str, forecast: str, *, strong: bool = True) -> ForecastItem | None:
    """A forecast, or nothing."""
    return ForecastItem.find(keys.forecasts(program), _key(forecast), strong=strong)


def newest(program: str, after: str | None, limit: int) -> Iterator[ForecastItem]:
    """A program's forecasts, newest first."""
    pk = keys.forecasts(program)
    return ForecastItem.below(pk, "FORECAST#", newest_first=True, after=after, limit=limit)


def create(new: Forecast, documents: Iterable[Program]) -> Writes:
    """A new forecast with its documents."""
    item = ForecastItem(keys.forecasts(new.program), _key(new.forecast), revision=1, forecast=new)
    writes = Writes().put_new(item)
    pk = keys.forecast(new.program, new.forecast)
    for number, document in enumerate(documents):
        packed, _ = programs.pack(msgspec.structs.replace(document, version=0))
        writes.put_new(DocumentItem(pk, keys.numbered("DOC", number), document=packed))
    return writes


def change(before: ForecastItem, after: Forecast) -> Writes:
    """The forecast as it is now, unless somebody else changed it."""
    return Writes().update(
        before,
        [ForecastItem.revision.set(before.revision + 1), ForecastItem.forecast.set(after)],
        ForecastItem.revision == before.revision,
    )


def documents(program: str, forecast: str) -> list[Program]:
    """The documents that a forecast compares, the version in force first."""
    found = DocumentItem.below(keys.forecast(program, forecast), "DOC#", strong=True)
    return [programs.unpack(item.document) for item in found]


def place(program: str, forecast: str, part: int) -> Place:
    """How far one part of the gathering is. A strong read."""
    pk = keys.forecast(program, forecast)
    found = PlaceItem.find(pk, keys.numbered("PLACE", part), strong=True)
    return msgspec.structs.replace(found.place, version=found.version) if found else Place()


def advance(program: str, forecast: str, part: int, now: Place, then: Place) -> Place:
    """Move on; where another delivery of the part moved first, go on from its place instead."""
    then = msgspec.structs.replace(then, version=now.version + 1)
    pk = keys.forecast(program, forecast)
    item = PlaceItem(pk, keys.numbered("PLACE", part), version=then.version, place=then)
    unmoved = PlaceItem.version == now.version if now.version else PlaceItem.pk.does_not_exist()
    try:
        commit(Writes().put(item, unmoved))
        return then
    except ConditionFailed:
        return place(program, forecast, part)


def result(program: str, forecast: str) -> Result | None:
    """What a forecast found, or nothing."""
    found = ResultItem.find(keys.forecast(program, forecast), RESULT, strong=True)
    return found.result if found else None


def found(program: str, forecast: str, result: Result) -> Writes:
    """What a forecast found, for good."""
    return Writes().put_new(ResultItem(keys.forecast(program, forecast), RESULT, result=result))


def scanned(
    program: str, part: int, parts: int, cursor: Cursor
) -> tuple[list[ReceiptItem], Cursor | None]:
    """The receipts on one page of one part of the whole table, and where the next page begins.

    A page costs half a read unit for each 4 KB that it holds, whosever they are: up to 128.
    """
    wanted = scans.Wanted(keys.receipt(program, ""), RECEIPT, whole=True)
    found, after = scans.page(cursor, wanted, segment=part + 1, segments=parts)
    return [ReceiptItem.from_raw_data(item) for item in found], after


# -- what lies in the bucket ---------------------------------------------------------


def keep_receipts(program: str, name: str, receipts: list[Past]) -> None:
    """Keep gathered receipts until they are played through."""
    files.keep(program, name, zlib.compress(msgspec.json.encode(receipts), 6))


def kept_receipts(program: str, name: str) -> list[Past]:
    """Gathered receipts."""
    packed = files.kept(program, name)
    return msgspec.json.decode(zlib.decompress(packed), type=list[Past]) if packed else []


def keep_played(program: str, name: str, played: tuple[Played, ...]) -> None:
    """Keep what one part came to."""
    files.keep(program, name, zlib.compress(msgspec.json.encode(played), 6))


def kept_played(program: str, name: str) -> tuple[Played, ...] | None:
    """What one part came to, or nothing."""
    packed = files.kept(program, name)
    return msgspec.json.decode(zlib.decompress(packed), type=tuple[Played, ...]) if packed else None


def gathered_name(forecast: str, part: int, chunk: int, bucket: int) -> str:
    """What gathered receipts are called."""
    return f"forecasts/{forecast}/gathered-{part}-{chunk}-{bucket}"


def played_name(forecast: str, part: int) -> str:
    """What the figures of one part are called."""
    return f"forecasts/{forecast}/played-{part}"


def _key(forecast: str) -> str:
    return f"FORECAST#{forecast}"
