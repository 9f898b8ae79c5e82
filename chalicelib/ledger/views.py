"""The ledger as people see it: amounts in points, sentences in the reader's language."""

from datetime import date
from typing import Annotated

import msgspec

from chalicelib.kernel.http.shapes import Day, Instant
from chalicelib.kernel.texts import say
from chalicelib.ledger.model import NEVER, RULE, Account, Entry, Part
from chalicelib.programs.service import rule_name


class LotView(msgspec.Struct, frozen=True):
    """Points that burn together."""

    points: int
    """How many burn on that day."""
    burns_on: Day | None
    """Last local day on which they can be spent; null: they do not burn."""


class AccountView(msgspec.Struct, frozen=True):
    """A member's points. `balance` = open lots + held - debt."""

    balance: int
    """Open lots + held - debt, in points."""
    available: int
    """Can be spent today."""
    held: int
    """Set aside for something in progress."""
    pending: int
    """Announced and not yet confirmed; not part of the balance."""
    debt: int
    """Owed after something was taken back; new points repay it first."""
    lots: list[LotView]
    """Open points by burn date, the next to burn first."""
    version: int
    """Rises with every change of the account."""


class PartView(msgspec.Struct, frozen=True):
    """So many points for this reason."""

    points: int
    """Points for this reason; negative: taken."""
    reason: str
    """The reason as a sentence in the reader's language."""
    code: str
    """Stable name of the reason; programs may decide by it."""
    inputs: dict[str, str]
    """The figures and names of the sentence."""


class EntryView(msgspec.Struct, frozen=True):
    """One movement of the account, with its explanation."""

    seq: int
    """Number of the entry; an account's entries are numbered from 1 without gaps."""
    at: Instant
    """When it was booked."""
    kind: str
    """Stable name of what happened; programs may decide by it."""
    title: str
    """What happened, in the reader's language."""
    points: int
    """Change of the balance."""
    held: int
    """Change of the points set aside."""
    pending: int
    """Change of the points announced."""
    balance: int
    """Balance after."""
    parts: list[PartView]
    """The reasons that make up `points`."""
    ref: str
    """What caused it: a tag's serial, a hold's id, another entry's number, a request's id."""
    program_version: int
    """Version of the program's rules by which it was judged; above 1 000 000, a pilot and its
    number."""
    reverses: int | None
    """Number of the entry that this one takes back; null: none."""


class StaffEntryView(EntryView, frozen=True):
    """The same with who acted and what they wrote."""

    actor: Annotated[
        str, msgspec.Meta(description="`staff:…`, `operator:…`, `member:…` or `system`.")
    ]
    note: str
    """What they wrote; empty: nothing."""
    asked_by: str
    """Who asked for it, where a second person approved it; the note is theirs. Empty: nobody."""


class ProofView(msgspec.Struct, frozen=True):
    """Whether the entries of an account add up to its balance."""

    entries: int
    """How many entries were added up."""
    entry_sum: int
    """Sum of their changes, in points."""
    balance: int
    """The balance that the account has, in points."""
    agrees: bool
    """Whether both are the same."""


def account_view(account: Account, today: date) -> AccountView:
    """An account on a local day; what burnt but is not yet booked is already left out."""
    days: dict[str, int] = {}
    for lot in account.soonest(account.lots):
        last = account.last_day(lot)
        days[last] = days.get(last, 0) + lot.points
    live = {last: points for last, points in days.items() if last >= today.isoformat()}
    burnt = account.open_points - sum(live.values())
    return AccountView(
        balance=account.balance - burnt,
        available=0 if account.debt else account.available(today),
        held=account.held,
        pending=account.pending,
        debt=account.debt,
        lots=[LotView(points, None if last == NEVER else last) for last, points in live.items()],
        version=account.version,
    )


def entry_view(entry: Entry, language: str) -> EntryView:
    """An entry for its member."""
    return EntryView(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        title=say(language, f"entry.{entry.kind}"),
        points=entry.points,
        held=entry.change_of("held"),
        pending=entry.change_of("pending"),
        balance=entry.balance,
        parts=[part_view(part, language) for part in entry.parts],
        ref=entry.cause.ref,
        program_version=entry.program_version,
        reverses=entry.reverses,
    )


def staff_entry_view(entry: Entry, language: str) -> StaffEntryView:
    """An entry for staff."""
    shown = entry_view(entry, language)
    cause = entry.cause
    return StaffEntryView(
        **msgspec.structs.asdict(shown), actor=cause.actor, note=cause.note, asked_by=cause.asked
    )


def part_view(part: Part, language: str) -> PartView:
    """One line of an explanation; a rule is told by the name that its version gave it."""
    reason = part.reason
    name = reason.names.get(language) or next(iter(reason.names.values()), "")
    text = say(language, f"reason.{reason.code}", name=name, **reason.params)
    if reason.code == RULE:
        named = reason.params
        text = rule_name(named["program"], int(named["version"]), named["rule"], language) or text
    return PartView(part.points, text, reason.code, reason.params)
