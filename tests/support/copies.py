"""A table of a test's own on the running engine, with some clubs' items in it: for what reads the
whole table, and for what no test may do to the table that others use.
"""

import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import format as stored_format
from chalicelib.kernel.table import items
from infra.local.engine import create_table
from infra.local.resources import client
from tests.support import stored
from tests.support.stored import Image

URL = "AWS_ENDPOINT_URL_DYNAMODB"


def taken(programs: Iterable[str]) -> list[Image]:
    """What these programs have; reads the whole table, so once for all tests of a module."""
    wanted = set(programs)
    found = stored.everything().items()
    return [image for key, image in found if key[0].split("#")[0] in wanted]


@contextmanager
def copied(images: Iterable[Image]) -> Iterator[str]:
    """Let the whole platform stand on a copy of these items; gives the table's name.

    The copy has a stream, and nobody listens to it.
    """
    name = f"copy-{uuid.uuid4().hex[:12]}"
    create_table(os.environ[URL], name)
    before = items._connection
    try:
        with patch.dict(os.environ, {"CLUBKEEPER_TABLE": name}):
            _turn_to(None)
            put(images)
            yield name
    finally:
        _turn_to(before)
    client("dynamodb", os.environ[URL]).delete_table(TableName=name)


def put(images: Iterable[Image]) -> None:
    """Put items into the table as they are, past every rule."""
    stored.put_back({stored.key_of(one): one for one in images}, {})


def _turn_to(connection: items.TableConnection | None) -> None:
    """Let the process stand on the table that the environment names, by a new connection or this
    one.
    """
    settings.cache_clear()
    stored_format.forget()
    items._connection = connection
    items.Item.Meta.table_name = settings().table
