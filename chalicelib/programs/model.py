"""The program document: what a club decides, as one frozen value, and the pure rules over it.

These types *are* the document's schema (``docs/program.schema.json`` is generated from them). What
types cannot say, :mod:`chalicelib.programs.checks` does.
"""

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.errors import Conflict, FieldError, Forbidden, NotFound
from chalicelib.kernel.texts import LANGUAGES, Language
from chalicelib.programs.approvals import Approvals
from chalicelib.programs.burning import (
    After,
    BurnPolicy,
    EndOf,
    Fixed,
    Never,
    burn_date,
)

__all__ = [
    "After",
    "BurnPolicy",
    "EndOf",
    "Fixed",
    "Never",
    "Program",
    "burn_date",
    "points_for_item",
]

MAX_POINTS = 1_000_000
"""Most points a document may give for one item."""
PROGRAM_PATTERN = r"^[a-z][a-z0-9-]{1,30}$(?!\n)"
SKU_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$(?!\n)"
CATEGORY_PATTERN = r"^[a-z][a-z0-9-]{0,39}$(?!\n)"
KIND_PATTERN = r"^(buyer|seller|breeder|owner|organisation)$(?!\n)"
ZONE_PATTERN = r"^(UTC|[A-Z][A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){1,2})$(?!\n)"
CURRENCY_PATTERN = r"^[A-Z]{3}$(?!\n)"

Points = Annotated[int, msgspec.Meta(ge=0, le=MAX_POINTS)]
Sku = Annotated[str, msgspec.Meta(pattern=SKU_PATTERN)]
Category = Annotated[str, msgspec.Meta(pattern=CATEGORY_PATTERN)]
Kind = Annotated[str, msgspec.Meta(pattern=KIND_PATTERN)]
Short = Annotated[str, msgspec.Meta(max_length=500)]
Long = Annotated[str, msgspec.Meta(max_length=12_000)]
Form = Annotated[str, msgspec.Meta(max_length=40)]


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


class ItemPoints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Points for registering one bought item: by SKU, else by category, else the default."""

    default: Annotated[Points, msgspec.Meta(description="Points for any other item.")] = 0
    by_sku: Annotated[dict[Sku, Points], msgspec.Meta(max_length=500)] = {}
    """Points by article number."""
    by_category: Annotated[dict[Category, Points], msgspec.Meta(max_length=100)] = {}
    """Points by category, for items that `by_sku` does not name."""
    first_item_bonus: Annotated[
        Points, msgspec.Meta(description="Extra points for a member's first item, once.")
    ] = 0


class Earning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What earns points."""

    item_points: ItemPoints = ItemPoints()
    """Points for registering a bought item."""


class KindRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The rules for one kind of member."""

    joins: Annotated[
        Literal["active", "applied"],
        msgspec.Meta(description="`active`: at once; `applied`: after staff approved."),
    ]


class Program(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One club's rules: everything that the club decides and the platform does not."""

    id: Annotated[
        str, msgspec.Meta(pattern=PROGRAM_PATTERN, description="The club's own name in addresses.")
    ]
    version: Annotated[
        int,
        msgspec.Meta(
            ge=0, le=999_999, description="Set by publishing; what a draft says is ignored."
        ),
    ] = 0
    name: Texts
    """What the club is called."""
    zone: Annotated[
        str,
        msgspec.Meta(
            pattern=ZONE_PATTERN, description="IANA time zone of the club's days and months."
        ),
    ]
    currency: Annotated[
        str,
        msgspec.Meta(pattern=CURRENCY_PATTERN, description="ISO 4217 code of the club's money."),
    ]
    languages: Annotated[
        tuple[Language, ...],
        msgspec.Meta(
            min_length=1, max_length=len(LANGUAGES), description="The first is the main one."
        ),
    ]
    unit: Unit
    """What its points are called."""
    earning: Earning = Earning()
    """What earns points, and how many."""
    burn: BurnPolicy = Never()
    """When points burn."""
    approvals: Approvals = Approvals()
    """What staff cannot do alone."""
    kinds: Annotated[
        dict[Kind, KindRules],
        msgspec.Meta(min_length=1, description="The kinds of member that can join, and how."),
    ]
    rules_public: Annotated[
        bool,
        msgspec.Meta(description="Whether visitors see the terms; else only who has signed in."),
    ]
    rules: Annotated[LongTexts, msgspec.Meta(description="The terms that a member accepts.")]
    welcome: Annotated[Texts, msgspec.Meta(description="Greeting for a new member.")] = Texts()

    def unit_name(self, count: int, language: str) -> str:
        """The word for ``count`` points, e.g. 5 → «баллов»."""
        return self.unit.get(language).of(language, count)


class ProgramUnknown(NotFound):
    """No program of this name has a version in force at the instant asked for."""

    code = "program_unknown"


class VersionUnknown(NotFound):
    """The program has no such version, or it is not announced yet."""

    code = "version_unknown"


class RulesForMembers(Forbidden):
    """The program shows its terms to signed-in members only."""

    code = "rules_for_members"


class ProgramIdDiffers(Conflict):
    """The document names another program than the address."""

    code = "program_id_differs"


class DraftInvalid(Conflict):
    """The draft cannot be published as it stands; ``errors`` names everything wrong with it."""

    code = "draft_invalid"


class EffectiveOutOfRange(Conflict):
    """A version cannot come into force in the past, nor in a century that nobody plans for."""

    code = "effective_out_of_range"


class NoticeOutOfOrder(Conflict):
    """Members are told of a change before it is in force, and not in the past."""

    code = "notice_out_of_order"


class BaseVersionStale(Conflict):
    """Somebody published in between: the newest version is not the one the caller started from."""

    code = "base_version_stale"


Faults = tuple[FieldError, ...]


def points_for_item(program: Program, sku: str, category: str) -> int:
    """Points for one registered item, without the bonus for a first one."""
    rules = program.earning.item_points
    if sku in rules.by_sku:
        return rules.by_sku[sku]
    return rules.by_category.get(category, rules.default)


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
