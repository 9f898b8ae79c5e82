"""What coupons tell: every line of a coupon's history is a fact."""

import msgspec

from chalicelib.coupons.model import Step
from chalicelib.kernel.facts import Fact, Image


def project(image: Image) -> Fact | None:
    """``coupon.issued``, ``.used``, ``.reopened`` or ``.withdrawn``; nothing for other items."""
    if not image["sk"].startswith("COUPONLOG#"):
        return None
    program, _, member = image["pk"].split("#")
    line = msgspec.json.decode(image["step"], type=Step)
    return Fact(
        id=f"{member}.{image['sk']}",
        name=line.fact,
        program=program,
        member=member,
        at=line.at,
        data={
            "coupon": line.coupon,
            "names": msgspec.to_builtins(line.name),
            "receipt": line.receipt,
            "actor": line.actor,
        },
    )
