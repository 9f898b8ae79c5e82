"""Settlements as the API shows them."""

import msgspec

from chalicelib.jobs.views import job_view
from chalicelib.kernel.csv_text import rows_text
from chalicelib.settlement import service
from chalicelib.settlement.model import Flow, Issued, Sums
from chalicelib.settlement.service import Found, State
from chalicelib.settlement.shapes import (
    FlowView,
    IssuerView,
    SettlementRow,
    SettlementView,
    Table,
)
from chalicelib.settlement.store import SettlementItem


def settlement_row(item: SettlementItem) -> SettlementRow:
    """One row of the list of settlements."""
    return _row(item, service.state(item))


def settlement_view(found: Found) -> SettlementView:
    """A settlement with its figures."""
    return SettlementView(
        **msgspec.structs.asdict(_row(found.item, found.state)),
        currency=found.item.order.currency,
        entries=found.sums.entries,
        flows=[_flow(one) for one in found.sums.flows],
        issuers=[_issuer(one) for one in found.sums.issued],
        job=job_view(found.job),
    )


def report_text(sums: Sums, table: Table) -> str:
    """One of the tables as CSV."""
    if table == "flows":
        flows = (msgspec.structs.astuple(_flow(one)) for one in sums.flows)
        return rows_text(FlowView.__struct_fields__, flows)
    issuers = (msgspec.structs.astuple(_issuer(one)) for one in sums.issued)
    return rows_text(IssuerView.__struct_fields__, issuers)


def _row(item: SettlementItem, state: State) -> SettlementRow:
    return SettlementRow(
        settlement=item.settlement,
        month=item.order.month,
        state=state,
        created_at=item.order.created_at,
        created_by=item.order.created_by,
    )


def _flow(one: Flow) -> FlowView:
    return FlowView(**msgspec.structs.asdict(one), points=one.points)


def _issuer(one: Issued) -> IssuerView:
    return IssuerView(**msgspec.structs.asdict(one))
