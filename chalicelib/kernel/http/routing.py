"""Routes as data: a room declares its operations, ``mount`` hangs them into Chalice, OpenAPI reads
them.

A handler is a function from :class:`Call` to :class:`Answer`; parsing, rights, refusals, headers
and logging are done here, once, for all of them. Access is denied unless the operation says
otherwise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import msgspec
from chalice.app import Chalice, ChaliceAuthorizer, Response

from chalicelib.kernel import observability
from chalicelib.kernel.clock import now
from chalicelib.kernel.errors import Forbidden, Internal, NotFound, Refusal, Unavailable
from chalicelib.kernel.http import client as clients
from chalicelib.kernel.http import parsing, problems, signed
from chalicelib.kernel.http.call import Answer, Call, Caller, StaffCaller
from chalicelib.kernel.http.identity import caller_of
from chalicelib.kernel.http.parameters import described
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.secrets import keyed_hash
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table import audit, keys
from chalicelib.kernel.table.failures import STORAGE_FAILURES, code_of, is_passing
from chalicelib.kernel.table.format import require_known
from chalicelib.kernel.texts import negotiate

Handler = Callable[[Call[Any, Any]], Answer]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
MAX_PARAM = 64
"""Longest path parameter; nothing of ours has a longer name."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class NoBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An operation without a body, or without query parameters."""


@dataclass(frozen=True, slots=True)
class Example:
    """A request that works in the example club; the API document and the test suites share it."""

    body: Any = None
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One route with everything a reader, a client or a test must know of it."""

    method: Method
    path: str
    handler: Handler
    summary: str
    room: str
    access: str
    """``public``, ``optional`` (a member or nobody), ``member``, ``staff:<right>``, or ``staff``:
    what everybody of the staff may do, such as with their own sign-in; ``partner:<scope>``, or
    ``partner``: what every credential of a partner may do."""
    body: type[Any] = NoBody
    query: type[Any] = NoBody
    answers: dict[int, Any] = field(default_factory=dict)
    refuses: tuple[type[Refusal], ...] = ()
    example: Example = field(default_factory=Example)
    max_bytes: int = parsing.MAX_BYTES
    """Largest body that is read."""
    guarded: bool = False
    """Whether the call needs an ``Idempotency-Key`` because it has no natural id."""
    media_types: tuple[str, ...] = ("application/json",)
    cache: str = ""
    """``Cache-Control`` of a good answer, where it may be kept."""

    @property
    def name(self) -> str:
        """Unique name of the operation, from its handler."""
        return f"{self.room}_{self.handler.__name__}"

    @property
    def mutates(self) -> bool:
        """Whether the call may change something."""
        return self.method != "GET"

    @property
    def takes_body(self) -> bool:
        """Whether a body of the call is read at all."""
        return self.body is not NoBody

    @property
    def by_token(self) -> bool:
        """Whether the gateway's authorizer lets callers in, by a token; it sees no bodies, so that
        signed requests are let in at the edge.
        """
        return self.access.partition(":")[0] in ("member", "staff")


class Room:
    """The operations of one room."""

    def __init__(self, name: str, about: str) -> None:
        """``about`` is the room's paragraph in the API document."""
        self.name = name
        self.about = about
        self.operations: list[Operation] = []

    def route(
        self, method: Method, path: str, *, access: str, summary: str, **more: Any
    ) -> Callable[[Handler], Handler]:
        """Declare a handler; ``more`` are the further fields of :class:`Operation`."""

        def declare(handler: Handler) -> Handler:
            self.operations.append(
                Operation(method, path, handler, summary, self.name, access, **more)
            )
            return handler

        return declare


def mount(app: Chalice, rooms: list[Room], authorizer: ChaliceAuthorizer) -> None:
    """Hang every operation of the rooms into the Chalice app."""
    for operation in operations(rooms):
        app.route(
            operation.path,
            methods=[operation.method],
            name=operation.name,
            content_types=["*/*"],
            authorizer=authorizer if operation.by_token else None,
        )(_view(app, operation))


def operations(rooms: list[Room]) -> Iterator[Operation]:
    """All operations, in the order of the table of contents."""
    for room in rooms:
        yield from room.operations


def _view(app: Chalice, operation: Operation) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        request: Any = app.current_request
        request_id = str(request.context.get("requestId") or Ids().new())
        language = negotiate(request.headers.get("accept-language", ""))
        with observability.request(operation.name, request_id) as seen:
            try:
                answer = operation.handler(_call(operation, request, path, language))
                seen.status = answer.status
                return _render(operation, answer, language, request_id)
            except Refusal as refusal:
                seen.refused(refusal)
                return _refuse(refusal, language, request_id)
            except Exception as defect:
                if isinstance(defect, STORAGE_FAILURES) and is_passing(defect):
                    seen.failed(code_of(defect))
                    return _refuse(Unavailable(retry_after=1), language, request_id)
                seen.broke(defect)
                return _refuse(Internal(), language, request_id)

    view.__name__ = operation.name
    return view


def _call(
    operation: Operation, request: Any, path: dict[str, str], language: str
) -> Call[Any, Any]:
    if any(len(value) > MAX_PARAM or not value.isprintable() for value in path.values()):
        raise NotFound
    require_known()
    stage = settings()
    at = now(stage)
    address = clients.network(clients.address_of(request, stage))
    client = keyed_hash(stage, "client address", address)[:32]
    if operation.access.partition(":")[0] == "partner":
        caller: Caller | None = signed.caller_of(operation, request, path, client, stage, at)
    else:
        caller = caller_of(operation.access, request, stage, at)
        _refuse_stranger(operation.access, caller, path, at)
    return Call(
        body=_body(operation, request),
        query=parsing.read_query(_query(request), operation.query),
        path=path,
        headers=_headers(request),
        caller=caller,
        operation=operation.name,
        language=language,
        client=client,
        at=at,
        ids=Ids(),
        settings=stage,
    )


def _refuse_stranger(access: str, caller: Any, path: dict[str, str], at: datetime) -> None:
    kind, _, right = access.partition(":")
    if kind != "staff":
        return
    if not isinstance(caller, StaffCaller):
        raise Forbidden
    program = path.get("program", "*")
    # A club that this person has nothing to do with does not exist for them.
    if program != "*" and not caller.knows(program):
        raise NotFound
    if right and not caller.may(right, program):
        noted = keys.PLATFORM if program == "*" else program
        audit.tried(noted, caller.actor, right, described(path), at)
        raise Forbidden


def _headers(request: Any) -> dict[str, str]:
    given = {name.lower(): value for name, value in request.headers.items()}
    return {name: value for name, value in given.items() if name not in clients.OURS}


def _body(operation: Operation, request: Any) -> Any:
    if not operation.takes_body:
        return NoBody()
    content_type = request.headers.get("content-type", "")
    return parsing.read_body(
        bytes(request.raw_body), content_type, operation.body, max_bytes=operation.max_bytes
    )


def _query(request: Any) -> dict[str, list[str]]:
    given = request.query_params
    return {} if given is None else {name: given.getlist(name) for name in given}


def _render(operation: Operation, answer: Answer, language: str, request_id: str) -> Response:
    body = answer.body
    if answer.media_type == "application/json" and body is not None:
        body = msgspec.json.encode(body).decode()
    fields: dict[str, str | list[str]] = {
        **HEADERS,
        "Content-Type": answer.media_type,
        "Content-Language": language,
        "X-Request-Id": request_id,
        **dict(answer.headers),
    }
    if operation.cache and answer.status == 200:
        fields["Cache-Control"] = operation.cache
    return Response(body="" if body is None else body, status_code=answer.status, headers=fields)


def _refuse(refusal: Refusal, language: str, request_id: str) -> Response:
    detail = msgspec.json.encode(problems.problem(refusal, language, request_id)).decode()
    fields: dict[str, str | list[str]] = {
        **HEADERS,
        **problems.headers(refusal),
        "Content-Language": language,
        "X-Request-Id": request_id,
    }
    return Response(body=detail, status_code=refusal.status, headers=fields)
