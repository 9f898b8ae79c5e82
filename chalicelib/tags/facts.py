"""What staff's acts on tags tell; not their own words, which may speak of a person.

A registration's fact rides on its ledger entry.
"""

import msgspec

from chalicelib.kernel.facts import Fact, Image
from chalicelib.tags.store import Noted


def project(image: Image) -> Fact | None:
    """The fact of a tag's new journal item: ``tag.withdrawn``, ``.reinstated``, ``.released`` or
    ``.shipped``.
    """
    if not (image["sk"].startswith("J#") and image["pk"].startswith("_#TAG#")):
        return None
    serial = image["pk"].rpartition("#")[2]
    noted = msgspec.json.decode(image["noted"], type=Noted)
    return Fact(
        id=f"tag.{serial}.{image['sk']}",
        name=noted.fact,
        program=noted.program,
        member=noted.member,
        at=noted.at,
        data={"serial": serial, "actor": noted.actor, "entry": noted.entry},
    )
