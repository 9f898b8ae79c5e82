"""Writing a program's next version: the draft, replaced as a whole, and what is wrong with it."""

import hashlib
from datetime import datetime

import msgspec

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.errors import Forbidden, TooLarge
from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs import checks, store
from chalicelib.programs.model import Faults, Program, ProgramIdDiffers, ProgramUnknown

MOST_WRITTEN = 1024 * 1024
"""Bytes of a document as it is sent: a thousand rules with their names in four languages."""
MOST_STORED = 350_000
"""Bytes of a document as it is stored, compressed; an item holds 400 KB."""
SHOWN = 300
"""Bytes up to which the audit shows a field of a document; the versions themselves are kept."""
_FIELDS = tuple(name for name in Program.__struct_fields__ if name != "version")


def write_draft(
    program_id: str, document: Program, staff: StaffCaller, at: datetime
) -> store.DraftItem:
    """Put this document in place of the draft; the first one creates the program.

    The same document again changes nothing. Faults that types do not show may stay in a draft.

    Raises:
        ProgramIdDiffers: the document is another program's.
        TooLarge: compressed, the document does not fit into an item.
        Forbidden: the program is new, and only who may act in every program may create one.
    """
    if document.id != program_id:
        raise ProgramIdDiffers
    plain = msgspec.structs.replace(document, version=0)
    packed, digest = store.pack(plain)
    if len(packed) > MOST_STORED:
        raise TooLarge(limit=MOST_STORED // 1024)

    def decide(strong: bool) -> tuple[Writes, store.DraftItem]:
        before = store.draft(program_id)
        if before is None and not staff.knows("*"):
            raise Forbidden
        if before is not None and before.hash == digest:
            return Writes(), before
        set_by = _approvals_by(plain, before, staff.actor)
        writes, item = store.put_draft(plain, before, staff.actor, set_by, at)
        audit.note(writes, _act(plain, before, staff, at))
        return writes, item

    return transact(decide)


def read_draft(program_id: str) -> store.DraftItem:
    """The draft as it stands.

    Raises:
        ProgramUnknown: there is no such program.
    """
    found = store.draft(program_id)
    if found is None:
        raise ProgramUnknown
    return found


def check_draft(program_id: str, at: datetime) -> Faults:
    """Everything that would keep the draft from being published to take effect at ``at``."""
    document = store.unpack(read_draft(program_id).document)
    return faults_for(document, store.newest(program_id), at)


def _approvals_by(document: Program, before: store.DraftItem | None, author: str) -> str:
    """Who set what staff cannot do alone to what ``document`` says: whoever changed it last,
    whatever others changed beside it since.
    """
    if before is None or store.unpack(before.document).approvals != document.approvals:
        return author
    return before.set_by


def _act(
    document: Program, stored: store.DraftItem | None, staff: StaffCaller, at: datetime
) -> audit.Act:
    """Tells of a draft by the fields that changed; of a long one by a digest of its content."""
    was = _told(store.unpack(stored.document)) if stored else {}
    before, after = audit.changed(was, _told(document))
    return audit.Act(
        program=document.id,
        actor=staff.actor,
        action="program.drafted",
        subject=audit.subject(program=document.id),
        at=at,
        before=before,
        after=after,
    )


def _told(document: Program) -> audit.Facts:
    # In one order, as documents are stored: nothing differs by the order of its names alone.
    fields = {
        name: msgspec.json.encode(getattr(document, name), order="deterministic")
        for name in _FIELDS
    }
    return {
        name: msgspec.json.decode(content)
        if len(content) <= SHOWN
        else f"sha256:{hashlib.sha256(content).hexdigest()}"
        for name, content in fields.items()
    }


def faults_for(document: Program, before: Program | None, effective_at: datetime) -> Faults:
    """What is wrong with a document as the version after ``before``."""
    found = checks.faults(document)
    if before is not None:
        found += checks.changed_fixed(before, document)
    if checks.zone_known(document.zone):
        found += checks.over_before_start(document, local_date(effective_at, document.zone))
    return found
