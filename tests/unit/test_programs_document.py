"""The document: what types and checks refuse, where they point, and the files that ship."""

import json
from datetime import date
from typing import Any

import msgspec
import pytest

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.parsing import read_body
from chalicelib.kernel.texts import LANGUAGES, knows
from chalicelib.programs import checks, schema
from chalicelib.programs.examples import DOCUMENT
from chalicelib.programs.model import Program, Texts, plural, points_for_item
from infra.local.resources import ROOT

READY = sorted((ROOT / "programs").glob("*.json"))


def program(**changes: Any) -> Program:
    return msgspec.convert({**DOCUMENT, **changes}, Program)


def pointers(document: Program) -> dict[str, str]:
    return {fault.pointer: fault.code for fault in checks.faults(document)}


def refused(**changes: Any) -> dict[str, str]:
    raw = json.dumps({**DOCUMENT, **changes}).encode()
    with pytest.raises(InvalidFields) as caught:
        read_body(raw, "application/json", Program)
    return {fault.pointer: fault.code for fault in caught.value.fields}


@pytest.mark.parametrize("file", READY, ids=lambda file: file.stem)
def test_ready_documents_are_publishable(file: Any) -> None:
    document = msgspec.json.decode(file.read_bytes(), type=Program)
    assert checks.faults(document) == ()
    assert document.id == file.stem
    assert set(document.languages) == set(LANGUAGES)


def test_the_example_is_publishable() -> None:
    assert checks.faults(program()) == ()


def test_the_published_schema_is_what_the_types_say() -> None:
    assert schema.main(["--check", str(ROOT / "docs/program.schema.json")]) == 0


def test_schema_check_sees_drift(tmp_path: Any) -> None:
    file = tmp_path / "schema.json"
    assert schema.main(["--check", str(file)]) == 1
    assert schema.main(["--write", str(file)]) == 0
    assert schema.main(["--check", str(file)]) == 0
    file.write_text(file.read_text() + " ")
    assert schema.main(["--check", str(file)]) == 1


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"zone": "Mars/Phobos"}, "/zone"),
        ({"languages": ["ru", "en", "ru"]}, "/languages"),
        ({"languages": ["ru", "en", "uk"]}, "/name/uk"),
        ({"languages": ["ru", "en", "uk"]}, "/rules/uk"),
        ({"languages": ["ru", "en", "uk"]}, "/unit/uk/few"),
        ({"languages": ["ru"]}, "/name/en"),
        ({"languages": ["ru"]}, "/unit/en"),
        ({"name": {"en": " ", "ru": "Клуб"}}, "/name/en"),
        ({"welcome": {"en": "Hello"}}, "/welcome/ru"),
        ({"unit": {**DOCUMENT["unit"], "ru": {"one": "балл", "many": "баллов"}}}, "/unit/ru/few"),
        ({"burn": {"type": "after", "count": 61, "unit": "month"}}, "/burn/count"),
    ],
)
def test_checks_point_at_the_fault(changes: dict[str, Any], pointer: str) -> None:
    assert pointer in pointers(program(**changes))


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"currency": "rub"}, "/currency"),
        ({"currency": "RUB\n"}, "/currency"),
        ({"zone": "Moscow time"}, "/zone"),
        ({"languages": []}, "/languages"),
        ({"languages": ["fr"]}, "/languages/0"),
        ({"kinds": {}}, "/kinds"),
        ({"kinds": {"pirate": {"joins": "active"}}}, "/kinds"),
        ({"colour": "red"}, "/colour"),
        ({"name": {"de": "Klub"}}, "/name/de"),
        ({"earning": {"item_points": {"default": -1}}}, "/earning/item_points/default"),
        ({"earning": {"item_points": {"default": 1.5}}}, "/earning/item_points/default"),
        ({"earning": {"item_points": {"by_sku": {"a b": 1}}}}, "/earning/item_points/by_sku"),
        ({"burn": {"type": "fixed", "date": "2026-02-30"}}, "/burn/date"),
        ({"burn": {"type": "after", "count": 0, "unit": "day"}}, "/burn/count"),
    ],
)
def test_types_point_at_the_fault(changes: dict[str, Any], pointer: str) -> None:
    assert any(found.startswith(pointer) for found in refused(**changes))


def test_what_points_rest_on_cannot_change() -> None:
    later = program(currency="EUR", zone="Europe/Kyiv", kinds={"buyer": {"joins": "applied"}})
    found = {fault.pointer: fault.code for fault in checks.changed_fixed(program(), later)}
    assert found == {"/currency": "fixed", "/zone": "fixed", "/kinds/seller": "kind_removed"}
    assert checks.changed_fixed(program(), program(rules_public=False)) == ()


def test_a_fixed_burn_date_must_lie_ahead() -> None:
    document = program(burn={"type": "fixed", "date": "2026-06-01"})
    assert checks.over_before_start(document, date(2026, 6, 1)) == ()
    assert checks.over_before_start(document, date(2026, 6, 2))[0].pointer == "/burn/date"


def test_sku_decides_before_category_before_default() -> None:
    document = program()
    assert points_for_item(document, "RING-585-17", "ring") == 350
    assert points_for_item(document, "RING-1", "ring") == 300
    assert points_for_item(document, "RING-1", "brooch") == 200


def test_texts_fall_back_to_what_there_is() -> None:
    texts = Texts(ru="Клуб")
    assert [texts.get(language) for language in ("ru", "uk", "xx")] == ["Клуб"] * 3


@pytest.mark.parametrize(
    ("language", "by_form"),
    [
        ("en", {"one": (1,), "other": (0, 2, 11, 21)}),
        ("ru", {"one": (1, 21, 101), "few": (2, 24), "many": (0, 5, 11, 12, 14, 111, 112)}),
        ("uk", {"one": (1, 31), "few": (3, 102), "many": (10, 13, 211)}),
        (
            "ar",
            {
                "zero": (0,),
                "one": (1,),
                "two": (2,),
                "few": (3, 10, 103),
                "many": (11, 99, 111),
                "other": (100, 102, 200),
            },
        ),
    ],
)
def test_plural_forms(language: str, by_form: dict[str, tuple[int, ...]]) -> None:
    for form, counts in by_form.items():
        assert {plural(language, count) for count in counts} == {form}
    assert set(by_form) == set(checks.PLURALS[language])


def test_every_check_has_a_sentence_in_every_language() -> None:
    codes = ("zone_unknown", "duplicate", "text_missing", "language_unlisted", "too_big")
    codes += ("fixed", "kind_removed", "date_past")
    assert all(knows(language, f"field.{code}") for language in LANGUAGES for code in codes)
