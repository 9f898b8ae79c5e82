"""What ``make run`` loads, over the API like any owner would: all ready programs, one demo club.

A second start publishes only documents that are new since the first one.
"""

import csv
import io
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from infra.local import demo_catalogue, demo_staff
from infra.local.demo_client import Client
from infra.local.environment import keep_private
from infra.local.resources import ROOT

PROGRAM = "jewels"
TAGS = 60
SHOWN = 3
MEMBERS = (("+79160000001", "Anna", "Petrova"), ("+79160000002", "Boris", "Ivanov"))
SELLER = "+79160000003"
"""The phone of a seller of the partner `rubin`."""
STAFF = f"/v1/staff/programs/{PROGRAM}"
_ITEMS = (
    (
        "RING-585-17",
        "ring",
        {
            "en": "Ring, 585 gold",
            "ru": "Кольцо, золото 585",
            "uk": "Каблучка, золото 585",
            "ar": "خاتم ذهب عيار 585",
        },
        "04607012345677",
    ),
    (
        "EARR-925-02",
        "earrings",
        {
            "en": "Earrings, 925 silver",
            "ru": "Серьги, серебро 925",
            "uk": "Сережки, срібло 925",
            "ar": "أقراط فضة عيار 925",
        },
        None,
    ),
)


def load(url: str, file: Path, staff_file: Path, token: str) -> None:
    """Make the demo club unless it is there, and print how to try it.

    ``file`` keeps the demo's scratch codes, which the platform shows only once; ``staff_file`` what
    its staff sign in with. ``token`` is an operator's.
    """
    staff = Client(url, token)
    first = not file.exists()
    if first:
        print("Loading the demo club and the ready programs …", flush=True)
    _publish(staff)
    if first:
        _partners(staff)
        demo_catalogue.load(staff, PROGRAM)
        demo_staff.load(staff, PROGRAM, staff_file)
        for phone, given, family in MEMBERS:
            _member(url, phone, given, family)
        _seller(url, staff)
        tags = [tag for item in _ITEMS for tag in make_tags(staff, item, TAGS // len(_ITEMS))]
        keep_private(file, json.dumps(tags))
    file.chmod(0o600)  # one from before this rule too
    _print(staff, json.loads(file.read_text()), demo_staff.read(staff_file))


def make_tags(staff: Client, item: tuple[Any, ...], count: int) -> list[dict[str, str]]:
    """A batch of tags, with the codes of its print file."""
    sku, category, name, gtin = item
    body = {"sku": sku, "category": category, "name": name, "count": count, "partner": "rubin"}
    made = staff.must("POST", f"{STAFF}/batches", body | ({"gtin": gtin} if gtin else {}))
    batch = f"{STAFF}/batches/{made['batch']}"
    staff.wait_for(batch, "state", "ready")
    staff.must("POST", f"{batch}/print-window", {"reason": "Labels for the demo"})
    text = staff.must("GET", f"{batch}/print/1?format=csv")
    staff.must("POST", f"{batch}/print-window/close", {"reason": "Labels are printed"})
    return list(csv.DictReader(io.StringIO(text)))


def free_tags(staff: Client, tags: list[dict[str, str]]) -> Iterator[dict[str, str]]:
    """The tags that nobody registered yet; staff look without counting a scan."""
    for tag in tags:
        if staff.must("GET", f"{STAFF}/tags/{tag['serial']}")["verdict"] == "genuine":
            yield tag


def _publish(staff: Client) -> None:
    """Publish every ready document that this platform does not have yet."""
    from chalicelib.kernel.clock import now, render
    from chalicelib.kernel.settings import settings

    for file in sorted((ROOT / "programs").glob("*.json")):
        if staff.call("GET", f"/v1/programs/{file.stem}").status == 200:
            continue
        path = f"/v1/staff/programs/{file.stem}"
        staff.must("PUT", f"{path}/draft", json.loads(file.read_text()))
        staff.must("POST", f"{path}/versions", {"effective_at": render(now(settings()))})


def _partners(staff: Client) -> None:
    staff.must("PUT", f"{STAFF}/partners/rubin", {"name": "Rubin"})
    outlets = f"{STAFF}/partners/rubin/outlets"
    staff.must(
        "PUT", f"{outlets}/arbat", {"name": "Rubin on Arbat", "kind": "shop", "city": "Moscow"}
    )
    staff.must("PUT", f"{outlets}/web", {"name": "rubin.example", "kind": "webshop"})


def _member(url: str, phone: str, given: str, family: str) -> None:
    member = sign_in(url, phone, {"given_name": given, "family_name": family})
    member.must("PATCH", "/v1/me", {"city": "Moscow"})


def _seller(url: str, staff: Client) -> None:
    """A seller who works at the demo's shop, phoned and confirmed."""
    about = {"kind": "seller", "given_name": "Sergey", "family_name": "Smirnov"}
    seller = sign_in(url, SELLER, about)
    seller.must("PUT", "/v1/me/seller", {"partner": "rubin", "outlet": "arbat"})
    member = seller.must("GET", "/v1/me")["member"]
    body = {"outcome": "confirmed", "note": "Works at the shop on Arbat"}
    staff.must("POST", f"{STAFF}/members/{member}/seller-calls", body)


def sign_in(url: str, phone: str, about: dict[str, str], program: str = PROGRAM) -> Client:
    """A client signed in by one-time code; joins the club when the phone is new to it."""
    visitor = Client(url)
    path = f"/v1/programs/{program}"
    asked = visitor.must("POST", f"{path}/sign-in-codes", {"channel": "sms", "address": phone})
    rules = visitor.must("GET", path)["version"]
    body = {
        "challenge": asked["challenge"],
        "one_time_code": visitor.code_sent_to(phone),
        "join": {"kind": "buyer", "accept_rules": rules, "language": "en", **about},
    }
    return Client(url, visitor.must("POST", f"{path}/sessions", body)["access_token"])


def _print(staff: Client, tags: list[dict[str, str]], people: dict[str, demo_staff.Known]) -> None:
    print("Three tags to try (open the link; the code is under the scratch layer):")
    for tag in islice(free_tags(staff, tags), SHOWN):
        print(f"  {tag['url']}\n    scratch code {tag['scratch_code']}")
    phones = ", ".join(f"{phone} ({given})" for phone, given, _ in MEMBERS)
    print(
        f"\nSign in as a member of the club `{PROGRAM}` by one-time code: {phones}, or any phone;\n"
        f"  {SELLER} is a seller of the partner `rubin`.\n"
        "  The code appears here and in the outbox. `make demo` plays it all.\n"
        f"\nStaff: {', '.join(people)}. `make token STAFF=warehouse` signs one of them in and\n"
        "  prints an access token. By hand, with the secret for an authenticator app (TOTP):"
    )
    for role, known in people.items():
        print(f"  {role:<10} {known.email:<23} {known.password}  {known.totp_secret}")
    print(
        "\nOperator, who may do everything, for the API browser (12 hours; then `make token`):\n"
        f"  {staff.token}\n",
        flush=True,
    )
