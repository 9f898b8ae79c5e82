"""The built web apps, as CloudFront serves them: the member's at ``/``, the staff's below
``/console/``, with the headers that the edge would give.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from infra.deploy import static
from infra.local.answers import Answer, problem
from infra.local.gateway import Request
from infra.local.resources import ROOT
from infra.stack import edge, edge_headers

WEB = ROOT / "web"
"""The workspace; each app is built into a folder ``dist`` of its own."""
_API = tuple(path.removesuffix("*") for path in edge.API_PATHS)
_FILE = re.compile(r"\.[A-Za-z0-9]{2,11}$")
_READING = ("GET", "HEAD")
_POLICIES = {site.name: site for site in (edge_headers.CLUB, edge_headers.CONSOLE)}


class Sites:
    """Answers every address that is neither a local page nor the API's."""

    def __init__(self, environment: Mapping[str, str], web: Path = WEB) -> None:
        """``web`` is the workspace with the built apps."""
        self._web = web
        uploads = [environment["AWS_ENDPOINT_URL"]]  # where S3 is, here
        self._headers = {
            name: list(site.headers(uploads).items()) for name, site in _POLICIES.items()
        }

    def answer(self, request: Request) -> Answer | None:
        """The file, the app's entry page, a refusal; nothing when the path is the API's."""
        if request.path.startswith(_API) or request.method not in _READING:
            return None
        if request.path == "/console":
            return Answer(301, [("Location", "/console/")], b"")
        path = entry(request.path).removeprefix("/")
        site = next(each for each in reversed(static.SITES) if path.startswith(each.prefix))
        folder = self._web / site.name / "dist"
        name = unquote(path.removeprefix(site.prefix))
        if not (folder / static.ENTRY).is_file():
            said = "The web apps are not built: run `make web`."
            return problem(404, "not_found", said)
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()) or not file.is_file():
            return problem(404, "not_found", "There is no such file.")
        told = static.headers(name)
        headers = [
            ("Content-Type", told["ContentType"]),
            ("Cache-Control", told["CacheControl"]),
            *self._headers[site.name],
        ]
        return Answer(200, headers, file.read_bytes())


def entry(path: str) -> str:
    """Where a path leads: an address without a file's ending is a page of the app.

    The very rule of ``infra/stack/edge_functions/site.js``.
    """
    if _FILE.search(path.rpartition("/")[2]):
        return path
    return "/console/index.html" if path.startswith("/console/") else "/index.html"
