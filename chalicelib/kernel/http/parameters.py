"""What stands in paths and headers, described once for the API document."""

from typing import Any

SLUG = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
ID = r"^[0-9a-z]{1,64}$(?!\n)"
ANY = ""
NUMBER = r"^[1-9][0-9]{0,5}$(?!\n)"

PATH: dict[str, tuple[str, str]] = {
    "award": (ID, "Id of a pending award."),
    "batch": (ID, "Id of a batch of tags."),
    "gtin": (ANY, "GTIN of the item's kind, 14 digits."),
    "hold": (ID, "Id of a hold."),
    "job": (ID, "Id of a long-running job."),
    "member": (r"^[0-9a-hjkmnp-tv-z]{20}$(?!\n)", "Id of a member."),
    "number": (NUMBER, "Number of a part, from 1."),
    "outlet": (SLUG, "Id of an outlet, given by staff."),
    "part": (NUMBER, "Number of a part, from 1."),
    "partner": (SLUG, "Id of a partner, given by staff."),
    "program": (r"^[a-z][a-z0-9-]{1,30}$(?!\n)", "Id of a program (club)."),
    "purpose": (r"^[a-z]{1,20}$(?!\n)", "What a consent is for."),
    "seq": (r"^[1-9][0-9]{0,11}$(?!\n)", "Number of an entry of an account, from 1."),
    "serial": (ANY, "Serial of a tag as in its QR code, e.g. 7K3M9QWX2B4D; read kindly."),
    "version": (NUMBER, "Number of a published version, from 1."),
}
"""Pattern and description by the parameter's name; :data:`ANY`: what is malformed is unknown."""

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
    "description": "Names this call. The same key with the same request is answered with the first "
    "outcome and does nothing again; with another request it is refused. Keys do not expire.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 255,
        "pattern": r"^[ -~]*[!-~][ -~]*$(?!\n)",
    },
    "example": "5f0c2e0a-9d0b-4c7e-8b55-0f3f8f1c2a10",
}


class Undescribed(LookupError):
    """A path has a parameter that :data:`PATH` does not describe."""


def in_path(name: str, example: str | None) -> dict[str, Any]:
    """A path parameter as OpenAPI writes it.

    Raises:
        Undescribed: nobody has said what the name stands for.
    """
    if name not in PATH:
        raise Undescribed(f"describe the path parameter {name!r} in {__name__}.PATH")
    pattern, description = PATH[name]
    bounds: dict[str, Any] = {"pattern": pattern} if pattern else {"minLength": 1, "maxLength": 64}
    parameter: dict[str, Any] = {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", **bounds},
    }
    return parameter if example is None else {**parameter, "example": example}
