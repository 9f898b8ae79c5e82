"""What the ledger tells: every entry is a fact."""

import msgspec

from chalicelib.kernel.facts import Fact, Image
from chalicelib.ledger.store import body_of


def project(image: Image) -> Fact | None:
    """The fact of a new entry: ``points.credited``, ``points.debited`` or ``points.moved``."""
    if not image["sk"].startswith("E#"):
        return None
    program, _, member = image["pk"].split("#")
    body = body_of(image)
    points = image["points"]
    name = "points.credited" if points > 0 else "points.debited" if points < 0 else "points.moved"
    return Fact(
        id=f"{member}.{image['sk']}",
        name=name,
        program=program,
        member=member,
        at=image["at"],
        data={
            "seq": int(image["sk"][2:]),
            "kind": image["kind"],
            "ref": body.cause.ref,
            "points": points,
            "balance": image["balance"],
            "parts": msgspec.to_builtins(body.parts),
        },
    )
