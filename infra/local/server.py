"""The HTTP front on loopback: one origin for the web apps, the API, images and the local pages."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalice.app import Chalice

from infra.local.answers import Answer, Refused, problem
from infra.local.gateway import Gateway, Request
from infra.local.media import Media
from infra.local.pages import Pages
from infra.local.process import HOST
from infra.local.sites import Sites

LIMIT = 1_000_000
"""Largest request body in bytes."""
_LINGER = 16_000_000
"""How many bytes of a refused body are read and dropped, so that the client gets to see the
refusal.
"""
_CODES = {414: "uri_too_long", 431: "headers_too_large", 505: "http_version_not_supported"}
_log = logging.getLogger("clubkeeper.local.http")

Site = Callable[[Request], Answer]


class Front:
    """The running HTTP server of one origin."""

    def __init__(self, site: Site, port: int) -> None:
        """Listen at once; ``site`` answers requests after :meth:`start`."""
        self._server = _Server((HOST, port), partial(_Handler, answer=site))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        )
        self.url = f"http://{HOST}:{self._server.server_port}"

    def start(self) -> "Front":
        """Answer in background threads, one per connection."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Take no more requests; those that run are cut off when the process ends."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


def local_site(app: Chalice, environment: Mapping[str, str]) -> Site:
    """The local pages, the images, the web apps, and the API, which runs in this process."""
    parts = (Pages(environment), Media(environment), Sites(environment))
    gateway = Gateway(app)

    def answer(request: Request) -> Answer:
        found = (part.answer(request) for part in parts)
        return next(filter(None, found), None) or gateway.answer(request)

    return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event worth a stack trace on the terminal."""
        _log.debug("connection from %s ended badly", client_address, exc_info=True)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = (
        -1
    )  # head and body in one packet: unbuffered, Nagle's algorithm would cost 40 ms each
    disable_nagle_algorithm = True

    def __init__(self, *args: Any, answer: Site) -> None:
        self._answer = answer
        super().__init__(*args)

    def __getattr__(self, name: str) -> Any:
        """Every method is served, so that one the API does not know gets 405 and not the library's
        501.
        """
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _serve(self) -> None:
        began = time.perf_counter()
        try:
            answer = self._answer(self._request())
        except Refused as refused:
            self.close_connection = True  # what follows on the connection may be the unread body
            answer = refused.answer
        self._send(answer)
        spent = (time.perf_counter() - began) * 1000
        _log.debug("%s %s %d %.1f ms", self.command, self.path, answer.status, spent)

    def _request(self) -> Request:
        headers = [(name.lower(), value) for name, value in self.headers.items()]
        length = _length(self.headers.get_all("content-length", []))
        if "transfer-encoding" in self.headers:
            raise Refused(411, "length_required", "Send the body with a Content-Length.")
        if length > LIMIT:
            raise Refused(413, "too_large", f"A body may have at most {LIMIT} bytes.")
        body = self.rfile.read(length) if length else b""
        if len(body) < length:
            raise Refused(400, "bad_request", "The body ended early.")
        target = re.sub(r"^https?://[^/?]*", "", self.path) or "/"
        return Request(self.command, target, headers, body, str(self.client_address[0]))

    def version_string(self) -> str:
        """The Server header: no versions of the parts."""
        return "Clubkeeper"

    def handle_expect_100(self) -> bool:
        """Invite the body only when it will be taken."""
        try:
            wanted = _length(self.headers.get_all("content-length", [])) <= LIMIT
        except Refused:
            wanted = False
        return super().handle_expect_100() if wanted else True

    def _send(self, answer: Answer) -> None:
        bodiless = answer.status in (204, 304)
        self.send_response(answer.status)
        for name, value in answer.headers:
            if not (bodiless and name.lower() == "content-type"):
                self.send_header(name, value)
        if not bodiless:
            self.send_header("Content-Length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if not bodiless and self.command != "HEAD":
            self.wfile.write(answer.body)
        self.wfile.flush()
        if self.close_connection:
            self._linger()

    def _linger(self) -> None:
        """Drop what the client still sends: closing on unread bytes would reset the answer away."""
        try:
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(1)
            left = _LINGER
            while left > 0 and (read := len(self.connection.recv(65_536))):
                left -= read
        except OSError:
            return

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the library refuses by itself (broken request lines, endless headers) is a problem
        too.
        """
        self.close_connection = True
        status = code if code in _CODES else 400
        self.command = getattr(self, "command", None) or "GET"
        self.request_version = self.protocol_version
        self._send(
            problem(status, _CODES.get(status, "bad_request"), "The request cannot be read.")
        )

    def log_message(self, format: str, *args: Any) -> None:
        """Silence: :meth:`_serve` writes the one line per request."""


def _length(values: list[str]) -> int:
    """The one Content-Length, in bytes; none is zero."""
    if not values:
        return 0
    if len(set(values)) > 1 or not re.fullmatch(r"[0-9]{1,18}", values[0].strip()):
        raise Refused(400, "bad_request", "Content-Length is not a number of bytes.")
    return int(values[0])
