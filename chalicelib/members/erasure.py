"""The map of everything that can lead to a person, and what becomes of it on erasure.

docs/erasure.md says the same in words. A test holds both against the table's key formats: an item
kind that is not ``personal="no"`` and not here fails the build.
"""

from typing import Literal, NamedTuple

from chalicelib.kernel.table.keys import PATTERNS, Pattern

Action = Literal["delete", "scrub", "expires", "keep"]


class Treatment(NamedTuple):
    """What becomes of one kind of item, when, and why."""

    action: Action
    when: Literal["at once", "follow-up", "by itself", "never"]
    why: str


MAP: dict[str, Treatment] = {
    "profile": Treatment("delete", "at once", "It holds everything personal, in one item."),
    "unique value": Treatment(
        "delete",
        "at once",
        "The hash of a phone, e-mail or card number would still find its owner.",
    ),
    "name token": Treatment(
        "delete", "at once", "The words of a name, by which staff find its owner."
    ),
    "member": Treatment(
        "scrub",
        "at once",
        "Card number, lock, groups, paid memberships and ended sessions go; the status `erased` "
        "stays.",
    ),
    "session": Treatment(
        "delete", "follow-up", "Void at once by the session version, then deleted."
    ),
    "notification": Treatment(
        "delete", "follow-up", "It was written for a person who no longer reads it."
    ),
    "notifications seen": Treatment("delete", "follow-up", "It goes with the notifications."),
    "request guard": Treatment(
        "keep", "never", "Hashes of what staff did; without them a retry would do it twice."
    ),
    "member journal": Treatment(
        "scrub", "follow-up", "It names fields, never values; the notes of staff are removed."
    ),
    "member note": Treatment(
        "delete", "follow-up", "What staff wrote down about the person, calls included."
    ),
    "one-time code": Treatment(
        "expires", "by itself", "The address goes when the code is used, else after ten minutes."
    ),
    "try counter": Treatment(
        "expires", "by itself", "A keyed hash of an address or client, for twice its window."
    ),
    "staff person": Treatment(
        "keep",
        "never",
        "Staff are no members; taken off their last program, a person is deleted.",
    ),
    "staff session": Treatment("keep", "never", "Of staff, by random ids; it runs out by itself."),
    "staff address": Treatment(
        "keep", "never", "A keyed hash of an address of staff; deleted with the person."
    ),
    "staff passkey": Treatment(
        "keep", "never", "A keyed hash of a passkey's id; deleted with the passkey or its person."
    ),
    "sign-in ticket": Treatment(
        "expires", "by itself", "A random id of somebody of the staff, for ten minutes."
    ),
    "staff of a program": Treatment(
        "keep", "never", "Random ids of staff, deleted when they are taken off or decline."
    ),
    "consent": Treatment("keep", "never", "Proof of what was allowed when; it names nobody."),
    "account head": Treatment("keep", "never", "Written off to zero; the club's books stay whole."),
    "entry": Treatment(
        "keep", "never", "The ledger is append-only; an entry names nobody but a random id."
    ),
    "hold": Treatment("keep", "never", "A part of the ledger."),
    "pending award": Treatment("keep", "never", "A part of the ledger."),
    "reversal guard": Treatment("keep", "never", "Without it an entry could be taken back twice."),
    "adjustment request": Treatment(
        "keep", "never", "The club's books: who asked for which points, and who decided."
    ),
    "audit record": Treatment(
        "keep", "never", "What staff did, by ids and figures; their reasons may not name anybody."
    ),
    "award rows": Treatment(
        "keep", "never", "Part of the books: whom a list named, by random ids, and what for."
    ),
    "award keys": Treatment(
        "expires", "by itself", "As typed by staff; gone when checked, at the latest in two days."
    ),
    "coupon": Treatment(
        "keep", "never", "The club's books: what came off which receipt; an open one is withdrawn."
    ),
    "coupon history": Treatment("keep", "never", "As the coupon."),
    "coupon code": Treatment(
        "delete", "follow-up", "A code that is still printed somewhere would find its owner."
    ),
    "coupon issue": Treatment(
        "keep", "never", "Part of the books: whom a list named, by random ids, and what for."
    ),
    "donation": Treatment(
        "keep", "never", "The club's books: what was given to whom, by a random id."
    ),
    "receipt": Treatment(
        "scrub",
        "follow-up",
        "The club's books stay: goods and figures, to a random id. Birthday, gender, segments and "
        "groups, where rules asked for them, go.",
    ),
    "receipt claim": Treatment(
        "keep", "never", "A keyed hash of a printed code; only its own member can claim by it."
    ),
    "month of purchases": Treatment("keep", "never", "Sums, to a random id."),
    "tally of purchases": Treatment("keep", "never", "As the months."),
    "told of gates": Treatment("keep", "never", "Names and days, to a random id."),
    "proposed level": Treatment(
        "delete", "follow-up", "Nobody is left whom staff could put on it."
    ),
    "held quote": Treatment("keep", "never", "A hold; it ends by itself, without opening lots."),
    "group application": Treatment(
        "delete", "follow-up", "What the person said as proof, and why they were refused."
    ),
    "waiting application": Treatment(
        "delete", "follow-up", "Nobody is left whose application could be decided."
    ),
    "seller": Treatment(
        "delete", "follow-up", "Where the person sells, and what was said on the phone."
    ),
    "waiting seller": Treatment("delete", "follow-up", "Nobody is left whom staff could phone."),
    "membership payment": Treatment(
        "keep", "never", "The club's books: what was paid for which days, to a random id."
    ),
    "payment number": Treatment("keep", "never", "As the payment."),
    "member of a pilot": Treatment(
        "keep", "never", "Part of the books: whom a document judged, by a random id."
    ),
    "tag": Treatment(
        "keep", "never", "The item stays registered, to a random id that leads to nobody."
    ),
    "tag journal": Treatment("keep", "never", "As the tag."),
    "tag of a member": Treatment("keep", "never", "As the tag."),
    "claim": Treatment(
        "keep", "never", "The club's books: what was sold for which points, by a random id."
    ),
    "claimed tag": Treatment("keep", "never", "As the claim."),
    "reward code": Treatment("keep", "never", "It names the order that took it, and nobody."),
    "gift code": Treatment("keep", "never", "It names the order that gave it, and nobody."),
    "order": Treatment(
        "keep", "never", "The club's books: what was given for which points, to a random id."
    ),
    "order history": Treatment(
        "keep", "never", "As the order; the reasons of staff may not name anybody."
    ),
    "order delivery": Treatment(
        "delete", "follow-up", "The address and the tracking number lead to the person."
    ),
    "pieces taken": Treatment("keep", "never", "As the order."),
    "order number": Treatment("keep", "never", "As the order."),
    "order queue": Treatment("keep", "never", "As the order."),
    "agenda entry": Treatment(
        "keep",
        "never",
        "A random id; its hour comes, finds nothing to do, and deletes it. That of a birthday, "
        "which tells a day, goes at once.",
    ),
}
"""By the name of the item kind in ``chalicelib.kernel.table.keys.PATTERNS``."""


def of_member() -> list[Pattern]:
    """The kinds of item that stand in a member's partition."""
    return [one for one in PATTERNS if one.pk in ("{program}#M#{member}", "{scope}")]


def prefix(pattern: Pattern) -> str:
    """What the sort keys of a kind begin with; the whole key where it is fixed."""
    return pattern.sk.partition("{")[0]


def deleted_later() -> list[str]:
    """What the sort keys begin with that the follow-up deletes."""
    chosen = ("delete", "follow-up")
    found = [one for one in of_member() if one.name in MAP and MAP[one.name][:2] == chosen]
    return [prefix(one) for one in found]
