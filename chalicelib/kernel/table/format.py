"""Whether this code reads what stands in the table: an upgrade that it does not know may have
rewritten items in a form that an older code would misread.

New code comes first and upgrades the data when it is asked to (:mod:`chalicelib.upgrades`). Code
that finds an upgrade from after its own time was rolled back behind it: it stops, because points
that are read wrongly are worse than a club that is closed for an hour.
"""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.observability import count, logger
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import Item
from chalicelib.kernel.table.writes import Writes

KNOWN = 1
"""The newest upgrade whose outcome this code reads."""
RETRY_AFTER_S = 60
_PREFIX = "U#"
_fits = False


class BegunItem(Item):
    """An upgrade has begun to write: from now on older code must not touch the table. Put once."""

    name = UnicodeAttribute()
    at = UnicodeAttribute()


def newest() -> int:
    """The newest upgrade that has begun to write; 0: none. A strong read, one unit."""
    found = BegunItem.below(keys.upgrades(), _PREFIX, newest_first=True, limit=1, strong=True)
    return max((int(item.sk.removeprefix(_PREFIX)) for item in found), default=0)


def begin(upgrade: int, name: str, at: str) -> Writes:
    """Close the table to code that does not know this upgrade; once is enough."""
    item = BegunItem(keys.upgrades(), keys.numbered("U", upgrade), name=name, at=at)
    return Writes().put(item, None)


def require_known() -> None:
    """Let nobody in while the table is newer than this code; asked once by each process.

    Newer code replaces every process before it upgrades anything, so whoever was let in once stays
    right for as long as the process lives.

    Raises:
        Unavailable: the data are newer; the request may come again when the code is.
    """
    global _fits
    if _fits:
        return
    if (stored := newest()) > KNOWN:
        logger.error("data newer than code", stored=stored, known=KNOWN)
        count("DataNewer")
        raise Unavailable(retry_after=RETRY_AFTER_S)
    _fits = True


def forget() -> None:
    """Ask again next time: the table is another one."""
    global _fits
    _fits = False
