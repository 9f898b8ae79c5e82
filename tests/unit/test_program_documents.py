"""The ready documents of ``programs/`` are whole and explain themselves."""

import re
from typing import Any

import pytest

from chalicelib.earning.explain import gave_something
from chalicelib.kernel.http.parsing import read_body
from chalicelib.programs import checks
from chalicelib.programs.model import Program
from infra.local.resources import ROOT
from tests.support.common import figure
from tests.support.documents import FILES, document, engine
from tests.support.happenings import happenings
from tests.support.reference_engine import Reference, plain

ROW = re.compile(r"^\| \[`([a-z0-9-]+)`\]\(\1\.json\) \|.*\| ([A-Z0-9 ,-]+) \|$", re.MULTILINE)
KNOWN = re.compile(r"^\| ([A-Z]{2}-\d+) \|", re.MULTILINE)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_document_is_whole_and_explains_itself(file: Any) -> None:
    found = read_body(file.read_bytes(), "application/json", Program)
    assert checks.faults(found) == ()
    assert found.id == file.stem
    assert set(found.languages) == {"en", "ru", "uk", "ar"}
    for language in found.languages:
        assert found.welcome.get(language)
        clauses = re.findall(r"^(\d+)\. .{10,}$", getattr(found.rules, language), re.MULTILINE)
        assert [int(one) for one in clauses] == [*range(1, len(clauses) + 1)]
        assert len(clauses) == len(found.rules.en.split("\n")) >= 4
    names = [rule.id for rule in found.earning.rules]
    assert names
    assert len(set(names)) == len(names)


def test_the_page_of_documents_lists_every_one_and_real_requirements() -> None:
    text = (ROOT / "programs/README.md").read_text()
    rows = ROW.findall(text)
    assert [name for name, _ in rows] == sorted(file.stem for file in FILES)
    known = set(KNOWN.findall((ROOT / "docs/requirements.md").read_text()))
    assert {one for _, ids in rows for one in ids.split(", ")} <= known


@pytest.mark.soak
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rule_gives_something_and_both_engines_agree(file: Any) -> None:
    program = document(file.stem)
    judge = engine(file.stem).judge
    gave: set[str] = set()
    for happened in happenings(program, figure(150, 1500)):
        judgement = judge(happened)
        assert plain(judgement) == Reference(program, happened, {}).judge()
        gave.update(gave_something(judgement))
    assert gave == {rule.id for rule in program.earning.rules}
