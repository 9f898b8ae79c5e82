"""Sentences for people, in the platform's four languages, from gettext catalogues.

Message ids are keys (``error.tag_unknown``), so that English is a translation like the others and
a test can prove that no language lacks a key. One catalogue per room and language:
``chalicelib/texts/<language>/LC_MESSAGES/<room>.po``, compiled by ``make setup``.
"""

import gettext
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

Language = Literal["en", "ru", "uk", "ar"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
_FOLDER = Path(__file__).parent.parent / "texts"


def say(language: str, key: str, **params: object) -> str:
    """The sentence ``key`` in ``language``, its ``{names}`` filled in; the key itself if
    unknown.
    """
    return _fill(_catalogue(language).gettext(key), params)


def say_count(language: str, key: str, count: int, **params: object) -> str:
    """The same for a sentence whose form depends on ``count``, given to it as ``{count}``."""
    text = _catalogue(language).ngettext(key, key, abs(count))
    return _fill(text, {**params, "count": count})


def knows(language: str, key: str) -> bool:
    """Whether the catalogue of ``language`` has ``key``."""
    return _catalogue(language).gettext(key) != key or _has_plural(language, key)


def negotiate(accept_language: str) -> Language:
    """The best of our languages for an ``Accept-Language`` header (RFC 9110 §12.5.4), else
    English.
    """
    wishes: list[tuple[float, Language]] = []
    for part in accept_language[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        if language in LANGUAGES:
            wishes.append((_weight(weight), language))
    best = max(wishes, key=lambda wish: wish[0], default=(0.0, LANGUAGES[0]))
    return best[1] if best[0] > 0 else LANGUAGES[0]


def _weight(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _fill(text: str, params: dict[str, object]) -> str:
    return text.format_map({name: str(value) for name, value in params.items()})


def _has_plural(language: str, key: str) -> bool:
    return _catalogue(language).ngettext(key, key, 1) != key


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> gettext.NullTranslations:
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    files = sorted((_FOLDER / chosen / "LC_MESSAGES").glob("*.mo"))
    if not files:
        raise FileNotFoundError("The text catalogues are not compiled: run `make setup`.")
    first, *others = [gettext.translation(file.stem, str(_FOLDER), [chosen]) for file in files]
    for other in others:
        first.add_fallback(other)
    return first
