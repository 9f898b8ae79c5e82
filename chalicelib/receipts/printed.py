"""The text for the printed receipt (CB-9), and small figures that go with it. Pure."""

from datetime import date, timedelta

from chalicelib.kernel.money import written
from chalicelib.kernel.texts import say
from chalicelib.ledger.model import Account
from chalicelib.programs.model import Program
from chalicelib.receipts.model import Returned
from chalicelib.receipts.store import ReceiptItem


def receipt(item: ReceiptItem, program: Program, account: Account | None, today: str) -> list[str]:
    """Lines to print below a receipt: what was taken off, spent and earned, and the balance."""
    language, sold = item.sold.language, item.sold
    off = {
        "print.discount": sum(line.discount for line in sold.lines),
        "print.coupons": sum(share.coupon for share in sold.shares),
    }
    found = [
        say(language, key, amount=written(amount, program.currency))
        for key, amount in off.items()
        if amount
    ]
    if item.given is None or account is None:
        if program.purchases.attach_days and not item.member:
            days = program.purchases.attach_days
            found.append(say(language, "print.claim", club=program.name.get(language), days=days))
        return found
    spent = sum(share.points for share in sold.shares)
    worth = sum(share.points_money for share in sold.shares)
    if spent:
        paid = written(worth, program.currency)
        found.append(
            say(language, "print.spent", points=points(spent, program, language), amount=paid)
        )
    awards = item.given.judgement.awards
    at_once = sum(one.points for one in awards if not one.pending_days)
    later = sum(one.points for one in awards if one.pending_days)
    if at_once:
        found.append(say(language, "print.earned", points=points(at_once, program, language)))
    if later:
        found.append(say(language, "print.pending", points=points(later, program, language)))
    return [*found, _balance(program, account, today, language)]


def come_back(
    returned: Returned, program: Program, account: Account | None, today: str, language: str
) -> list[str]:
    """Lines to print for a return."""
    found = [say(language, "print.money_back", amount=written(returned.money, program.currency))]
    if account is None:
        return found
    if returned.back:
        back = points(returned.back, program, language)
        found.append(say(language, "print.points_back", points=back))
    if returned.taken > 0:
        taken = points(returned.taken, program, language)
        found.append(say(language, "print.points_taken", points=taken))
    return [*found, _balance(program, account, today, language)]


def points(count: int, program: Program, language: str) -> str:
    """So many points, by their name in the program: «5 баллов»."""
    return f"{count} {program.unit_name(count, language)}"


def available(account: Account, today: str) -> int:
    """Points that can be spent on a local day."""
    return 0 if account.debt else account.available(date.fromisoformat(today))


def day_after(day: date, days: int) -> str:
    """The day so many days later."""
    return (day + timedelta(days=days)).isoformat()


def _balance(program: Program, account: Account, today: str, language: str) -> str:
    count = available(account, today)
    if account.debt:
        return say(language, "print.debt", points=points(account.debt, program, language))
    return say(language, "print.balance", points=points(count, program, language))
