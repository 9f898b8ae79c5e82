"""What stands in paths and headers, described once for the API document."""

import re
from typing import Any

from chalicelib.kernel.http.descriptions import portable

SLUG = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
ID = r"^[0-9a-z]{1,64}$(?!\n)"
ANY = ""
NUMBER = r"^[1-9][0-9]{0,5}$(?!\n)"
LENIENT = "Case, spaces, dashes and look-alike letters (O/0, I/1) do not matter."
"""How serials and scratch codes are read."""

PATH: dict[str, tuple[str | tuple[str, ...], str]] = {
    "approval": (ID, "Id of a request for a correction of points."),
    "award": (ID, "Id of a pending award."),
    "batch": (ID, "Id of a batch of tags."),
    "coupon": (r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)", "Id of a coupon."),
    "credential": (ID, "Id of a partner's credential, without its program."),
    "donation": (r"^[1-9][0-9]{0,11}$(?!\n)", "Number of a donation, from 1."),
    "export": (ID, "Id of an export."),
    "factor": (ID, "Id of a second factor, as offered."),
    "file": (ID, "Id of an uploaded file."),
    "forecast": (ID, "Id of a forecast."),
    "group": (SLUG, "Id of a verified group of the program."),
    "gtin": (ANY, "GTIN of the item's kind, 14 digits."),
    "hold": (r"^[0-9a-z-]{1,64}$(?!\n)", "Id of a hold; of an order's points: the order's."),
    "import": (ID, "Id of an import."),
    "job": (ID, "Id of a long-running job."),
    "list": (ID, "Id of a list of awards."),
    "member": (r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)", "Id of a member."),
    "note": (ID, "Id of a note about a member."),
    "number": (ANY, "Number of an order, e.g. QX7M2K9RDW. " + LENIENT),
    "order": (
        r"^[0-9a-z][0-9a-z-]{14,38}[0-9a-z]$(?!\n)",
        "Id of an order, made by the member's client: a new UUID, with its dashes or without.",
    ),
    "outlet": (SLUG, "Id of an outlet, given by staff."),
    "part": (NUMBER, "Number of a part, from 1."),
    "partner": (SLUG, "Id of a partner, given by staff."),
    "payment": (ID, "Id of a payment for a membership, as it was answered."),
    "pending": (ID, "Id of an invitation that waits for the signed-in person."),
    "pilot": (NUMBER, "Number of a pilot, from 1."),
    "point": (SLUG, "Id of a pick-up point, given by staff."),
    "program": (r"^[a-z][a-z0-9-]{1,30}$(?!\n)", "Id of a program (club)."),
    "purpose": (("rules", "sms", "email", "push"), "What a consent is for."),
    "quote": (ID, "Id of a quote that holds points."),
    "receipt": (ID, "Id of a receipt, as it was answered when it was posted."),
    "reward": (SLUG, "Id of a reward, given by staff."),
    "role": (SLUG, "Id of a role: a given one, or one of the program's own."),
    "seq": (r"^[1-9][0-9]{0,11}$(?!\n)", "Number of an entry of an account, from 1."),
    "serial": (ANY, "Serial of a tag as in its QR code, e.g. 7K3M9QWX2B4D. " + LENIENT),
    "settlement": (ID, "Id of a settlement between partners."),
    "staff": (ID, "Id of a person of the staff."),
    "version": (NUMBER, "Number of a published version, from 1."),
}
"""Pattern, or all values, and description by the parameter's name; :data:`ANY`: what is malformed
is unknown.
"""

ACCEPT_LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of the texts: en, ru, uk or ar (RFC 9110 §12.5.4).",
    "schema": {"type": "string", "default": "en"},
    "example": "en",
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A new random value, e.g. a UUID, for every new intention; the same value again "
    "repeats the same request: it is answered with the first outcome and does nothing again. With "
    "another request it is refused. Keys do not expire.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": r"^[ -~]*[!-~][ -~]*$",
    },
    "example": "5f0c2e0a-9d0b-4c7e-8b55-0f3f8f1c2a10",
}
SIGNED: list[dict[str, Any]] = [
    {
        "name": "Clubkeeper-Credential",
        "in": "header",
        "required": True,
        "description": "Which credential signed: its program, a dot, its id.",
        "schema": {"type": "string", "pattern": r"^[a-z][a-z0-9-]{1,30}\.[0-9a-z]{1,64}$"},
        "example": "jewels.3v8k2c9mwq4x7t1n6b0z",
    },
    {
        "name": "webhook-id",
        "in": "header",
        "required": True,
        "description": "A new random value, e.g. a UUID, for every new message; the same value "
        "again says that it is the same message, sent once more. It is the call's idempotency key, "
        "which never expires.",
        "schema": {"type": "string", "pattern": r"^[0-9A-Za-z_-]{1,128}$"},
        "example": "0b1f6f58-2f2c-4f0c-9f5e-6c9c1f0d7a51",
    },
    {
        "name": "webhook-timestamp",
        "in": "header",
        "required": True,
        "description": "When the message was signed: Unix seconds. A repeated message is signed "
        "anew, at its new time.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,12}$"},
        "example": "1795341600",
    },
]
"""What goes with the signature of a partner's system, besides the signature itself."""


_PLAIN = r"[0-9A-Za-z-]{1,64}"
"""What is repeated of a parameter that may be anything."""


def described(path: dict[str, str]) -> dict[str, str]:
    """The parameters of a path as they may be kept: ``?`` for a value that is none of its kind."""
    return {name: value if _fits(name, value) else "?" for name, value in path.items()}


def _fits(name: str, value: str) -> bool:
    values = PATH[name][0]
    if isinstance(values, tuple):
        return value in values
    return re.fullmatch(values or _PLAIN, value) is not None


class Undescribed(LookupError):
    """A path has a parameter that :data:`PATH` does not describe."""


def in_path(name: str, example: str | None) -> dict[str, Any]:
    """A path parameter as OpenAPI writes it.

    Raises:
        Undescribed: nobody has said what the name stands for.
    """
    if name not in PATH:
        raise Undescribed(f"describe the path parameter {name!r} in {__name__}.PATH")
    values, description = PATH[name]
    parameter: dict[str, Any] = {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", **_bounds(values)},
    }
    return parameter if example is None else {**parameter, "example": example}


def _bounds(values: str | tuple[str, ...]) -> dict[str, Any]:
    if isinstance(values, tuple):
        return {"enum": list(values)}
    return {"pattern": portable(values)} if values else {"minLength": 1}
