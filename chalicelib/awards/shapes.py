"""What the room's routes take and answer."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.awards.model import Outcome, State
from chalicelib.awards.upload import MOST_BYTES
from chalicelib.jobs.views import JobView
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table.pages import PageQuery


class NewAwardList(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of awards and withdrawals."""

    csv: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=MOST_BYTES,
            description="CSV with the columns `member`, `points` and `reason` in its first line, "
            "in any order; `,` or `;` between cells. `member`: card number, phone with `+`, e-mail "
            "or member id. `points`: whole, not 0, with a minus to withdraw. `reason`: what the "
            "member reads; empty: that of the list. At most 5000 rows and 800 KB.",
        ),
    ]
    reason: Annotated[
        str,
        Meta(
            min_length=3,
            max_length=500,
            description="What the list is for; kept for ever, without personal data, please.",
        ),
    ]


class RunBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to run a list."""

    skip_wrong: bool = False
    """Post the good rows and leave out the others; else a list with wrong rows is not run."""


class RowsQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rows."""

    outcome: Annotated[
        Outcome | None, Meta(description="Only the rows with this outcome; else all.")
    ] = None


class ReportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rows."""

    outcome: Annotated[
        Outcome | None, Meta(description="Only the rows with this outcome; else all.")
    ] = None


class AwardListRow(msgspec.Struct, frozen=True, kw_only=True):
    """A list in short."""

    list: str
    """Id of the list."""
    state: State
    """`checked` lists can be run. A `stopped` one was being run when its job was stopped or given
    up: run it again, which posts the rest; uploaded anew, its rows would be posted twice. `done`
    and `cancelled` are final.
    """
    reason: str
    """What the list is for."""
    created_at: Instant
    """When it was uploaded."""
    created_by: str
    """Who uploaded it: `staff:…` or `operator:…`."""
    rows: int
    """How many rows it has."""
    rows_ok: int
    """Rows that can be posted, once it is checked."""
    rows_wrong: int
    """Rows that cannot."""
    points_to_credit: int
    """Points that the good rows credit."""
    points_to_withdraw: int
    """Points that they withdraw."""
    run_by: str | None
    """Who ran it; null: nobody yet."""
    run_at: Instant | None
    """When; null: not yet."""


class AwardListView(AwardListRow, frozen=True, kw_only=True):
    """A list with its progress."""

    needs_two: bool
    """Whether only somebody else than who uploaded it may run it: so many points need four eyes."""
    rows_posted: int
    """Rows that were posted, in the parts that were run; of a stopped list all."""
    rows_failed: int
    """Rows that were good when checked and could not be posted: the rows tell why."""
    points_credited: int
    """Points that these rows credited."""
    points_withdrawn: int
    """Points that these rows withdrew."""
    job: JobView
    """The job that checks it, then the one that runs it."""


class AwardRowView(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list, and what became of it."""

    line: int
    """Line of the file where it begins, from 1; the header is a line too."""
    member: str | None
    """Id of the member; null: not found, or not looked for yet."""
    points: int
    """Points of the row; 0: they cannot be read."""
    reason: str
    """What the member reads."""
    outcome: Outcome | None
    """Stable name of what became of it; null: not checked yet."""
    sentence: str
    """The same in the reader's language."""
    entry: int | None
    """Number of the member's ledger entry; null: none."""
