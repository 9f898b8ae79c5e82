"""What the stock of rewards tells: that it fell to its threshold, each time once."""

import msgspec

from chalicelib.kernel.facts import Fact, Image
from chalicelib.rewards.store_stock import Noted


def project(image: Image) -> Fact | None:
    """The fact of a new line of a stock's journal: ``stock.low``, or nothing.

    It is nobody's: ``member`` is empty.
    """
    if not (image["sk"].startswith("J#") and "#REWARD#" in image["pk"]):
        return None
    noted = msgspec.json.decode(image["noted"], type=Noted)
    if not noted.fact:
        return None
    program, _, reward = image["pk"].split("#")
    return Fact(
        id=f"stock.{program}.{reward}.{image['sk']}",
        name=noted.fact,
        program=program,
        member="",
        at=noted.at,
        data={"reward": reward, "left": noted.after, "low_stock": noted.low_stock},
    )
