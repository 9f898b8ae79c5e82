"""Results of forecasts as tables for spreadsheets."""

from collections.abc import Sequence

from chalicelib.forecasts.shapes import DocumentResult, MoneyResult, PointsResult
from chalicelib.kernel.csv_text import rows_text


def comparison_text(rows: Sequence[DocumentResult]) -> str:
    """The documents side by side, as CSV."""
    points, money = PointsResult.__struct_fields__, MoneyResult.__struct_fields__
    beside = ("near", "far", "given", "winners", "losers", "unchanged")
    plain = ("receipts", "events", "refused", "members", "breakage", "vouchers", "gifts")
    header = ["document", "version", *plain, *(f"points_{one}" for one in points)]
    header += [*(f"money_{one}" for one in money), *(f"change_{one}" for one in beside)]
    return rows_text(
        header,
        [
            [
                row.name,
                row.version or "",
                *(getattr(row, one) for one in plain),
                *(getattr(row.points, one) for one in points),
                *(getattr(row.money, one) for one in money),
                *(getattr(row.beside, one) for one in beside),
            ]
            for row in rows
        ],
    )


def rules_text(rows: Sequence[DocumentResult]) -> str:
    """What each rule gave, as CSV."""
    return rows_text(
        ("document", "rule", "name", "times", "points", "money"),
        [
            (row.name, one.rule, one.name, one.times, one.points, one.money)
            for row in rows
            for one in row.rules
        ],
    )


def days_text(rows: Sequence[DocumentResult]) -> str:
    """Each day, as CSV."""
    return rows_text(
        ("document", "day", "receipts", "turnover", "given", "spent", "burnt", "discounts"),
        [
            (
                row.name,
                one.span,
                one.receipts,
                one.turnover,
                one.given,
                one.spent,
                one.burnt,
                one.discounts,
            )
            for row in rows
            for one in row.days
        ],
    )


def members_text(rows: Sequence[DocumentResult]) -> str:
    """Who gains and who loses most, as CSV."""
    return rows_text(
        ("document", "member", "in_force", "here", "change"),
        [
            (row.name, one.member, one.in_force, one.here, one.change)
            for row in rows
            for one in (*row.beside.most, *row.beside.least)
        ],
    )


TABLES = {
    "comparison": comparison_text,
    "rules": rules_text,
    "days": days_text,
    "members": members_text,
}
