"""Files by which members prove something: they upload them, staff look, the decision ends them."""

from datetime import datetime
from typing import NamedTuple

from chalicelib.files import gateway, model, service, store
from chalicelib.files.errors import FileInUse, FileUnknown
from chalicelib.files.model import EvidenceType, Purpose
from chalicelib.files.service import Announcement, Order
from chalicelib.files.store import FileItem
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import guards
from chalicelib.kernel.table.writes import commit

PURPOSE: Purpose = "evidence"


class Whose(NamedTuple):
    """A member of a program, and when they do something."""

    program: str
    member: str
    at: datetime

    @property
    def actor(self) -> str:
        """The member as the author of a file."""
        return f"member:{self.member}"


class Shown(NamedTuple):
    """A checked file, and where it can be looked at for a while."""

    file: str
    media_type: EvidenceType
    size: int
    url: str


def announce(
    whose: Whose, media_type: EvidenceType, size: int, call: guards.Request, ids: Ids
) -> FileItem:
    """Make a file that a member is going to upload.

    Raises:
        InvalidFields: it is too large.
    """
    wish = Announcement(whose.program, PURPOSE, media_type, size, "", whose.actor, whose.at)
    return service.announce(wish, call, ids)


def check(whose: Whose, file: str) -> None:
    """See to it that a member's own upload is good and proves nothing else yet.

    Raises:
        FileUnknown, FileMissing, FileTooLarge, WrongFileType, FileInUse.
    """
    found = service.read(whose.program, file)
    if found.purpose != PURPOSE or found.created_by != whose.actor:
        raise FileUnknown
    if found.uses:
        raise FileInUse
    service.complete(Order(whose.program, file, whose.actor, whose.at), settings())


def shown(program: str, file: str, good_for_s: int) -> Shown | None:
    """Where staff can look at a file for some seconds; nothing when it is gone."""
    found = store.file(program, file, strong=True)
    if found is None or found.purpose != PURPOSE or found.state != model.READY:
        return None
    key = model.clean_key(PURPOSE, program, file)
    name = f"{file}.{found.media_type.rpartition('/')[2]}"
    url = gateway.link(settings(), key, name, good_for_s)
    return Shown(file, found.type, found.size, url)  # type: ignore[arg-type]


def forget(program: str, file: str) -> None:
    """Delete a file with all that is known of it; again is no fault."""
    gateway.delete(settings(), model.quarantine_key(program, file))
    gateway.delete(settings(), model.clean_key(PURPOSE, program, file))
    commit(store.forgotten(program, file))
