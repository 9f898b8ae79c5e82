"""Texts: no language lacks a sentence, and no sentence asks for a figure that nobody gives it.

The codes are gathered from the source itself, so that a new refusal, reason, entry or notification
without its four sentences fails here.
"""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import NamedTuple, get_args

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

import chalicelib
from chalicelib.kernel import errors, texts
from chalicelib.kernel.texts import LANGUAGES, knows, negotiate, say, say_count
from chalicelib.ledger.approvals import WAITING, State
from chalicelib.ledger.holds import HoldEnd, PendingEnd
from chalicelib.ledger.model import BURN, MERGE
from chalicelib.outreach.notices import NOTICES

ROOT = Path(chalicelib.__file__).parent
FOLDER = ROOT / "texts"
DOMAINS = sorted(file.stem for file in (FOLDER / "en" / "LC_MESSAGES").glob("*.po"))
WORDLESS = ("page.direction",)
WORDING = ("fields", "retry_after")
"""Arguments of a refusal that are not figures of its sentence."""


class Raised(NamedTuple):
    """One place in the source where a refusal is made."""

    where: str
    name: str
    figures: frozenset[str] | None
    """None: the class alone, without figures."""


@cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """Every module of the platform, parsed."""
    files = sorted(ROOT.rglob("*.py"))
    return tuple((str(file.relative_to(ROOT)), ast.parse(file.read_text())) for file in files)


@cache
def refusals() -> dict[str, type[errors.Refusal]]:
    """Every class of refusal, by name; modules that cannot be imported fail the test."""
    for module in pkgutil.walk_packages([str(ROOT)], "chalicelib."):
        importlib.import_module(module.name)
    found: dict[str, type[errors.Refusal]] = {}
    left: list[type[errors.Refusal]] = [errors.Refusal]
    while left:
        kind = left.pop()
        found[kind.__name__] = kind
        left += kind.__subclasses__()
    return found


def catalogue(language: str, domain: str) -> Catalog:
    """One catalogue as it is written."""
    with (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language)


def sentences(language: str) -> dict[str, tuple[str, ...]]:
    """All sentences of a language by key; several forms where they count something."""
    found: dict[str, tuple[str, ...]] = {}
    for domain in DOMAINS:
        for message in catalogue(language, domain):
            if message.id:
                assert key_of(message) not in found, f"{key_of(message)} stands twice"
                found[key_of(message)] = forms(message)
    return found


def key_of(message: Message) -> str:
    """The key of a message, with or without plural forms."""
    return message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> tuple[str, ...]:
    """The sentence in all its forms."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def figures(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def calls(*names: str) -> Iterator[ast.Call]:
    """Every call of functions or classes of these names."""
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and called(node.func) in names:
                yield node


def called(function: ast.expr) -> str:
    """The last name of what is called or raised."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def literal(node: ast.Call, place: int) -> str | None:
    """An argument that is written out."""
    if len(node.args) <= place:
        return None
    given = node.args[place]
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def literals(place: int, *names: str) -> set[str]:
    """The written-out arguments of all calls of these names."""
    return {text for node in calls(*names) if (text := literal(node, place))}


def raised() -> Iterator[Raised]:
    """Every place where a refusal is made."""
    known = refusals()
    for where, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc and called(node.exc) in known:
                yield Raised(f"{where}:{node.lineno}", called(node.exc), None)
            elif isinstance(node, ast.Call) and called(node.func) in known:
                given = frozenset(word.arg for word in node.keywords if word.arg)
                yield Raised(f"{where}:{node.lineno}", called(node.func), given - set(WORDING))


def entry_kinds() -> set[str]:
    """Every kind of ledger entry that the source names."""
    ends = {f"hold.{end}" for end in get_args(HoldEnd)}
    ends |= {f"award.{end}" for end in get_args(PendingEnd)}
    return literals(0, "Cause", "_cause") | ends | {BURN, MERGE}


def actions() -> set[str]:
    """Every action of the audit that the source names: written out where it is noted, or the same
    as the entry or fact that goes with it.
    """
    noted = literals(0, "_noted", "_cause") | literals(1, "_note")
    noted |= {f"hold.{end}" for end in get_args(HoldEnd)} | {BURN}
    noted |= {"member.suspended", "member.reinstated"}
    noted |= {f"award.{end}" for end in get_args(PendingEnd)}
    noted |= {f"adjustment.{state}" for state in get_args(State) if state != WAITING}
    for node in calls("Act"):
        for word in node.keywords:
            if word.arg == "action":
                noted |= {
                    text
                    for text in written(word.value)
                    if re.fullmatch(r"[a-z_]+(\.[a-z_]+)+", text)
                }
    return noted


def written(node: ast.expr) -> Iterator[str]:
    """The texts written out in an expression."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "en"])
def test_every_language_has_every_key_with_the_same_figures(language: str) -> None:
    english, other = sentences("en"), sentences(language)
    assert other.keys() == english.keys()
    for key, said in other.items():
        wanted = frozenset().union(*map(figures, english[key]))
        assert frozenset().union(*map(figures, said)) == wanted, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty_and_every_plural_is_whole(language: str) -> None:
    for domain in DOMAINS:
        found = catalogue(language, domain)
        assert found.charset.lower() == "utf-8", domain
        for message in found:
            if message.id:
                assert all(text.strip() for text in forms(message)), f"{domain} {message.id}"
                if not isinstance(message.id, str):
                    assert len(forms(message)) == found.num_plurals


@pytest.mark.parametrize("language", ["ru", "uk", "ar"])
def test_no_sentence_is_left_in_english(language: str) -> None:
    letters = re.compile("[\u0400-\u04ff]" if language != "ar" else "[\u0600-\u06ff]")
    for key, said in sentences(language).items():
        if key not in WORDLESS:
            assert all(letters.search(text) for text in said), key


def test_every_refusal_has_its_sentence_and_its_title() -> None:
    for kind in refusals().values():
        for language in LANGUAGES:
            assert knows(language, f"error.{kind.code}"), f"{language} error.{kind.code}"
            assert knows(language, f"title.{kind.status}"), f"{language} title.{kind.status}"


def test_codes_of_refusals_are_unique() -> None:
    codes: dict[str, str] = {}
    for name, kind in refusals().items():
        if "code" in vars(kind):
            assert codes.setdefault(kind.code, name) == name, f"{name} and {codes[kind.code]}"


def test_every_refusal_is_made_with_the_figures_of_its_sentence() -> None:
    known, english = refusals(), sentences("en")
    for made in raised():
        kind = known[made.name]
        wanted = frozenset().union(*map(figures, english[f"error.{kind.code}"]))
        assert wanted <= (made.figures or frozenset()), f"{made.where} {made.name}"


def test_every_fault_of_a_field_has_its_sentence() -> None:
    codes = literals(1, "FieldError") | literals(0, "_wrong")
    assert {"required", "too_long", "not_one_of"} & codes
    for code in codes | {"too_long", "too_short", "too_small", "too_big", "wrong_type"}:
        for language in LANGUAGES:
            assert knows(language, f"field.{code}"), f"{language} field.{code}"


def test_every_reason_and_every_kind_of_entry_has_its_sentence() -> None:
    wanted = {f"reason.{code}" for code in literals(0, "Reason")}
    wanted |= {f"entry.{kind}" for kind in entry_kinds()}
    assert len(wanted) > 12
    for key in wanted:
        for language in LANGUAGES:
            assert knows(language, key), f"{language} {key}"


def test_every_action_of_the_audit_has_its_sentence() -> None:
    assert {"tag.released", "batch.ordered", "points.adjusted", "job.cancelled"} <= actions()
    for action in actions():
        for language in LANGUAGES:
            assert knows(language, f"action.{action}"), f"{language} action.{action}"


def test_every_key_that_the_source_says_is_known() -> None:
    wanted = {key for key in literals(1, "say", "say_count") if "." in key}
    for key in wanted:
        for language in LANGUAGES:
            assert knows(language, key), f"{language} {key}"


def test_every_notification_has_its_sentence_in_all_numbers() -> None:
    for language in LANGUAGES:
        assert knows(language, "notification.points.credited")
        for count in (0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 111, 1000):
            said = say_count(language, "notification.points.credited", count, balance=7)
            assert "{" not in said
            assert "7" in said


def test_every_notice_to_staff_has_its_sentence_in_all_numbers() -> None:
    for language in LANGUAGES:
        for code, shape in NOTICES.items():
            assert knows(language, f"notice.{code}")
            for count in (0, 1, 2, 3, 5, 11, 21, 22, 25, 100, 111, 1000):
                figures = {**dict.fromkeys(shape.figures, 7), shape.counted: count}
                said = say_count(language, f"notice.{code}", count, subject="ring-box", **figures)
                assert "{" not in said
                assert "ring-box" in said


def test_plurals_are_those_of_the_language() -> None:
    russian = [say_count("ru", "notification.points.credited", n, balance=0) for n in (1, 2, 5, 21)]
    one, few, many, one_again = (text.replace("21", "1").replace("2", "n") for text in russian)
    assert one == one_again
    assert len({one.replace("1", "n"), few, many.replace("5", "n")}) == 3


def test_an_unknown_key_or_language_never_breaks_an_answer() -> None:
    assert say("en", "error.never_heard_of") == "error.never_heard_of"
    assert say("xx", "title.404") == say("en", "title.404")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("ru", "ru"),
        ("uk-UA,uk;q=0.9,en;q=0.8", "uk"),
        ("de, ar;q=0.5, en;q=0.4", "ar"),
        ("de", "en"),
        ("*", "en"),
        ("ru;q=0", "en"),
        ("ru;q=rubbish, ar;q=0.1", "ar"),
        ("en;q=0.1, AR-EG;q=0.9", "ar"),
        ("," * 10_000 + "ru", "en"),
    ],
)
def test_the_wished_language_is_found(header: str, language: str) -> None:
    assert negotiate(header) == language


def test_all_catalogues_are_compiled() -> None:
    for language in LANGUAGES:
        compiled = {file.stem for file in (FOLDER / language / "LC_MESSAGES").glob("*.mo")}
        assert set(DOMAINS) <= compiled
    assert texts.LANGUAGES == LANGUAGES
