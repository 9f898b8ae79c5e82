"""The first half of the demo: verify a tag, join, register the item, see the points."""

import json
import random
from typing import Any

from infra.local.demo_client import Client, DemoFailed, Reply
from infra.local.demo_data import SELLER, sign_in
from infra.local.demo_show import expect, show, step
from infra.local.run import DEMO_FILE


def play(url: str) -> Client:
    """Verify, sign in, register, see points, be refused, see the history; the member."""
    visitor = Client(url)
    tag, scanned = _scan(visitor)
    serial, code = tag["serial"], tag["scratch_code"]
    step(f"A visitor scans the tag {serial}, not signed in")
    verdict = show(scanned, "verdict", "item", "scans", "next")
    expect(verdict["verdict"] == "genuine")

    step("A seller of the partner to whom it was shipped tells that they sold it")
    seller = sign_in(url, SELLER, {})
    claimed = show(seller.call("POST", "/v1/me/claims", {"serial": serial}), "status", "points")
    expect(claimed["status"] == "pending")

    phone = f"+7916{random.randrange(10**7):07}"  # nosec B311
    step(f"They sign in with the phone {phone} by one-time code, and so join the club")
    member = sign_in(url, phone, {"given_name": "Demo"})
    show(member.call("GET", "/v1/me"), "member", "status", "card_number", "rules_version")

    step(f"They register the item with its scratch code {code}")
    item = {"serial": serial, "scratch_code": code}
    registered = show(member.call("POST", "/v1/me/items", item), "points", "awards")
    expect(registered.get("points", 0) > 0)

    step("Their points, and until when")
    account = show(member.call("GET", "/v1/me/account"), "balance", "available", "lots")
    expect(account["balance"] == registered["points"])

    step("The seller's points come with the registration, within seconds")
    seller.wait_for("/v1/me/account", "pending", 0)
    history(seller, 1)

    step("The same tag again: now it is registered, and to whom is not told")
    again = show(visitor.call("GET", f"/v1/tags/{serial}"), "verdict", "scans")
    expect(again["verdict"] == "registered")

    step("Somebody else tries the same code and is refused")
    other = sign_in(url, f"+7917{random.randrange(10**7):07}", {})  # nosec B311
    refused = other.call("POST", "/v1/me/items", item)
    show(refused)
    expect(refused.status == 409)

    step("The history, with reasons")
    history(member)
    return member


def history(member: Client, most: int = 25) -> None:
    """Print a member's entries with their reasons, the newest first."""
    rows: list[dict[str, Any]] = member.must("GET", f"/v1/me/entries?limit={most}")["rows"]
    for row in rows:
        print(f"   {row['at'][:16]}  {row['points']:+6}  = {row['balance']:6}   {row['title']}")
        for part in row["parts"]:
            print(f"   {'':18}{part['points']:+6}             {part['reason']}")


def _scan(visitor: Client) -> tuple[dict[str, str], Reply]:
    # From the far end: the first ones are those that `make run` prints for trying by hand.
    for tag in reversed(json.loads(DEMO_FILE.read_text())):
        seen = visitor.call("GET", f"/v1/tags/{tag['serial']}")
        if seen.body["verdict"] == "genuine":
            return tag, seen
    raise DemoFailed("All demo tags are registered: `make reset` and `make run` make new ones.")
