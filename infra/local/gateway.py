"""Stands in for API Gateway: finds the route, asks the authorizer, calls the app with the event it
would get.

Its own refusals are RFC 9457 problems with the codes of the deployed gateway responses. Known
difference: the real gateway cannot tell a wrong method from an unknown path.
"""

import base64
import logging
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote

from chalice.app import Chalice
from chalice.local import ForbiddenError, LocalGatewayAuthorizer, NotAuthorizedError

from infra.local.answers import Answer, Refused, problem
from infra.local.deliveries import context
from infra.local.resources import ACCOUNT

STAGE = "local"
_log = logging.getLogger("clubkeeper.local.http")


class Request(NamedTuple):
    """One HTTP request as it came; header names in lower case, in order, repeats included."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    source_ip: str

    @property
    def path(self) -> str:
        """The target without its query, still percent-encoded."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str:
        """The last value of a header (as the gateway picks), or nothing."""
        return next((value for key, value in reversed(self.headers) if key == name), "")


class Router:
    """Finds the route of a path, concrete segments before variables. Variables come
    percent-decoded.
    """

    def __init__(self, routes: Iterable[str]) -> None:
        split = (route.split("/") for route in routes)
        self._routes = sorted(split, key=lambda parts: [(_variable(part), part) for part in parts])

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The route's pattern and its variables; a trailing slash is forgiven, an empty variable is
        not.
        """
        parts = (path[:-1] if len(path) > 1 and path.endswith("/") else path).split("/")
        for route in self._routes:
            if len(route) == len(parts) and all(map(_fits, route, parts)):
                pairs = zip(route, parts, strict=True)
                found = {name[1:-1]: unquote(part) for name, part in pairs if _variable(name)}
                return "/".join(route), found
        return None


def _variable(segment: str) -> bool:
    return segment.startswith("{")


def _fits(segment: str, part: str) -> bool:
    return bool(part) if _variable(segment) else segment == part


class _PerThread(Chalice):
    """Chalice keeps the current request on the app; under threads each needs its own, or bodies
    mix.
    """

    _current: threading.local

    @property
    def current_request(self) -> Any:
        """The request that this thread works on."""
        return getattr(self._current, "request", None)

    @current_request.setter
    def current_request(self, value: Any) -> None:
        self._current.request = value

    @property
    def lambda_context(self) -> Any:
        """The context of this thread's invocation."""
        return getattr(self._current, "context", None)

    @lambda_context.setter
    def lambda_context(self, value: Any) -> None:
        self._current.context = value


def per_thread(app: Chalice) -> None:
    """Make an app safe to call from several threads, in place, once: the object's class is
    exchanged.
    """
    if not isinstance(app, _PerThread):
        members = {"_current": threading.local()}
        app.__class__ = type("LocalApp", (_PerThread, app.__class__), members)


class Gateway:
    """Answers API requests with one Chalice app."""

    def __init__(self, app: Chalice) -> None:
        per_thread(app)
        self._app = app
        self._router = Router(app.routes)
        self._authorizer = LocalGatewayAuthorizer(app)

    def answer(self, request: Request) -> Answer:
        """The app's answer, the gateway's refusal, or a 500 problem; never an exception."""
        try:
            event = self._event(request)
            invocation = context("api")
            self._authorize(request, event, invocation)
            return _rendered(self._app(event, invocation), event)
        except Refused as refused:
            return refused.answer
        except Exception:
            _log.exception("%s %s broke", request.method, request.path)
            return problem(500, "internal_error", "Something went wrong on our side.")

    def _event(self, request: Request) -> dict[str, Any]:
        found = self._router.match(request.path)
        if not found:
            raise Refused(404, "no_such_route", "There is nothing at this address.")
        route, variables = found
        if request.method not in self._app.routes[route]:
            allowed = ", ".join(sorted(self._app.routes[route]))
            raise Refused(
                405, "method_not_allowed", f"This address takes {allowed}.", Allow=allowed
            )
        headers, queries = _grouped(request.headers), _queries(request.target)
        body, encoded = _body(request, self._app.api.binary_types)
        return {
            "resource": route,
            "path": request.path,
            "httpMethod": request.method,
            "headers": {name: values[-1] for name, values in headers.items()},
            "multiValueHeaders": headers,
            "queryStringParameters": queries and {key: each[-1] for key, each in queries.items()},
            "multiValueQueryStringParameters": queries,
            "pathParameters": variables or None,
            "stageVariables": None,
            "requestContext": _request_context(request, route),
            "body": body,
            "isBase64Encoded": encoded,
        }

    def _authorize(self, request: Request, event: dict[str, Any], invocation: Any) -> None:
        route = self._app.routes[event["resource"]][request.method]
        if route.authorizer is None:
            return
        unauthorized = {"WWW-Authenticate": "Bearer"}
        said = "Sign in and send the access token."
        if not event["headers"].get("authorization"):
            raise Refused(401, "unauthorized", said, **unauthorized)
        try:
            self._authorizer.authorize(request.path, event, invocation)
        except NotAuthorizedError:
            raise Refused(401, "unauthorized", said, **unauthorized) from None
        except ForbiddenError:
            raise Refused(403, "forbidden", "You may not do this.") from None
        except Exception as fault:
            if str(fault) == "Unauthorized":  # the word by which an authorizer asks for a 401
                raise Refused(401, "unauthorized", said, **unauthorized) from None
            raise
        granted = event["requestContext"].get("authorizer", {})
        event["requestContext"]["authorizer"] = {
            key: _text(value) for key, value in granted.items()
        }


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, value in pairs:
        grouped.setdefault(name, []).append(value)
    return grouped


def _queries(target: str) -> dict[str, list[str]] | None:
    """The decoded query, repeats included; nothing at all when empty, as the gateway says it."""
    try:
        return (
            parse_qs(target.partition("?")[2], keep_blank_values=True, max_num_fields=100) or None
        )
    except ValueError:
        raise Refused(400, "bad_request", "The query has too many parameters.") from None


def _body(request: Request, binary_types: list[str]) -> tuple[str | None, bool]:
    if not request.body:
        return None, False
    media = request.header("content-type").partition(";")[0].strip().lower()
    if media in binary_types:
        return base64.b64encode(request.body).decode(), True
    try:
        return request.body.decode(), False
    except UnicodeDecodeError:
        raise Refused(400, "bad_encoding", "The body is not valid UTF-8.") from None


def _request_context(request: Request, route: str) -> dict[str, Any]:
    return {
        "requestId": str(uuid.uuid4()),
        "extendedRequestId": uuid.uuid4().hex[:16],
        "accountId": ACCOUNT,
        "apiId": "local",
        "stage": STAGE,
        "protocol": "HTTP/1.1",
        "httpMethod": request.method,
        "resourcePath": route,
        "path": f"/{STAGE}{request.path}",
        "requestTimeEpoch": time.time_ns() // 1_000_000,
        "identity": {"sourceIp": request.source_ip, "userAgent": request.header("user-agent")},
    }


def _text(value: Any) -> str:
    """The gateway hands every value of an authorizer's context on as text, and takes plain ones
    only.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise TypeError("an authorizer's context may hold text, numbers and booleans only")
    return str(value)


def _rendered(result: Mapping[str, Any], event: Mapping[str, Any]) -> Answer:
    body = result["body"]
    if not isinstance(body, str):
        raise TypeError(
            "Lambda cannot return bytes; declare the content type in app.api.binary_types"
        )
    raw = base64.b64decode(body) if result.get("isBase64Encoded") else body.encode()
    headers = [(name, str(value)) for name, value in result["headers"].items()]
    for name, values in result["multiValueHeaders"].items():
        headers += [(name, str(value)) for value in values]
    if any(set(value) & set("\r\n\0") for _, value in headers):
        raise ValueError("a response header holds a line break")
    if not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/json"))
    headers.append(("x-amzn-RequestId", event["requestContext"]["requestId"]))
    return Answer(int(result["statusCode"]), headers, raw)
