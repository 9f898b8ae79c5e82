"""Pages that exist on the local platform only: start page, API browser, outbox, and the clock."""

import html
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from string import Template
from typing import Any

import pyotp

from infra.local import clock, demo_staff
from infra.local.answers import Answer, problem
from infra.local.gateway import Request
from infra.local.resources import ROOT

SWAGGER = ROOT / ".local/node/node_modules/swagger-ui-dist"
_WEB = Path(__file__).with_name("web")
_SHOWN = 200
"""How many of the newest messages the outbox shows."""
_KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
}
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'"
)


class Pages:
    """Serves the local pages; anything else is left to the API."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._clock = Path(environment["CLUBKEEPER_CLOCK_FILE"])
        self._outbox = Path(environment["CLUBKEEPER_OUTBOX"])
        self._pages: dict[str, Callable[[], Answer]] = {
            "/local": self._index,
            "/local/": self._index,
            "/api": lambda: _file(_WEB / "api.html"),
            "/api/start.js": lambda: _file(_WEB / "api.js"),
            "/api/swagger-ui.css": lambda: _file(SWAGGER / "swagger-ui.css"),
            "/api/swagger-ui-bundle.js": lambda: _file(SWAGGER / "swagger-ui-bundle.js"),
            "/openapi.json": lambda: _file(ROOT / "docs" / "openapi.json"),
            "/outbox": self._outbox_page,
            "/outbox.json": lambda: _json(self._messages()),
            "/local/clock": self._time,
        }

    def answer(self, request: Request) -> Answer | None:
        """The page, or nothing when the path is not a local page."""
        page = self._pages.get(request.path)
        if page is None:
            return None
        if not _is_local(request.header("host")):
            # a foreign name that resolves to loopback (DNS rebinding) must not read codes from the
            # outbox
            return problem(403, "forbidden", "This page is for this machine only.")
        if request.path == "/local/clock" and request.method == "POST":
            return self._move(request)
        if request.method not in ("GET", "HEAD"):
            allowed = "GET, HEAD, POST" if request.path == "/local/clock" else "GET, HEAD"
            said = f"This address takes {allowed}."
            return problem(405, "method_not_allowed", said, {"Allow": allowed})
        return page()

    def _index(self) -> Answer:
        now = clock.now(self._clock).isoformat(timespec="seconds")
        origin = self._environment["CLUBKEEPER_PUBLIC_URL"]
        return _html("index.html", now=now, origin=origin, clubs=_clubs(), staff=self._staff())

    def _staff(self) -> str:
        """The demo club's people, each with what signs them in now."""
        now = clock.now(self._clock)
        people = demo_staff.read(self._outbox.with_name(demo_staff.FILE))
        rows = (
            (role, known.email, known.password, pyotp.TOTP(known.totp_secret).at(now))
            for role, known in people.items()
        )
        cells = ("".join(f"<td>{html.escape(each)}</td>" for each in row) for row in rows)
        return "\n".join(f"<tr>{each}</tr>" for each in cells)

    def _messages(self) -> list[dict[str, Any]]:
        """The newest first. The app may be writing the last line right now: a half line is left
        out.
        """
        try:
            lines = self._outbox.read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        messages = []
        for line in reversed(lines[-_SHOWN:]):
            try:
                messages.append(json.loads(line))
            except ValueError:
                continue
        return [message for message in messages if isinstance(message, dict)]

    def _outbox_page(self) -> Answer:
        rows = [
            "<tr>"
            + "".join(f"<td>{_cell(message, key)}</td>" for key in ("at", "channel", "to"))
            + f'<td dir="auto">{_cell(message, "text")}</td>'
            for message in self._messages()
        ]
        return _html("outbox.html", rows="\n".join(rows) or "<tr><td colspan=4>No message yet.")

    def _time(self) -> Answer:
        ahead = clock.offset(self._clock)
        now = clock.now(self._clock).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return _json({"now": now, "offset": ahead})

    def _move(self, request: Request) -> Answer:
        if request.header("content-type").partition(";")[0].strip().lower() != "application/json":
            # also keeps out forms of foreign pages, which cannot send this type
            return problem(415, "wrong_content_type", "Send application/json.")
        try:
            wish = json.loads(request.body)
        except (ValueError, RecursionError):
            return problem(400, "malformed_json", "The body is not JSON.")
        match wish:
            case {"reset": True, **rest} if not rest:
                clock.reset(self._clock)
            case {"advance": str() | int() as span, **rest} if not rest and not isinstance(
                span, bool
            ):
                try:
                    clock.advance(self._clock, span)
                except clock.ClockError as fault:
                    return problem(422, "clock_not_moved", str(fault))
            case _:
                said = 'Send {"advance": "P3D"}, {"advance": seconds} or {"reset": true}.'
                return problem(422, "clock_not_moved", said)
        return self._time()


def _clubs() -> str:
    """A link to every ready program, which `make run` publishes."""
    ids = sorted(file.stem for file in (ROOT / "programs").glob("*.json"))
    return ", ".join(f'<a href="/c/{each}">{each}</a>' for each in ids)


def _is_local(host: str) -> bool:
    return host.rpartition(":")[0] in ("127.0.0.1", "localhost") or host in (
        "127.0.0.1",
        "localhost",
    )


def _cell(message: Mapping[str, Any], key: str) -> str:
    return html.escape(str(message.get(key, "")))


def _file(path: Path) -> Answer:
    try:
        body = path.read_bytes()
    except OSError:
        return problem(
            404, "not_found", f"{path.name} is missing; run `make setup` or `make openapi`."
        )
    return Answer(200, _headers(_KINDS[path.suffix]), body)


def _html(name: str, **values: str) -> Answer:
    page = Template((_WEB / name).read_text()).substitute(values)
    return Answer(200, _headers("text/html"), page.encode())


def _json(document: Any) -> Answer:
    return Answer(200, _headers("application/json"), json.dumps(document).encode())


def _headers(kind: str) -> list[tuple[str, str]]:
    return [
        ("Content-Type", f"{kind}; charset=utf-8" if kind != "application/json" else kind),
        ("Cache-Control", "no-store"),
        ("Content-Security-Policy", _POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
    ]
