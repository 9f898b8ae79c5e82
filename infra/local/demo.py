"""``make demo``: the main job over HTTP against the running platform, step by step."""

import json
import random
import sys
import textwrap
from typing import Any

from infra.local.demo_client import Client, DemoFailed, Reply
from infra.local.demo_data import PROGRAM, sign_in
from infra.local.process import HOST, StartError
from infra.local.run import DEMO_FILE, chosen_port

WIDTH = 96


def main() -> int:
    """Play the demo; 1 and one sentence when the platform does not answer."""
    try:
        play(f"http://{HOST}:{chosen_port()}")
    except (DemoFailed, StartError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def play(url: str) -> None:
    """Verify, sign in, register, see points, be refused, see the history."""
    visitor = Client(url)
    seen = visitor.call("GET", f"/v1/programs/{PROGRAM}")
    if seen.status != 200 or not DEMO_FILE.exists():
        raise DemoFailed("Please wait until `make run` has loaded the demo club.")
    tag, scanned = _scan(visitor)
    serial, code = tag["serial"], tag["scratch_code"]
    step(1, f"A visitor scans the tag {serial}, not signed in")
    verdict = show(scanned, "verdict", "item", "scans", "next")
    expect(verdict["verdict"] == "genuine")

    phone = f"+7916{random.randrange(10**7):07}"  # nosec B311
    step(2, f"They sign in with the phone {phone} by one-time code, and so join the club")
    member = sign_in(url, phone, {"given_name": "Demo"})
    show(member.call("GET", "/v1/me"), "member", "status", "card_number", "rules_version")

    step(3, f"They register the item with its scratch code {code}")
    item = {"serial": serial, "scratch_code": code}
    registered = show(member.call("POST", "/v1/me/items", item), "points", "awards")
    expect(registered.get("points", 0) > 0)

    step(4, "Their points, and until when")
    account = show(member.call("GET", "/v1/me/account"), "balance", "available", "lots")
    expect(account["balance"] == registered["points"])

    step(5, "The same tag again: now it is registered, and to whom is not told")
    again = show(visitor.call("GET", f"/v1/tags/{serial}"), "verdict", "scans")
    expect(again["verdict"] == "registered")

    step(6, "Somebody else tries the same code and is refused")
    other = sign_in(url, f"+7917{random.randrange(10**7):07}", {})  # nosec B311
    refused = other.call("POST", "/v1/me/items", item)
    show(refused)
    expect(refused.status == 409)

    step(7, "The history, with reasons")
    rows = member.must("GET", "/v1/me/entries")["rows"]
    for row in rows:
        print(f"   {row['at'][:16]}  {row['points']:+6}  = {row['balance']:6}   {row['title']}")
        for part in row["parts"]:
            print(f"   {'':18}{part['points']:+6}             {part['reason']}")
    print("\nDone: genuine → registered → points, once.")


def step(number: int, title: str) -> None:
    """A heading."""
    print(f"\n{number}. {title}")


def show(reply: Reply, *fields: str) -> dict[str, Any]:
    """Print the fields of an answer that matter, and return all of it."""
    body: dict[str, Any] = reply.body
    fields = fields if reply.status < 300 else ("status", "code", "detail")
    chosen = {name: body[name] for name in fields if name in body}
    text = json.dumps(chosen, ensure_ascii=False)
    print(
        textwrap.fill(
            f"{reply.status} {text}", WIDTH, initial_indent="   ", subsequent_indent="       "
        )
    )
    return body


def expect(held: bool) -> None:
    """The demo checks itself: what it shows is what it promises."""
    if not held:
        raise DemoFailed("The platform answered something else than the demo promises (see above).")


def _scan(visitor: Client) -> tuple[dict[str, str], Reply]:
    # From the far end: the first ones are those that `make run` prints for trying by hand.
    for tag in reversed(json.loads(DEMO_FILE.read_text())):
        seen = visitor.call("GET", f"/v1/tags/{tag['serial']}")
        if seen.body["verdict"] == "genuine":
            return tag, seen
    raise DemoFailed("All demo tags are registered: `make reset` and `make run` make new ones.")


if __name__ == "__main__":
    sys.exit(main())
