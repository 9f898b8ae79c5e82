"""The program document: what a club decides, as one frozen value, and the pure rules over it.

These types *are* the document's schema (``docs/program.schema.json`` is generated from them). What
types cannot say, :mod:`chalicelib.programs.checks` does.
"""

from typing import Annotated, Literal

import msgspec

from chalicelib.kernel.errors import Conflict, FieldError, Forbidden, NotFound
from chalicelib.kernel.texts import LANGUAGES, Language
from chalicelib.programs.approvals import Approvals
from chalicelib.programs.birthdays import Birthdays
from chalicelib.programs.burning import (
    After,
    BurnPolicy,
    EndOf,
    Fixed,
    Inactive,
    Never,
    burn_date,
)
from chalicelib.programs.claims import Claims
from chalicelib.programs.gates import Gate
from chalicelib.programs.groups import GroupTerms
from chalicelib.programs.memberships import Plan
from chalicelib.programs.profiles import ProfilePolicy
from chalicelib.programs.purchases import Purchases
from chalicelib.programs.rules_model import Ceiling, Counter, Rule
from chalicelib.programs.terms import TermsPolicy
from chalicelib.programs.tiers import Tiers
from chalicelib.programs.values import (
    CATEGORY_PATTERN,
    CURRENCY_PATTERN,
    KIND_PATTERN,
    MAX_POINTS,
    PROGRAM_PATTERN,
    SKU_PATTERN,
    ZONE_PATTERN,
    Category,
    Forms,
    Kind,
    LongTexts,
    Points,
    Sku,
    Slug,
    Texts,
    Unit,
    plural,
)

__all__ = [
    "CATEGORY_PATTERN",
    "CURRENCY_PATTERN",
    "KIND_PATTERN",
    "MAX_POINTS",
    "PROGRAM_PATTERN",
    "SKU_PATTERN",
    "ZONE_PATTERN",
    "After",
    "BurnPolicy",
    "Category",
    "EndOf",
    "Fixed",
    "Forms",
    "Inactive",
    "Kind",
    "LongTexts",
    "Never",
    "Points",
    "Program",
    "Sku",
    "Texts",
    "Unit",
    "burn_date",
    "plural",
    "points_for_item",
]


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
    rules: Annotated[tuple[Rule, ...], msgspec.Meta(max_length=1000)] = ()
    """Earning rules; see docs/programs.md."""
    counters: Annotated[dict[Slug, Counter], msgspec.Meta(max_length=50)] = {}
    """What is counted of each member's purchases for the rules, by name."""
    ceiling: Ceiling | None = None
    """Most that one receipt can earn by all rules together; null: no limit."""

    def rewards(self, trigger: str) -> bool:
        """Whether a rule has the trigger."""
        return any(rule.trigger == trigger for rule in self.rules)


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
    purchases: Purchases = Purchases()
    """How receipts are taken, paid with points and returned."""
    burn: BurnPolicy = Never()
    """When points burn."""
    tiers: Tiers | None = None
    """The levels of its members; null: it has none of its own."""
    birthdays: Birthdays = Birthdays()
    """Birthdays, which the platform sees by itself."""
    profile: ProfilePolicy = ProfilePolicy()
    """What members are asked to tell of themselves."""
    claims: Claims = Claims()
    """How long sellers and buyers have to tell of the same item."""
    charities: Annotated[dict[Slug, Texts], msgspec.Meta(max_length=50)] = {}
    """To whom members can give points: what each is called, by its id."""
    groups: Annotated[dict[Slug, GroupTerms], msgspec.Meta(max_length=20)] = {}
    """Verified groups that members can apply for, by the name that rules ask for."""
    memberships: Annotated[dict[Slug, Plan], msgspec.Meta(max_length=10)] = {}
    """Memberships that can be paid for, by the group that each makes a member of."""
    gates: Annotated[dict[Slug, Gate], msgspec.Meta(max_length=10)] = {}
    """What is open to members only while they buy enough each month, by a name of each."""
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
    terms: TermsPolicy = TermsPolicy()
    """How a change of them comes to members."""
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


class OwnDraft(Conflict):
    """The draft gives one person more freedom: not who set it so may publish it."""

    code = "own_draft"


class EffectiveOutOfRange(Conflict):
    """A version cannot come into force in the past, nor in a century that nobody plans for."""

    code = "effective_out_of_range"


class NoticeOutOfOrder(Conflict):
    """Members are told of a change before it is in force, and not in the past."""

    code = "notice_out_of_order"


class OvertakesUnannounced(Conflict):
    """The version would come before, and for ever instead of, one that nobody was told of yet:
    that one has to be withdrawn first.
    """

    code = "overtakes_unannounced"


class VersionInForce(Conflict):
    """A version in force, or about to be, cannot be withdrawn: a newer one takes over from it."""

    code = "version_in_force"


class WithdrawalLoosens(Conflict):
    """Without this version one person could change more points than with it."""

    code = "withdrawal_loosens"


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
