"""The page of requirements names exactly the tests that carry the marks of its IDs."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from infra.local.resources import ROOT

PAGE = ROOT / "docs" / "requirements.md"
ROW = re.compile(r"^\| ([A-Z]{2}-\d+) \|")
LINK = re.compile(r"\]\(([^)]+)\)")


class Row(NamedTuple):
    """One requirement as the page states it."""

    status: str
    files: frozenset[Path]
    """The tests named under "proved by"."""


@cache
def rows() -> dict[str, Row]:
    """The page's requirements by their ID, which stands once."""
    found: dict[str, Row] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if known := ROW.match(line):
            _, name, _, status, proof, _ = (cell.strip() for cell in line.split("|"))
            assert name == known[1]
            assert name not in found, f"{name} stands twice"
            files = frozenset((PAGE.parent / link).resolve() for link in LINK.findall(proof))
            found[name] = Row(status, files)
    return found


@cache
def marks() -> dict[str, frozenset[Path]]:
    """The test files by the IDs that they carry."""
    found: dict[str, set[Path]] = defaultdict(set)
    for file in sorted((ROOT / "tests").rglob("*.py")):
        for name in marked(ast.parse(file.read_text(encoding="utf-8"))):
            found[name].add(file.resolve())
    return {name: frozenset(files) for name, files in found.items()}


def marked(tree: ast.Module) -> Iterator[str]:
    """The IDs in all marks of one file, on functions, classes and the module."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="req", value=ast.Attribute(attr="mark")),
                args=[ast.Constant(value=str() as name)],
            ):
                yield name


def test_the_page_and_the_marks_are_found() -> None:
    assert len(rows()) > 50
    assert len(marks()) > 5


def test_every_mark_is_a_requirement_of_the_page() -> None:
    assert marks().keys() <= rows().keys()


@pytest.mark.parametrize("name", sorted(rows()))
def test_a_requirement_names_exactly_the_tests_that_carry_it(name: str) -> None:
    row = rows()[name]
    assert row.files == marks().get(name, frozenset())


@pytest.mark.parametrize("name", sorted(rows()))
def test_a_requirement_is_proved_by_tests_or_planned(name: str) -> None:
    row = rows()[name]
    assert re.match(r"(proved|planned)\b", row.status), row.status
    assert row.status.startswith("proved") == bool(row.files)
