"""The API document says what the routes do: nothing missing, nothing unexplained, no drift."""

import json
import re
from typing import Any

import msgspec
import pytest

from chalicelib.kernel.errors import Forbidden, NotFound
from chalicelib.kernel.http import descriptions, openapi, parameters, problems
from chalicelib.kernel.http.call import Answer
from chalicelib.kernel.http.routing import Room, operations
from chalicelib.kernel.texts import LANGUAGES, knows
from chalicelib.members.model import PURPOSES
from infra.local.resources import ROOT


@pytest.fixture(scope="module")
def rooms() -> list[Room]:
    from app import ROOMS

    return ROOMS


@pytest.fixture(scope="module")
def made(rooms: list[Room]) -> Any:
    return openapi.document(rooms)


def every(document: Any) -> list[Any]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def refusals(document: Any) -> dict[str, set[str]]:
    """The codes of each operation, by its id."""
    found: dict[str, set[str]] = {}
    for operation in every(document):
        codes = found.setdefault(operation["operationId"], set())
        for answer in operation["responses"].values():
            name = answer.get("$ref", "").rpartition("/")[2]
            text = json.dumps(document["components"]["responses"][name] if name else answer)
            for listed in re.findall(r'"code": \{"enum": \[([^]]*)\]', text):
                codes.update(json.loads(f"[{listed}]"))
    return found


def test_the_published_document_is_what_the_routes_say() -> None:
    assert openapi.main(["--check", str(ROOT / "docs/openapi.json")]) == 0


def test_the_same_routes_give_the_same_text(rooms: list[Room]) -> None:
    assert openapi.render(rooms) == openapi.render(list(rooms))


def test_every_route_is_described_with_an_example(rooms: list[Room], made: Any) -> None:
    for operation in operations(rooms):
        described = made["paths"][operation.path][operation.method.lower()]
        assert described["summary"]
        assert set(operation.answers) <= {int(status) for status in described["responses"]}
        examples = {each["name"] for each in described["parameters"] if "example" in each}
        assert set(re.findall(r"{(\w+)}", operation.path)) <= examples, operation.name
        if "requestBody" in described:
            assert "example" in described["requestBody"]["content"]["application/json"]


def test_every_refusal_of_a_route_is_told(rooms: list[Room], made: Any) -> None:
    told = refusals(made)
    for operation in operations(rooms):
        assert {refusal.code for refusal in operation.refuses} <= told[operation.name]
        kind = operation.access.partition(":")[0]
        lacking = "signature_missing" if kind == "partner" else "unauthorized"
        assert (lacking in told[operation.name]) or kind == "public"
        assert operation.guarded == ("idempotency_key_reused" in told[operation.name])
        keyed = "idempotency_key_missing" in told[operation.name]
        assert keyed == (operation.guarded and kind != "partner")


def test_every_code_has_a_sentence_in_every_language(made: Any) -> None:
    codes = set().union(*refusals(made).values())
    lacking = [
        f"{language} error.{code}"
        for language in LANGUAGES
        for code in sorted(codes)
        if not knows(language, f"error.{code}")
    ]
    assert lacking == []


def test_references_lead_somewhere(made: Any) -> None:
    for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(made)):
        assert name in made["components"][kind]


def test_every_field_says_what_it_means(made: Any) -> None:
    lacking = [
        f"{name}.{field}"
        for name, component in made["components"]["schemas"].items()
        for field, schema in component.get("properties", {}).items()
        if not schema.get("description")
    ]
    assert lacking == []


def test_instants_and_days_say_so(made: Any) -> None:
    """Whatever is called like an instant is one, for generated clients too."""
    for component in made["components"]["schemas"].values():
        for field, schema in component.get("properties", {}).items():
            text = json.dumps(schema)
            if field == "at" or field.endswith("_at"):
                assert '"format": "date-time"' in text, field
            if field.endswith("_on") or field == "birthday":
                assert '"format": "date"' in text, field


def test_the_document_is_free_of_python(made: Any) -> None:
    """Names of components hold no module paths, and patterns are those of ECMA 262."""
    assert not [name for name in made["components"]["schemas"] if "." in name]
    assert "(?!" not in json.dumps(made)


def test_shapes_of_one_name_are_refused() -> None:
    first = msgspec.defstruct("Twin", [("one", int)], module="a")
    second = msgspec.defstruct("Twin", [("two", int)], module="b")
    with pytest.raises(descriptions.AmbiguousName):
        descriptions.schemas([first, second], "{name}")


def test_values_of_a_path_are_those_of_the_code(made: Any) -> None:
    described = made["paths"]["/v1/me/consents/{purpose}"]["put"]["parameters"]
    schema = next(each["schema"] for each in described if each["name"] == "purpose")
    assert schema["enum"] == list(PURPOSES)


def test_examples_are_whole(made: Any) -> None:
    """An example can be sent as it stands: nothing is left out."""
    for operation in every(made):
        assert "…" not in json.dumps(operation["parameters"], ensure_ascii=False)
        assert "…" not in json.dumps(operation.get("requestBody"), ensure_ascii=False)


def test_the_api_browser_knows_the_example_of_a_key() -> None:
    """It puts a new value in place of just this one, so that nobody repeats a call unawares."""
    script = (ROOT / "infra/local/web/api.js").read_text()
    assert parameters.IDEMPOTENCY_KEY["example"] in script


def test_operation_ids_are_unique(made: Any) -> None:
    ids = [operation["operationId"] for operation in every(made)]
    assert len(ids) == len(set(ids))


def test_an_undescribed_path_parameter_is_refused() -> None:
    room = Room("odd", "A room with a parameter that nobody described.")
    room.route("GET", "/v1/odd/{thing}", access="public", summary="Odd")(lambda call: Answer())
    with pytest.raises(parameters.Undescribed):
        openapi.document([room])


def test_a_refusal_names_its_codes() -> None:
    room = Room("small", "A room with one route.")
    room.route(
        "GET",
        "/v1/programs/{program}/small",
        access="staff:small.read",
        summary="Small",
        answers={204: None},
        refuses=(NotFound, Forbidden),
    )(lambda call: Answer(status=204))
    answers = openapi.document([room])["paths"]["/v1/programs/{program}/small"]["get"]["responses"]
    assert set(answers) == {"204", "400", "401", "403", "404", "429", "500", "503"}
    schema = answers["404"]["content"][problems.CONTENT_TYPE]["schema"]
    assert schema["allOf"][1]["properties"]["code"]["enum"] == ["not_found"]
