"""A look from outside: whether a stage answers as it should, at any address."""

import http.client
import json
import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from infra.deploy.target import Stop

PATIENCE_S = 60
"""How long a stage that was just deployed may take until it answers."""
WAIT_S = 20
NOBODY = "no-such-club-for-certain"


class Answer(NamedTuple):
    """What came back; header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object; an empty one when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


class Check(NamedTuple):
    """One thing that was looked at."""

    what: str
    wrong: str
    """What was found instead; empty: all is well."""


Get = Callable[[str], Answer]
"""Asks one stage for a path, without credentials."""


def getter(url: str) -> Get:
    """Ask the stage at an origin, which may have a path of its own.

    Raises:
        Stop: the address is none of HTTP.
    """
    found = urlsplit(url)
    if found.scheme not in ("http", "https") or not found.hostname:
        raise Stop(f"{url} is no address: give one such as https://club.example.org.")

    def get(path: str) -> Answer:
        if found.scheme == "https":
            tls = ssl.create_default_context()
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                str(found.hostname), found.port, timeout=WAIT_S, context=tls
            )
        else:
            line = http.client.HTTPConnection(str(found.hostname), found.port, timeout=WAIT_S)
        try:
            line.request("GET", found.path.rstrip("/") + path, headers={"Accept": "*/*"})
            got = line.getresponse()
            headers = {name.lower(): value for name, value in got.getheaders()}
            return Answer(got.status, headers, got.read())
        except (OSError, http.client.HTTPException) as fault:
            return Answer(0, {}, str(fault).encode())
        finally:
            line.close()

    return get


def wait(get: Get) -> None:
    """Wait until the stage answers at all."""
    until = time.monotonic() + PATIENCE_S
    while get("/v1/health").status != 200 and time.monotonic() < until:
        time.sleep(2)


def look(
    get: Get, *, stage: str = "", version: str = "", https: bool, pages: Iterable[str] = ()
) -> list[Check]:
    """Everything that can be seen from outside; ``pages`` are entry pages that have to be there."""
    health = get("/v1/health")
    found = [_health(health, stage, version), _headers(health, https)]
    found.append(_refusal("/v1/me without a token", get("/v1/me"), 401, "unauthorized"))
    found.append(_refusal("an unknown path", get("/v1/no/such/route"), 404, "no_such_route"))
    # reads the table
    found.append(_refusal("an unknown club", get(f"/v1/programs/{NOBODY}"), 404, "program_unknown"))
    for page in pages:
        found.append(_page(page, get(page)))
        inner = f"{page}some/page/of/the/app"
        found.append(_page(f"{inner}, which the app knows", get(inner)))
    return found


def bypass(get: Get) -> Check:
    """The gateway's own address has to refuse whoever comes past CloudFront."""
    return _refusal("the gateway past CloudFront", get("/v1/health"), 403, "forbidden")


def _health(answer: Answer, stage: str, version: str) -> Check:
    what = "GET /v1/health"
    if answer.status != 200:
        return Check(what, _seen(answer))
    wanted = {"stage": stage, "version": version}
    other = {
        name: answer.json.get(name)
        for name, value in wanted.items()
        if value and answer.json.get(name) != value
    }
    return Check(what, f"other than deployed: {other}" if other else "")


def _headers(answer: Answer, https: bool) -> Check:
    wanted = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
    wanted["cache-control"] = "no-store"
    if https:
        wanted |= {
            "strict-transport-security": "max-age=",
            "content-security-policy": "frame-ancestors 'none'",
            "permissions-policy": "camera=",
        }
    lacking = [name for name, part in wanted.items() if part not in answer.headers.get(name, "")]
    return Check("security headers", f"lacking or other: {', '.join(lacking)}" if lacking else "")


def _refusal(what: str, answer: Answer, status: int, code: str) -> Check:
    good = answer.status == status and answer.json.get("code") == code
    return Check(f"{what} is a {status} {code}", "" if good else _seen(answer))


def _page(path: str, answer: Answer) -> Check:
    what = f"the page {path}"
    policy = answer.headers.get("content-security-policy", "")
    if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
        return Check(what, _seen(answer))
    strict = "script-src 'self'" in policy and "unsafe" not in policy
    return Check(what, "" if strict else f"its policy of contents is {policy!r}")


def _seen(answer: Answer) -> str:
    return f"{answer.status or 'no answer'} {answer.body[:200].decode(errors='replace')}".strip()
