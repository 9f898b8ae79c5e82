"""Names as staff look for them: pure rules."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.members import names

NAMES = st.text(max_size=100)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Анна-Мария  КОРОЛЁВА", ("анна", "мария", "королева")),
        ("В'ячеслав Вʼячеслав", ("вячеслав",)),
        ("O’Brien, J. R.", ("obrien", "j", "r")),
        ("Straße Ǆ", ("strasse", "dz")),
        ("فاطِمَة", ("فاطمه",)),
        ("آمنة إيمان مُـنى", ("امنه", "ايمان", "مني")),
        ("#*+", ()),
    ],
)
def test_words_are_plain(written: str, words: tuple[str, ...]) -> None:
    assert names.words(written) == words


@given(NAMES)
def test_the_words_of_words_are_the_same(text: str) -> None:
    found = names.words(text)
    assert names.words(" ".join(found)) == found
    assert not any("#" in word or word != word.strip() for word in found)


@given(NAMES, NAMES)
def test_every_name_is_found_by_its_own_words(given_name: str, family_name: str) -> None:
    known = names.tokens(given_name, family_name)
    wanted = [word for word in names.words(f"{given_name} {family_name}") if word in known]
    start = names.rarest(wanted)
    assert bool(start) == bool(known)
    if start:
        assert names.fits(wanted, known)
        hits = [one for one in known if one.startswith(start)]
        assert [names.is_first(one, known, start) for one in sorted(hits)].count(True) == 1


@given(NAMES)
def test_how_a_name_is_composed_does_not_matter(text: str) -> None:
    composed, apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert names.words(composed) == names.words(apart)


@given(NAMES)
def test_a_name_takes_few_items(text: str) -> None:
    assert len(names.tokens(text, text)) <= names.MOST_WORDS
    assert all(names.SHORTEST <= len(one) <= names.LONGEST for one in names.tokens(text))
