"""The second half of the demo: gifts for points, the staff who hand them out, four eyes, audit."""

import uuid
from typing import Any

from infra.local import demo_staff
from infra.local.demo_client import Client
from infra.local.demo_data import STAFF
from infra.local.demo_items import history
from infra.local.demo_show import expect, show, step
from infra.local.run import STAFF_FILE

PICKUP = {"way": "pickup", "point": "arbat-point"}
LARGE = 15_000
"""Points above what one person may give alone."""


def play(url: str, member: Client) -> None:
    """Order and get a gift, cancel another, get a code at once, correct points by two people."""
    people = demo_staff.read(STAFF_FILE)
    _catalogue(member)
    warehouse = demo_staff.sign_in(url, people["warehouse"])
    _collect(member, warehouse)
    _cancel(member)
    _code(member)
    support = demo_staff.sign_in(url, people["support"])
    manager = demo_staff.sign_in(url, people["manager"])
    _four_eyes(member, support, manager)
    _audit(manager)
    step("The member's history again")
    history(member)


def _catalogue(member: Client) -> None:
    step("The gifts, affordable ones first; of the others, what is missing")
    for row in member.must("GET", "/v1/me/rewards")["rows"]:
        missing = f"{row['missing']} missing" if row["missing"] else "affordable"
        print(f"   {row['price']:6}  {row['name']:<34} {row['obstacle_text'] or missing}")
    goal = member.must("GET", "/v1/me/rewards-goal")["goal"]
    expect(goal["missing"] > 0)
    print(f"   Next: {goal['name']}, {goal['missing']} points to go")


def _collect(member: Client, warehouse: Client) -> None:
    step("They order a ring box; its points are set aside")
    number = _order(member, "ring-box", 300, PICKUP)["number"]
    account = show(member.call("GET", "/v1/me/account"), "balance", "available", "held")
    expect(account["held"] == 300)

    step(f"The warehouse, signed in with a second factor, confirms and hands out order {number}")
    for act in ("confirmation", "issue"):
        done = show(warehouse.call("POST", f"{STAFF}/orders/{number}/{act}"), "number", "state")
    expect(done["state"] == "issued")
    account = show(member.call("GET", "/v1/me/account"), "balance", "available", "held")
    expect(account["held"] == 0)


def _cancel(member: Client) -> None:
    before = member.must("GET", "/v1/me/account")
    step("They order another one and give it up: the points go back to where they came from")
    order = _order(member, "cleaning", 150, PICKUP)["order"]
    show(member.call("POST", f"/v1/me/orders/{order}/cancellation"), "number", "state")
    after = show(member.call("GET", "/v1/me/account"), "balance", "available", "held", "lots")
    expect(after["lots"] == before["lots"])


def _code(member: Client) -> None:
    step("An e-book comes at once, as a code")
    codes = _order(member, "stories", 100, {"way": "code"})["codes"]
    expect(len(codes) == 1)


def _four_eyes(member: Client, support: Client, manager: Client) -> None:
    step(f"Support wants to give {LARGE} points: too many for one pair of eyes")
    path = f"{STAFF}/members/{member.must('GET', '/v1/me')['member']}"
    body = {"points": LARGE, "reason": "A prize for the anniversary"}
    refused = support.call("POST", f"{path}/adjustments", body)
    show(refused)
    expect(refused.status == 409)
    asked = show(support.call("POST", f"{path}/adjustment-requests", body), "approval", "state")

    step("Support cannot approve; a manager can")
    decision = f"{STAFF}/adjustment-requests/{asked['approval']}/decision"
    wanted = {"decision": "approve", "reason": "As the board decided"}
    forbidden = support.call("POST", decision, wanted)
    show(forbidden)
    expect(forbidden.status == 403)
    approved = show(manager.call("POST", decision, wanted), "state", "points", "asked_by")
    expect(approved["state"] == "approved")


def _audit(manager: Client) -> None:
    step("What the audit says of all this: what was done, and what was tried without the right")
    for outcome in ("done", "refused"):
        path = f"{STAFF}/audit?limit=7&outcome={outcome}"
        rows: list[dict[str, Any]] = manager.must("GET", path)["rows"]
        expect(bool(rows))
        for row in rows:
            print(f"   {row['at'][:16]}  {outcome:<8} {row['title']}")


def _order(member: Client, reward: str, price: int, delivery: dict[str, str]) -> dict[str, Any]:
    body = {"reward": reward, "price": price, "delivery": delivery}
    placed = member.call("PUT", f"/v1/me/orders/{uuid.uuid4().hex}", body)
    found = show(placed, "number", "state", "name", "points", "codes")
    expect(placed.status < 300)
    return found
