"""Rows of export files, so made that an import takes those of members and balances. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from chalicelib.kernel.csv_text import rows_text
from chalicelib.ledger.model import NEVER, Account, Entry, Lot
from chalicelib.members.model import PURPOSES, Consent, Member, Profile, Purpose
from chalicelib.receipts import tables
from chalicelib.receipts.model import Returned, pieces_back
from chalicelib.receipts.store import ReceiptItem
from chalicelib.transfers import rows_members
from chalicelib.transfers.model import ExportKind, Format
from chalicelib.transfers.rows_balances import NEVER_BURNS, OPEN

Row = dict[str, Any]
HELD = "held"
DEBT = "debt"
COLUMNS: dict[ExportKind, tuple[str, ...]] = {
    "members": rows_members.COLUMNS,
    "balances": ("external_id", "points", "burns_on", "state", "row_id"),
    "entries": (
        "member",
        "external_id",
        "seq",
        "at",
        "kind",
        "points",
        "balance",
        "contra",
        "ref",
        "actor",
        "program_version",
        "reverses",
        "parts",
        "movements",
    ),
    "receipts": (
        "receipt",
        "partner",
        "outlet",
        "till",
        "number",
        "at",
        "channel",
        "external_id",
        "payments",
        *tables.OF_LINE,
        "paid",
        "returned",
    ),
}


class Person(msgspec.Struct, frozen=True):
    """A member who has not left, as an export tells of them."""

    member: Member
    profile: Profile

    @property
    def external_id(self) -> str:
        """The club's own number of the member, else their id here."""
        return self.profile.external_id or self.member.member


def member_row(person: Person, consents: Mapping[Purpose, Consent]) -> Row:
    """One member with all that a members file can say."""
    member, told = person.member, person.profile
    row: Row = {
        "external_id": person.external_id,
        "phone": told.phone or "",
        "email": told.email or "",
        "card_number": member.card_number,
        "given_name": told.given_name or "",
        "family_name": told.family_name or "",
        "birthday": told.birthday or "",
        "gender": told.gender or "",
        "city": told.city or "",
        "kind": member.kind,
        "status": member.status,
        "language": member.language,
        "joined_at": member.joined_at,
    }
    for purpose in PURPOSES:
        row[f"consent_{purpose}"] = consents[purpose].at if purpose in consents else ""
    return row


def balance_rows(person: Person, account: Account) -> Iterator[Row]:
    """The open lots of one account, and what is held or owed: together they are its balance."""
    found = [
        (lot.points, _burns(account.last_day(lot)), OPEN, _lot_id(lot)) for lot in account.lots
    ]
    if account.held:
        found.append((account.held, "", HELD, HELD))
    if account.debt:
        found.append((-account.debt, "", DEBT, DEBT))
    for told in found:
        yield dict(zip(COLUMNS["balances"], (person.external_id, *told), strict=True))


def entry_row(person: Person | None, entry: Entry) -> Row:
    """One entry of the ledger; that of an erased member names nobody."""
    return {
        "member": entry.member if person else "",
        "external_id": person.external_id if person else "",
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "points": entry.points,
        "balance": entry.balance,
        "contra": entry.contra,
        "ref": entry.cause.ref if person else "",
        "actor": entry.cause.actor if person else "",
        "program_version": entry.program_version,
        "reverses": "" if entry.reverses is None else entry.reverses,
        "parts": _json(entry.parts),
        "movements": _json(entry.movements),
    }


def receipt_rows(person: Person | None, item: ReceiptItem, form: Format) -> Iterator[Row]:
    """One receipt as an import of the club's past takes it, in CSV a row for each line; that of an
    erased member, or of nobody, names nobody.
    """
    sold = item.sold
    paid = [share.money for share in sold.shares]
    row: Row = {
        "receipt": item.receipt,
        "partner": item.partner,
        "outlet": item.outlet,
        "till": sold.till,
        "number": sold.number,
        "at": sold.at,
        "channel": sold.channel,
        "external_id": person.external_id if person else "",
    }
    # Of several means nobody knows which paid how much.
    means = sold.payment[0] if len(sold.payment) == 1 else ""
    if form == "ndjson":
        yield row | {
            "payments": [{"means": means, "amount": sum(paid)}] if means else "",
            "lines": sold.lines,
            "paid": paid,
            "returns": [_return(one) for one in item.returns] or "",
        }
        return
    row["payments"] = f"{means}:{sum(paid)}" if means else ""
    for line, money, back in zip(
        sold.lines, paid, pieces_back(len(sold.lines), item.returns), strict=True
    ):
        yield row | {
            "sku": line.sku,
            "category": line.category,
            "brand": line.brand,
            "tags": " ".join(line.tags),
            "quantity": line.quantity,
            "price": line.price,
            "cost": "" if line.cost is None else line.cost,
            "on_sale": "true" if line.on_sale else "",
            "paid": money,
            "returned": back or "",
        }


def file_of(rows: Iterable[Row], kind: ExportKind, form: Format) -> bytes:
    """A whole file: CSV with its header, or an object a line without what is empty."""
    if form == "csv":
        columns = COLUMNS[kind]
        return rows_text(columns, ([row[name] for name in columns] for row in rows)).encode()
    return b"".join(
        msgspec.json.encode({name: value for name, value in row.items() if value != ""}) + b"\n"
        for row in rows
    )


def _return(one: Returned) -> dict[str, Any]:
    lines = [{"line": line, "quantity": pieces} for line, pieces in one.lines]
    return {"number": one.number, "at": one.at, "lines": lines}


def _lot_id(lot: Lot) -> str:
    """What tells the lots of one account apart."""
    return " ".join(one for one in (_burns(lot.burns), lot.issuer, lot.use) if one)


def _burns(day: str) -> str:
    return NEVER_BURNS if day == NEVER else day


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
