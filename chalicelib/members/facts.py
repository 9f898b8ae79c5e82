"""What this room tells: every item of a member's journal is a fact."""

import msgspec

from chalicelib.kernel.facts import Fact, Image


def project(image: Image) -> Fact | None:
    """The fact of a new journal item, e.g. ``member.joined``; nothing for other items."""
    program, _, rest = image["pk"].partition("#")
    kind, _, member = rest.partition("#")
    if kind != "M" or not image["sk"].startswith("J#"):
        return None
    return Fact(
        id=f"{member}.{image['sk']}",
        name=image["fact"],
        program=program,
        member=member,
        at=image["at"],
        data={**msgspec.json.decode(image["data"]), "actor": image["actor"]},
    )
