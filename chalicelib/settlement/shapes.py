"""What the room's routes take and answer."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.jobs.views import JobView
from chalicelib.kernel.http.shapes import Instant
from chalicelib.settlement.model import Month
from chalicelib.settlement.service import State

Table = Literal["flows", "issuers"]


class NewSettlement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which month to settle."""

    month: Annotated[Month, Meta(description="A month that is over, e.g. `2026-10`.")]


class FlowView(msgspec.Struct, frozen=True, kw_only=True):
    """What one issuer of points owes one partner where they were used."""

    issuer: str
    """Partner who gave the points; empty: the club itself."""
    partner: str
    """Partner at whom they were used; empty: at the club, for gifts, charity and the like."""
    spent: int
    """Points spent there."""
    returned: int
    """Points that came back from there with goods, or were given back."""
    instead: int
    """Points that a return there took in place of its own award, which had been spent before."""
    debt: int
    """Points that members owe after returns there, for which the club stands; below zero: repaid by
    points of the partner's, or to it.
    """
    points: int
    """`spent` − `returned` + `instead` + `debt`: below zero, the partner owes the issuer."""
    money: int
    """What they are worth, in minor units, each by the version of the program that judged it."""


class IssuerView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the points of one issuer in the month. What its open and held points changed
    by is `given` − `taken_back` − `burnt` − what its flows have as `spent` − `returned` +
    `instead`.
    """

    issuer: str
    """Partner who gave the points; empty: the club itself."""
    given: int
    """Points given that members could use; those that repaid a debt at once are not among them."""
    taken_back: int
    """Points taken back with goods, or by staff."""
    burnt: int
    """Points that burnt, or were written off with their members."""


class SettlementRow(msgspec.Struct, frozen=True, kw_only=True):
    """A settlement in short."""

    settlement: str
    """Id of the settlement."""
    month: str
    """The month, in the program's zone."""
    state: State
    """`running`, `done`, or `stopped`: by staff, or given up."""
    created_at: Instant
    """When it was ordered."""
    created_by: str
    """Who ordered it: `staff:…` or `operator:…`."""


class SettlementView(SettlementRow, frozen=True, kw_only=True):
    """A settlement with its progress and, when it is done, its figures."""

    currency: str
    """Of the money."""
    entries: int
    """Entries of the ledger that were counted."""
    flows: list[FlowView]
    """Who owes whom, by issuer and partner; none until it is done."""
    issuers: list[IssuerView]
    """What became of each issuer's points; none until it is done."""
    job: JobView
    """The job that works it out."""


class SettlementReportQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the two tables."""

    table: Table = "flows"
    """`flows`: who owes whom; `issuers`: what became of each issuer's points."""
