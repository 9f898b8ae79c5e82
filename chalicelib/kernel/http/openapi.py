"""The API document: OpenAPI 3.1 from the operations' own types, so that it cannot lie.

``python -m chalicelib.kernel.http.openapi --write docs/openapi.json`` writes it; ``--check`` fails
when the file differs from what the routes say.
"""

import argparse
import importlib
import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.kernel.http import descriptions, parameters, problems, refusals, signed
from chalicelib.kernel.http.routing import NoBody, Operation, Room, operations

Json = dict[str, Any]
_SCHEMA = "#/components/schemas/{name}"

ABOUT = """Loyalty programs ("clubs") for brands, retail chains and their partners.

**Refusals** are problem details (RFC 9457): decide by `code`, show `detail`; `errors` names every
wrong field. **Sending again** is safe: after no answer, a 429 or a 503 send the same request, with
the same `Idempotency-Key` where the call has one. **Lists** come in pages: send `next` as `cursor`.
**Instants** are RFC 3339 in UTC; **points** are whole numbers. **Languages** are en, ru, uk and ar,
by `Accept-Language`. What no route is there to answer, the gateway refuses with sentences in all
four languages at once: 401 without a token, 404 and 405 at addresses that do not exist."""
COOKIE_ROUTES = {
    "/v1/sessions/refresh": "refresh",
    "/v1/staff-sessions/refresh": "staff_refresh",
}
"""Routes that take a browser's refresh cookie in place of a token, and which."""
SECURITY_SCHEMES: Json = {
    "member": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A member's access token.",
    },
    "staff": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token of somebody of the staff, or an operator's token; "
        "each route names the right it needs.",
    },
    "refresh": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-refresh",
        "description": "A browser's rotating refresh token.",
    },
    "staff_refresh": {
        "type": "apiKey",
        "in": "cookie",
        "name": "__Host-staff-refresh",
        "description": "The same, of somebody of the staff.",
    },
    "partner": {
        "type": "apiKey",
        "in": "header",
        "name": signed.SIGNATURE,
        "description": "A request of a partner's system, signed by the scheme of Standard Webhooks "
        "1.0.0: one or several `v1,<base64>` separated by spaces, each the HMAC-SHA-256 of "
        "`<webhook-id>.<webhook-timestamp>.<raw body>` under the key whose base64 stands after "
        "`whsec_` in the credential's secret. Where the call has no body, its target stands in the "
        "body's place: method, space, path and query, the query sorted by name and encoded as "
        "RFC 3986 says. The time may be 5 minutes from ours.",
    },
}


def document(rooms: list[Room]) -> Json:
    """The API document of these rooms."""
    every = list(operations(rooms))
    shapes = _shapes(every)
    given, components = descriptions.schemas(shapes, _SCHEMA)
    schemas = dict(zip(map(_name, shapes), given, strict=True))
    paths: dict[str, Json] = {}
    for operation in every:
        described = _operation(operation, schemas)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    used = {operation.room for operation in every}
    shared = refusals.share(paths)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Clubkeeper", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": it.name, "description": it.about} for it in rooms if it.name in used],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": shared,
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def render(rooms: list[Room]) -> str:
    """The document as the text of its file; the same routes always give the same text."""
    encoded = msgspec.json.encode(document(rooms), order="sorted")
    return msgspec.json.format(encoded, indent=1).decode() + "\n"


def _shapes(every: Iterable[Operation]) -> list[Any]:
    """All types that are to be described, each once."""
    found: dict[str, Any] = {_name(problems.Problem): problems.Problem}
    for operation in every:
        for shape in (operation.body, *operation.answers.values()):
            if shape is not None and shape is not NoBody and shape is not str:
                found[_name(shape)] = shape
    return list(found.values())


def _name(shape: Any) -> str:
    return f"{getattr(shape, '__module__', '')}.{shape!r}"


def _operation(operation: Operation, schemas: Json) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.room],
        "parameters": _parameters(operation),
        "responses": {**_answers(operation, schemas), **refusals.answers(operation)},
        "security": _security(operation),
    }
    about = _description(operation)
    if about:
        described["description"] = about
    if operation.body is not NoBody:
        content: Json = {"schema": schemas[_name(operation.body)]}
        if operation.example.body is not None:
            content["example"] = operation.example.body
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _description(operation: Operation) -> str:
    said = [descriptions.plain(operation.handler.__doc__ or "")]
    kind, _, right = operation.access.partition(":")
    if kind == "partner":
        scope = f"with the scope `{right}`" if right else "of any scope"
        said.append(f"For partners' systems: signed by a credential {scope}.")
    elif right:
        said.append(f"Needs the right `{right}` in the program.")
    elif kind == "staff":
        said.append("For everybody of the staff who has signed in.")
    return "\n\n".join(filter(None, said))


def _parameters(operation: Operation) -> list[Json]:
    names = re.findall(r"{(\w+)}", operation.path)
    described = [parameters.in_path(name, operation.example.path.get(name)) for name in names]
    if operation.query is not NoBody:
        schema = _query(operation.query)
        required = schema.get("required", [])
        described += [
            _in_query(name, inner, name in required, operation.example.query.get(name))
            for name, inner in schema["properties"].items()
        ]
    if operation.access.partition(":")[0] == "partner":
        described += parameters.SIGNED
    elif operation.guarded:
        described.append(parameters.IDEMPOTENCY_KEY)
    return [*described, parameters.ACCEPT_LANGUAGE]


def _in_query(name: str, schema: Json, required: bool, example: Any) -> Json:
    inner = dict(schema)
    described: Json = {"name": name, "in": "query", "required": required}
    if "description" in inner:
        described["description"] = inner.pop("description")
    described["schema"] = inner
    return described if example is None else {**described, "example": example}


def _query(shape: type[Any]) -> Json:
    (reference,), described = descriptions.schemas([shape], "{name}")
    found: Json = described[reference["$ref"]]
    return found


def _answers(operation: Operation, schemas: Json) -> Json:
    return {
        str(status): _answer(operation, status, shape, schemas)
        for status, shape in operation.answers.items()
    }


def _answer(operation: Operation, status: int, shape: Any, schemas: Json) -> Json:
    described: Json = {"description": HTTPStatus(status).phrase}
    if shape is None:
        return described
    text = {"schema": {"type": "string"}}
    typed = text if shape is str else {"schema": schemas[_name(shape)]}
    described["content"] = {
        media: typed if media == "application/json" else text for media in operation.media_types
    }
    return described


def _security(operation: Operation) -> list[Json]:
    kind = operation.access.partition(":")[0]
    if operation.path in COOKIE_ROUTES:
        return [{}, {COOKIE_ROUTES[operation.path]: []}]
    if kind == "public":
        return []
    return [{}, {"member": []}] if kind == "optional" else [{kind: []}]


def main(arguments: list[str]) -> int:
    """Write the file or compare it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.kernel.http.openapi")
    parser.add_argument("--check", action="store_true", help="fail if the file is not up to date")
    parser.add_argument("--write", action="store_true", help="write the file (the default)")
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    # The kernel knows no rooms; the table of contents is asked only here, by whoever runs this.
    text = render(importlib.import_module("app").ROOMS)
    if not given.check:
        given.file.write_text(text)
        return 0
    if given.file.exists() and given.file.read_text() == text:
        return 0
    print(f"{given.file} is not what the routes say: write it anew with `make openapi`.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
