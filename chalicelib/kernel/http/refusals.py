"""Refusals in the API document: those an operation names and those that its shape implies."""

import re
from collections import Counter
from typing import Any

import msgspec

from chalicelib.kernel import errors
from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.http import descriptions, identity, problems, signed
from chalicelib.kernel.http.routing import NoBody, Operation

Json = dict[str, Any]

_WHENEVER = (
    errors.BadRequest,
    errors.InvalidQuery,
    errors.TooMany,
    errors.Internal,
    errors.Unavailable,
    errors.Busy,
)
"""What any call may meet: at the gateway, in its query, or from the table."""
_WITH_BODY = (errors.Malformed, errors.TooLarge, errors.WrongContentType, errors.InvalidFields)
BY_ACCESS: dict[str, tuple[type[Refusal], ...]] = {
    "public": (),
    "optional": (errors.Unauthorized, identity.SessionEnded, identity.NotActive),
    "member": (errors.Unauthorized, identity.SessionEnded, errors.Forbidden, identity.NotActive),
    "staff": (errors.Unauthorized, identity.SessionEnded, errors.Forbidden),
    "partner": (
        signed.SignatureMissing,
        signed.SignatureInvalid,
        signed.SignatureTooOld,
        signed.SignatureTooNew,
        signed.CredentialEnded,
        signed.PartnerBlocked,
        signed.TooManyBadSignatures,
    ),
}
"""What a call may meet because of who may make it, by the first word of its access."""
_GATEWAY_ONLY = {400: {"bad_encoding": "The body is not UTF-8."}}
_HEADERS: dict[int, Json] = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
    503: {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds."}},
}


def refusals(operation: Operation) -> list[type[Refusal]]:
    """Every refusal that a call of this operation can meet, without repeats, by status and code."""
    found: set[type[Refusal]] = {*_WHENEVER, *operation.refuses}
    kind, _, scope = operation.access.partition(":")
    found.update(BY_ACCESS[kind])
    if kind == "partner" and scope:
        found.add(signed.ScopeMissing)
    if "{" in operation.path:
        found.add(errors.NotFound)
    if operation.body is not NoBody:
        found.update(_WITH_BODY)
    if "cursor" in {field.encode_name for field in msgspec.structs.fields(operation.query)}:
        found.add(errors.InvalidCursor)
    if operation.guarded:
        found.add(errors.IdempotencyKeyReused)
        if kind != "partner":
            found.add(errors.IdempotencyKeyMissing)
    return sorted(found, key=lambda refusal: (refusal.status, refusal.code))


def answers(operation: Operation) -> Json:
    """The refusals as OpenAPI responses, by status."""
    by_status: dict[int, dict[str, str]] = {}
    for refusal in refusals(operation):
        reasons = by_status.setdefault(refusal.status, {**_GATEWAY_ONLY.get(refusal.status, {})})
        reasons[refusal.code] = _reason(refusal)
    return {str(status): _problem(status, reasons) for status, reasons in by_status.items()}


def _problem(status: int, reasons: dict[str, str]) -> Json:
    told = [f"- `{code}`: {reason}" for code, reason in sorted(reasons.items())]
    narrowed = {"properties": {"code": {"enum": sorted(reasons)}, "status": {"const": status}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    described: Json = {
        "description": "\n".join(told),
        "content": {problems.CONTENT_TYPE: {"schema": schema}},
    }
    if status in _HEADERS:
        described["headers"] = _HEADERS[status]
    return described


def share(paths: dict[str, Json]) -> Json:
    """Move refusals that several operations have in common out of them; return them by name."""
    places = [
        (each["responses"], status, f"{status}.{'.'.join(codes)}")
        for path in paths.values()
        for each in path.values()
        for status, answer in each["responses"].items()
        if (codes := _codes(answer))
    ]
    uses = Counter(name for _, _, name in places)
    shared: Json = {}
    for answers, status, name in places:
        if uses[name] > 1:
            shared[name] = answers[status]
            answers[status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def _codes(answer: Json) -> list[str]:
    problem = answer.get("content", {}).get(problems.CONTENT_TYPE, {})
    found: list[str] = (
        problem["schema"]["allOf"][1]["properties"]["code"]["enum"] if problem else []
    )
    return found


def _reason(refusal: type[Refusal]) -> str:
    """The first sentence of the refusal's own description."""
    first = descriptions.plain((refusal.__doc__ or "").strip().partition("\n\n")[0])
    said = re.sub(r"^\d{3}: ", "", first)
    return said[:1].upper() + said[1:]
