"""Each alarm has its section in docs/operations/incidents.md, and each section says everything."""

import re

import pytest

from infra.local.resources import ROOT
from infra.stack.alarms import alarms
from infra.stack.stage import stage

PAGE = (ROOT / "docs" / "operations" / "incidents.md").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
SAID = ("Members", "Look", "Likely", "Do", "Do not", "Over when")


def sections() -> dict[str, str]:
    """The text of each section by its heading."""
    parts = re.split(r"^#{1,2} (.+)$", PAGE, flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def named(text: str) -> list[str]:
    """The alarms that a section is about."""
    return [
        name
        for line in re.findall(r"^Alarms: (.+)$", text, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", line)
    ]


def test_each_alarm_has_one_section_and_no_section_is_of_an_alarm_that_is_gone() -> None:
    told = [name for text in sections().values() for name in named(text)]
    assert sorted(told) == sorted(alarms(stage("prod")))


@pytest.mark.parametrize("heading", [title for title, text in sections().items() if named(text)])
def test_a_section_says_what_it_means_what_to_do_and_when_it_is_over(heading: str) -> None:
    said = re.findall(r"^\*\*([A-Z][a-z ]+?)\*\*", sections()[heading], re.MULTILINE)
    assert tuple(said) == SAID


def test_what_the_pages_of_operations_link_to_is_there() -> None:
    for page in sorted((ROOT / "docs" / "operations").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for target, _, part in (link.partition("#") for link in LINK.findall(text)):
            there = (page.parent / target).resolve() if target else page
            assert there.exists(), f"{page.name}: {target}"
            if part and there.suffix == ".md":
                titles = HEADING.findall(there.read_text(encoding="utf-8"))
                anchors = {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in titles}
                assert part in anchors, f"{page.name}: {target}#{part}"
