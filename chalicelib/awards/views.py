"""Lists of awards as the API shows them."""

from collections.abc import Iterable

import msgspec

from chalicelib.awards.model import AwardList, reason_of
from chalicelib.awards.service_lists import Found
from chalicelib.awards.shapes import AwardListRow, AwardListView, AwardRowView
from chalicelib.awards.store import Listed
from chalicelib.jobs.views import job_view
from chalicelib.kernel.csv_text import rows_text
from chalicelib.kernel.texts import say

HEADER = ("line", "member", "points", "reason", "outcome", "sentence", "entry")
UNCHECKED = "unchecked"


def list_row(found: AwardList) -> AwardListRow:
    """One row of the list of lists."""
    return AwardListRow(
        list=found.list,
        state=found.state,
        reason=found.reason,
        created_at=found.created_at,
        created_by=found.created_by,
        rows=found.size,
        rows_ok=found.ok,
        rows_wrong=found.wrong,
        points_to_credit=found.credit,
        points_to_withdraw=found.withdraw,
        run_by=found.run_by or None,
        run_at=found.run_at or None,
    )


def list_view(found: Found) -> AwardListView:
    """A list with its progress."""
    award_list = found.award_list
    return AwardListView(
        **msgspec.structs.asdict(list_row(award_list)),
        needs_two=found.needs_two,
        rows_posted=award_list.posted,
        rows_failed=award_list.failed,
        points_credited=award_list.credited,
        points_withdrawn=award_list.withdrawn,
        job=job_view(found.job),
    )


def row_view(listed: Listed, award_list: AwardList, language: str) -> AwardRowView:
    """One row of the report on ``award_list``."""
    row = listed.row
    known = row.outcome != "ok" or bool(row.member)
    said = say(
        language, f"award_row.{row.outcome if known else UNCHECKED}", column=row.column or "-"
    )
    return AwardRowView(
        line=row.line,
        member=row.member or None,
        points=row.points,
        reason=reason_of(row, award_list),
        outcome=row.outcome if known else None,
        sentence=said,
        entry=listed.entry,
    )


def report_text(rows: Iterable[AwardRowView]) -> str:
    """The report as CSV."""
    return rows_text(HEADER, (_cells(row) for row in rows))


def _cells(row: AwardRowView) -> tuple[str | int, ...]:
    return (
        row.line,
        row.member or "",
        row.points,
        row.reason,
        row.outcome or "",
        row.sentence,
        "" if row.entry is None else row.entry,
    )
