"""The API keeps to docs/openapi.json, whatever anybody sends: schemathesis with all its checks.

Every operation is met by nobody and by whoever may call it. What is sent is made from the document,
both as it asks for and against it; names in the path that are as they should be are the names of
live things.
"""

import json
import uuid
from collections.abc import Callable
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.pytest import _test_builder

from app import ROOMS
from chalicelib.kernel.http.routing import Operation, operations
from infra.local.resources import ROOT
from tests.support.club import bearer, figure
from tests.support.partner import payload
from tests.support.world import World

DOCUMENT = Path(ROOT / "docs/openapi.json")
SEED = 20261123
REFUSED = ["2xx", "401", "403", "404", "409", "410", "422", "429"]
"""What a request as documented may meet: what it names may be gone, used up or not as it says."""
REJECTED = [f"{status}" for status in (400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429)]
"""What a request against the document may meet; one that is too long is not even read."""
CONFIG = SchemathesisConfig.from_dict(
    {
        "seed": SEED,
        "generation": {
            "max-examples": figure(25, 60),
            "deterministic": True,
            "database": "none",
        },
        "checks": {
            "positive_data_acceptance": {"expected-statuses": REFUSED},
            "negative_data_rejection": {"expected-statuses": REJECTED},
        },
        # Conditions hold conditions: walking every way through them is sixty thousand requests.
        # Random documents are sent all the same; their parts have tests of their own.
        "operations": [
            {
                "include-operation-id": "programs_write_draft",
                "phases": {"coverage": {"enabled": False}},
            },
            # A schema cannot say how deep the conditions of a variant may go, either.
            {
                "include-operation-id": "forecasts_order",
                "phases": {"coverage": {"enabled": False}},
                "checks": {"positive_data_acceptance": {"expected-statuses": [*REFUSED, "400"]}},
            },
            # A span that ends before it begins is refused, which a schema cannot say.
            *(
                {
                    "include-operation-id": name,
                    "checks": {
                        "positive_data_acceptance": {"expected-statuses": [*REFUSED, "400"]}
                    },
                }
                for name in ("audit_records", "audit_export", "orders_export", "donations_report")
            ),
        ],
    }
)
schema = schemathesis.openapi.from_path(DOCUMENT, config=CONFIG)
_build = _test_builder.build_operation_test


def _later(*, test_func: Callable[..., None], **about: Any) -> Callable[..., None]:
    """What stands for an operation's test until it runs. To think of all that is to be sent takes
    most of a minute, which otherwise each worker would spend on all operations before its first
    test.
    """

    def test(world: World) -> None:
        raise AssertionError("it was not built")

    update_wrapper(test, test_func)
    del test.__wrapped__  # by its own signature: the case is not pytest's to give
    test.built = partial(_build, test_func=test_func, **about)  # type: ignore[attr-defined]
    return test


_test_builder.build_operation_test = _later
patient = hypothesis.settings(
    deadline=None, suppress_health_check=list(hypothesis.HealthCheck), derandomize=True
)
BY_NAME = {operation.name: operation for operation in operations(ROOMS)}


@pytest.fixture(autouse=True)
def _built(request: pytest.FixtureRequest) -> None:
    """The test of this operation in the place of what stands for it."""
    if built := getattr(request.function, "built", None):
        request.node.obj = built()


def test_the_document_has_every_operation() -> None:
    paths = json.loads(DOCUMENT.read_text())["paths"].values()
    found = {operation["operationId"] for path in paths for operation in path.values()}
    assert found == BY_NAME.keys()


@pytest.mark.soak
@schema.parametrize()
@patient
def test_nobody_breaks_it(case: Case[Any], world: World) -> None:
    hypothesis.assume(not _says_nothing(case))
    _name_live_things(case, world)
    case.call_and_validate(base_url=world.house.url)


@pytest.mark.soak
@schema.parametrize()
@patient
def test_nobody_who_may_breaks_it(case: Case[Any], world: World) -> None:
    operation = _operation(case)
    if operation.access in ("public", "optional"):
        pytest.skip("nobody may")
    hypothesis.assume(not _says_nothing(case))
    _name_live_things(case, world)
    if operation.access.startswith("partner"):
        case.call_and_validate(base_url=world.house.url, auth=Signing(case, world))
        return
    case.call_and_validate(base_url=world.house.url, headers=bearer(world.token(operation.access)))


class Signing(AuthBase):
    """Signs what is sent, unless it is the headers in which it goes against the document."""

    def __init__(self, case: Case[Any], world: World) -> None:
        self._on = _as_documented(case, ParameterLocation.HEADER)
        self._system = world.system

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """The request with its headers."""
        if self._on:
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else body
            signed = payload(str(request.method), request.path_url, body)
            request.headers.update(self._system.headers(uuid.uuid4().hex, signed))
        return request


def _operation(case: Case[Any]) -> Operation:
    return BY_NAME[case.operation.definition.raw["operationId"]]


def _name_live_things(case: Case[Any], world: World) -> None:
    live: dict[str, Any] = world.live(_operation(case))
    if case.path_parameters and _as_documented(case, ParameterLocation.PATH):
        named = {name: live.get(name, value) for name, value in case.path_parameters.items()}
        case.path_parameters |= named
    if case.query and _as_documented(case, ParameterLocation.QUERY):
        case.query.pop("cursor", None)  # only a list itself can make one


def _says_nothing(case: Case[Any]) -> bool:
    """Whether a query is wrong by names alone that are not sent, as they have no value."""
    known = {parameter.name for parameter in case.operation.query}
    others = [value for name, value in (case.query or {}).items() if name not in known]
    return bool(others) and all(value is None or value in ([], {}) for value in others)


def _as_documented(case: Case[Any], place: ParameterLocation) -> bool:
    part = case.meta.components.get(place) if case.meta else None
    return part is None or part.mode.is_positive
