"""What orders tell. ``order.placed`` rides on the entry that set the points aside or spent them;
all else on the lines of an order's history. Not the words of staff, nor the codes.
"""

import msgspec

from chalicelib.kernel.facts import Fact, Image
from chalicelib.ledger.store import body_of
from chalicelib.rewards.model_orders import Step

PLACED = ("gift.ordered", "gift.spent")


def project(image: Image) -> Fact | None:
    """The fact of a new entry or line of history: ``order.placed``, ``.confirmed``, ``.issued``,
    ``.shipped``, ``.delivered``, ``.cancelled``, ``.refunded``, ``.substituted``,
    ``.tracking_corrected``, ``.refund_asked``, ``.code_redeemed``.
    """
    if image["sk"].startswith("ORDERLOG#"):
        return _happened(image)
    if image["sk"].startswith("E#") and image.get("kind") in PLACED:
        return _placed(image)
    return None


def _happened(image: Image) -> Fact:
    program, _, member = image["pk"].split("#")
    line = msgspec.json.decode(image["step"], type=Step)
    return Fact(
        id=f"{member}.{image['sk']}",
        name=line.fact,
        program=program,
        member=member,
        at=line.at,
        data={
            "order": line.order,
            "number": line.number,
            "reward": line.reward,
            "quantity": line.quantity,
            "points": line.points,
            "actor": line.actor,
        },
    )


def _placed(image: Image) -> Fact:
    program, _, member = image["pk"].split("#")
    body = body_of(image)
    told = body.parts[0].reason.params
    spent = sum(move.points for move in body.movements if move.bucket == "open")
    return Fact(
        id=f"{member}.{image['sk']}.order",
        name="order.placed",
        program=program,
        member=member,
        at=image["at"],
        data={
            "order": body.cause.ref,
            "number": told["number"],
            "reward": told["reward"],
            "quantity": int(told["quantity"]),
            "points": -spent,
            "actor": body.cause.actor,
        },
    )
