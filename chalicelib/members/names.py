"""Names as staff look for them: words without case, accents and differences in spelling."""

import unicodedata
from collections.abc import Iterable

SHORTEST = 2
"""Letters a word needs to be looked for: fewer would find half the club."""
LONGEST = 40
"""Letters of a word that count."""
MOST_WORDS = 12
"""Words of one member's name that can be looked for."""
FORM = 1
"""Number of the form in which words are kept; a new one has every member's words written anew."""
_MARKS = ("Mn", "Me", "Cf")
"""Categories of what is written above, below or invisibly beside letters."""
_VARIANTS = str.maketrans(
    {"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ٱ": "ا", "ё": "е"}
    | dict.fromkeys("'`´‘’ʻʼ′ـ", "")  # apostrophes within a word, and the Arabic tatweel
)


def words(text: str) -> tuple[str, ...]:
    """The words of a name, each once, in their order; also those too short to be looked for."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_VARIANTS)).casefold()
    # Marks go (é, й, ї, hamza, vowel signs): few people type them where a name has them.
    bare = (one for one in folded if unicodedata.category(one) not in _MARKS)
    spaced = "".join(one if one.isalnum() else " " for one in bare)
    return tuple(dict.fromkeys(word[:LONGEST] for word in spaced.split()))


def tokens(*names: str | None) -> tuple[str, ...]:
    """The words by which a member of these names is found, in alphabetical order."""
    every = words(" ".join(name for name in names if name))
    return tuple(sorted([word for word in every if len(word) >= SHORTEST][:MOST_WORDS]))


def rarest(wanted: Iterable[str]) -> str:
    """The word to look for first, because a long word finds the fewest; empty: all too short."""
    longest = max(wanted, key=len, default="")
    return longest if len(longest) >= SHORTEST else ""


def fits(wanted: Iterable[str], known: Iterable[str]) -> bool:
    """Whether each wanted word begins one of a member's."""
    held = tuple(known)
    return all(any(one.startswith(word) for one in held) for word in wanted)


def is_first(token: str, known: Iterable[str], start: str) -> bool:
    """Whether a member whom several words make a hit is to be shown for this one of them."""
    return token == min((one for one in known if one.startswith(start)), default="")
