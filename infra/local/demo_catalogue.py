"""The demo club's gifts: ``programs/gifts/<program>.json`` and its pictures, loaded over the API.

What is there already stays as it is.
"""

import json
from typing import Any

from infra.local.demo_client import Client
from infra.local.resources import ROOT

GIFTS = ROOT / "programs" / "gifts"
WHY = "First delivery for the demo"


def load(staff: Client, program: str) -> None:
    """Pick-up points, then gifts with their pictures, stock and codes; published."""
    base = f"/v1/staff/programs/{program}"
    given = json.loads((GIFTS / f"{program}.json").read_text())
    for point, details in given["points"].items():
        staff.must("PUT", f"{base}/points/{point}", details)
    for reward, details in given["rewards"].items():
        if staff.call("GET", f"{base}/rewards/{reward}").status == 404:
            _add(staff, base, reward, details)


def _add(staff: Client, base: str, reward: str, details: dict[str, Any]) -> None:
    pieces, codes = details.pop("pieces", 0), details.pop("pool", [])
    path = f"{base}/rewards/{reward}"
    body = {**details, "revision": 0, "images": [_picture(staff, base, reward)]}
    staff.must("PUT", path, body)
    if pieces:
        staff.must("POST", f"{path}/stock", {"change": pieces, "reason": WHY})
    if codes:
        staff.must("POST", f"{path}/codes", {"codes": codes})
    staff.must("POST", f"{path}/publication")


def _picture(staff: Client, base: str, reward: str) -> str:
    """Announce the picture, upload it as a browser would, and have it checked; its id."""
    content = (GIFTS / "pictures" / f"{reward}.png").read_bytes()
    body = {"purpose": "reward-image", "media_type": "image/png", "size": len(content)}
    announced = staff.must("POST", f"{base}/files", body)
    staff.upload(announced["upload"], content)
    return str(staff.must("POST", f"{base}/files/{announced['file']}/completion")["file"])
