"""The base of every stored item, over one shared connection.

PynamoDB would otherwise open one client per model class (55 ms each at start). ``find``,
``several``, ``together`` and ``below`` are the only reads; writes go through
:mod:`chalicelib.kernel.table.writes`, in transactions that name their conditions.
"""

import threading
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Self, TypeVar

import msgspec
from pynamodb.attributes import Attribute, UnicodeAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.constants import BINARY, NUMBER, STRING
from pynamodb.models import Model

from chalicelib.kernel.settings import settings

T = TypeVar("T")
_lock = threading.Lock()

CONNECT_TIMEOUT_S = 1
READ_TIMEOUT_S = 3
ATTEMPTS = 3
"""3 attempts of at most 4 s stay below the gateway's 29 s even for a use case that is decided
twice.
"""


class IntAttribute(Attribute[int]):
    """A whole number; points and money are never anything else."""

    attr_type = NUMBER

    def serialize(self, value: Any) -> str:
        """Refuse floats and booleans instead of rounding them in silence."""
        if type(value) is not int:
            raise TypeError(f"{value!r} is not a whole number")
        return str(value)

    def deserialize(self, value: str) -> int:
        """The stored number."""
        return int(value)


class PackedAttribute(Attribute[T]):
    """A frozen value stored as one JSON string, typed by ``shape``; smaller than DynamoDB maps."""

    attr_type = STRING

    def __init__(self, shape: Any, **options: Any) -> None:
        """``shape`` is the msgspec type to read back."""
        super().__init__(**options)
        self._encoder = msgspec.json.Encoder(order="deterministic")
        self._decoder = msgspec.json.Decoder(shape)

    def serialize(self, value: Any) -> str:
        """JSON in a fixed order of keys."""
        return self._encoder.encode(value).decode()

    def deserialize(self, value: str) -> T:
        """The typed value; raises msgspec.ValidationError when the item is damaged."""
        return self._decoder.decode(value)  # type: ignore[no-any-return]


class CompressedAttribute(Attribute[T]):
    """A frozen value stored as compressed JSON, typed by ``shape``: for what is long and
    repetitive, where each KB is a unit to write.
    """

    attr_type = BINARY

    def __init__(self, shape: Any, **options: Any) -> None:
        """``shape`` is the msgspec type to read back."""
        super().__init__(**options)
        self._encoder = msgspec.json.Encoder(order="deterministic")
        self._decoder = msgspec.json.Decoder(shape)

    def serialize(self, value: Any) -> bytes:
        """JSON in a fixed order of keys, compressed."""
        return compressed(self._encoder.encode(value))

    def deserialize(self, value: bytes) -> T:
        """The typed value; raises zlib.error or msgspec.ValidationError when it is damaged."""
        return self._decoder.decode(zlib.decompress(value))  # type: ignore[no-any-return]


class OnceTextAttribute(CompressedAttribute[T]):
    """A value that is stored compressed, and was stored as JSON text before an upgrade: both are
    read, and only the compressed one is written.
    """

    def get_value(self, value: dict[str, Any]) -> Any:
        """What is stored, in either form."""
        return value[STRING] if STRING in value else super().get_value(value)

    def deserialize(self, value: bytes | str) -> T:
        """The typed value of either form; raises as both do."""
        if isinstance(value, str):
            return self._decoder.decode(value)  # type: ignore[no-any-return]
        return super().deserialize(value)


def compressed(json: bytes) -> bytes:
    """JSON as a :class:`CompressedAttribute` holds it."""
    return zlib.compress(json, 9)


def uncompressed(value: bytes) -> Any:
    """What a :class:`CompressedAttribute` holds, as plain values, whatever its shape."""
    return msgspec.json.decode(zlib.decompress(value))


class Item(Model):
    """Anything in the table. ``pk`` and ``sk`` come from :mod:`chalicelib.kernel.table.keys`
    alone.
    """

    class Meta:
        """Bound on first use, from the settings."""

        table_name = "bound-on-first-use"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return connection()

    @classmethod
    def find(cls, pk: str, sk: str, *, strong: bool = False) -> Self | None:
        """One item or nothing: 0.5 read units per 4 KB, 1 when ``strong``."""
        try:
            return cls.get(pk, sk, consistent_read=strong)
        except cls.DoesNotExist:
            return None

    @classmethod
    def several(cls, places: Iterable[tuple[str, str]]) -> Iterator[Self]:
        """Those of the items at these keys that there are, in no order; one unit per 4 KB each."""
        yield from cls.batch_get(places, consistent_read=True)

    @classmethod
    def below(
        cls,
        pk: str,
        prefix: str,
        *,
        limit: int | None = None,
        newest_first: bool = False,
        after: str | None = None,
        strong: bool = False,
        at_once: int | None = None,
    ) -> Iterator[Self]:
        """The items of one partition whose sort key has ``prefix``; ``after`` is a sort key to go
        on from. ``at_once``: how many to ask the table for in one read, if not for ``limit``.
        """
        found = cls.query(
            pk,
            cls.sk.startswith(prefix),
            scan_index_forward=not newest_first,
            limit=limit,
            page_size=at_once or limit,
            consistent_read=strong,
            last_evaluated_key={"pk": {"S": pk}, "sk": {"S": after}} if after else None,
        )
        yield from found


MOST_READ = 100
"""Items of one read."""


def together(places: Iterable[tuple[type[Item], str, str]]) -> dict[tuple[str, str], Item]:
    """Items of different kinds by strong reads of a hundred: those that there are, by their keys;
    one unit per 4 KB each. They may be of different moments.
    """
    kinds = {(pk, sk): kind for kind, pk, sk in places}
    found: dict[tuple[str, str], Item] = {}
    wanted: list[Any] = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in kinds]
    while wanted:
        some, wanted = wanted[:MOST_READ], wanted[MOST_READ:]
        answer = connection().batch_get_item(some, consistent_read=True)
        for raw in answer["Responses"].get(Item.Meta.table_name, ()):
            key = (raw["pk"]["S"], raw["sk"]["S"])
            found[key] = kinds[key].from_raw_data(raw)
        wanted += answer["UnprocessedKeys"].get(Item.Meta.table_name, {}).get("Keys", [])
    return found


_connection: TableConnection | None = None


def connection() -> TableConnection:
    """The process's one connection to the table, made on first use."""
    global _connection
    if _connection is None:
        with _lock:
            if _connection is None:
                _connection = _connect()
    return _connection


def client() -> Any:
    """The botocore client under the connection, for transactions and batches."""
    return connection().connection.client


def _connect() -> TableConnection:
    from pynamodb.connection.base import MetaTable

    name = settings().table
    Item.Meta.table_name = name
    made = TableConnection(
        name,
        connect_timeout_seconds=CONNECT_TIMEOUT_S,
        read_timeout_seconds=READ_TIMEOUT_S,
        max_retry_attempts=ATTEMPTS - 1,
        max_pool_connections=64,
        meta_table=MetaTable(
            {
                "TableName": name,
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "sk", "KeyType": "RANGE"},
                ],
                "AttributeDefinitions": [
                    {"AttributeName": "pk", "AttributeType": "S"},
                    {"AttributeName": "sk", "AttributeType": "S"},
                ],
            }
        ),
    )
    # Threads of one process share the client; make it before they race for it.
    _ = made.connection.client
    return made
