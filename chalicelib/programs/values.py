"""Values that every part of a program document is made of: names, points, texts."""

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.texts import LANGUAGES

MAX_POINTS = 1_000_000
"""Most points a document may give for one item."""
PROGRAM_PATTERN = r"^[a-z][a-z0-9-]{1,30}$(?!\n)"
SKU_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$(?!\n)"
CATEGORY_PATTERN = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
KIND_PATTERN = r"^(buyer|seller|breeder|owner|organisation)$(?!\n)"
ZONE_PATTERN = r"^(UTC|[A-Z][A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){1,2})$(?!\n)"
CURRENCY_PATTERN = r"^[A-Z]{3}$(?!\n)"

Points = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]
Slug = Annotated[str, msgspec.Meta(pattern=CATEGORY_PATTERN)]
"""A name that the club gives: a partner, a rule, a tier."""
MAX_MONEY = 10**12
Money = Annotated[int, msgspec.Meta(ge=0, le=MAX_MONEY)]
"""An amount in the minor unit of the program's currency, e.g. kopecks."""
Rounding = Literal["down", "half_up", "up"]
"""To a whole number; `half_up`: a half becomes the next whole one."""
Sku = Annotated[str, msgspec.Meta(pattern=SKU_PATTERN)]
Category = Annotated[str, msgspec.Meta(pattern=CATEGORY_PATTERN)]
Kind = Annotated[str, msgspec.Meta(pattern=KIND_PATTERN)]
Means = Literal["card", "app", "phone"]
"""How a till knows a member: a card's number, the app's code, the phone number."""
Short = Annotated[str, msgspec.Meta(max_length=500)]
Long = Annotated[str, msgspec.Meta(max_length=12_000)]
Form = Annotated[str, msgspec.Meta(max_length=40)]


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An exact fraction: 1.5 % is 15 of 1 000, 0.4 is 2 of 5."""

    num: Annotated[int, msgspec.Meta(ge=0, le=1_000_000, description="Above the line.")]
    den: Annotated[int, msgspec.Meta(ge=1, le=1_000_000, description="Below the line.")]


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One short text in several languages; every language of the program is needed."""

    en: Short = ""
    """In English."""
    ru: Short = ""
    """In Russian."""
    uk: Short = ""
    """In Ukrainian."""
    ar: Short = ""
    """In Arabic."""

    def get(self, language: str) -> str:
        """The text in ``language``, else in the first language that there is."""
        return _pick(self, language)


class LongTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One long text in several languages; every language of the program is needed."""

    en: Long = ""
    """In English."""
    ru: Long = ""
    """In Russian."""
    uk: Long = ""
    """In Ukrainian."""
    ar: Long = ""
    """In Arabic."""

    def get(self, language: str) -> str:
        """The text in ``language``, else in the first language that there is."""
        return _pick(self, language)


class Forms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The plural forms of one word, by the categories of CLDR 44 (plurals.xml)."""

    zero: Form = ""
    """For none, in Arabic."""
    one: Form = ""
    """As in 1 point, 1 балл, 21 балл."""
    two: Form = ""
    """For two, in Arabic."""
    few: Form = ""
    """As in 2 балла; in Arabic for 3 to 10."""
    many: Form = ""
    """As in 5 баллов; in Arabic for 11 to 99."""
    other: Form = ""
    """Everything else, as in 2 points; also where a form is missing."""

    def of(self, language: str, count: int) -> str:
        """The form that goes with ``count`` in ``language``."""
        form: str = getattr(self, plural(language, count))
        return form or self.other or self.many or self.one


class Unit(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the club calls its points; every language of the program is needed."""

    en: Forms = Forms()
    """In English."""
    ru: Forms = Forms()
    """In Russian."""
    uk: Forms = Forms()
    """In Ukrainian."""
    ar: Forms = Forms()
    """In Arabic."""

    def get(self, language: str) -> Forms:
        """The forms in ``language``, else in the first language that there is."""
        found: Forms = getattr(self, language, Forms())
        present = (getattr(self, other) for other in LANGUAGES)
        return found if found != Forms() else next((it for it in present if it != Forms()), found)


def plural(language: str, count: int) -> str:
    """The CLDR plural category of a whole number in one of our languages (CLDR 44, plurals.xml)."""
    number = abs(count)
    tens, hundreds = number % 10, number % 100
    if language in ("ru", "uk"):
        if tens == 1 and hundreds != 11:
            return "one"
        return "few" if 2 <= tens <= 4 and not 12 <= hundreds <= 14 else "many"
    if language == "ar":
        if number <= 2:
            return ("zero", "one", "two")[number]
        return "few" if 3 <= hundreds <= 10 else "many" if hundreds >= 11 else "other"
    return "one" if number == 1 else "other"


def _pick(texts: Texts | LongTexts, language: str) -> str:
    found: str = getattr(texts, language, "") if language in LANGUAGES else ""
    return found or next((text for other in LANGUAGES if (text := getattr(texts, other))), "")
