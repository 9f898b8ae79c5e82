"""What a member sees of the catalogue: what they can afford, and what they are short of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.kernel.clock import local_date
from chalicelib.kernel.http.call import MemberCaller
from chalicelib.ledger import service as ledger
from chalicelib.programs.model import Program
from chalicelib.programs.service import in_force
from chalicelib.rewards import model, store, store_orders, store_stock
from chalicelib.rewards.errors import CatalogueForMembers, RewardUnknown
from chalicelib.rewards.model import Obstacle, Reward, RewardKind, Stock
from chalicelib.rewards.store import Point


@dataclass(frozen=True, slots=True)
class Search:
    """What of the catalogue a member wants to see."""

    kind: RewardKind | None = None
    affordable: bool = False
    words: str = ""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward as one member meets it."""

    reward: Reward
    stock: Stock | None
    missing: int
    """Points that the member still needs; 0: they are enough."""
    taken: int
    """Pieces that the member has, or has ordered."""

    @property
    def obstacle(self) -> Obstacle | None:
        """Why the member cannot have it, whatever their points; None: they can."""
        return model.obstacle(self.reward.details, self.stock, self.taken)

    @property
    def affordable(self) -> bool:
        """Whether the member can order it now."""
        return not self.missing and self.obstacle is None

    @property
    def key(self) -> str:
        """Its place in lists."""
        return model.list_key(self.reward, self.obstacle)


@dataclass(frozen=True, slots=True)
class Offered:
    """One offer with all that belongs to it."""

    offer: Offer
    points: list[Point]
    """Where it is handed out; nothing where it is not picked up."""
    zone: str
    """IANA zone of their opening hours."""


def offers(caller: MemberCaller, search: Search, at: datetime) -> Iterator[Offer]:
    """The rewards that a member sees and looks for, in no order.

    Raises:
        ProgramUnknown, CatalogueForMembers, AccountUnknown.
    """
    program = _entered(caller, at)
    available = _available(caller, program, at)
    stocks = store_stock.stocks(caller.program)
    taken = store_orders.all_taken(caller.program, caller.member)
    for reward in store.rewards(caller.program):
        missing = model.missing_points(reward.details.price, available)
        one = Offer(reward, stocks.get(reward.reward), missing, taken.get(reward.reward, 0))
        if model.visible(reward, caller.kind, at) and _wanted(one, search):
            yield one


def offer(caller: MemberCaller, reward_id: str, at: datetime) -> Offered:
    """One reward that the member sees, with its long text and its pick-up points.

    Raises:
        ProgramUnknown, CatalogueForMembers, AccountUnknown.
        RewardUnknown: there is none, or not for this member.
    """
    program = _entered(caller, at)
    reward = store.whole(caller.program, reward_id)
    if reward is None or not model.visible(reward, caller.kind, at):
        raise RewardUnknown
    missing = model.missing_points(reward.details.price, _available(caller, program, at))
    stock = store_stock.stock(caller.program, reward_id)
    limited = reward.details.per_member is not None
    taken = store_orders.taken(caller.program, caller.member, reward_id) if limited else 0
    return Offered(Offer(reward, stock, missing, taken), _points(reward), program.zone)


def goal(caller: MemberCaller, at: datetime) -> Offer | None:
    """The reward that the member comes to afford next: of those that they can have, the one with
    the fewest points missing.

    Raises:
        As :func:`offers`.
    """
    short = (one for one in offers(caller, Search(), at) if one.missing > 0)
    there = (one for one in short if one.obstacle is None)
    return min(there, key=lambda one: one.key, default=None)


def zone_of(caller: MemberCaller, at: datetime) -> str:
    """The zone of the pick-up points' hours, for a member who may see them.

    Raises:
        ProgramUnknown, CatalogueForMembers.
    """
    return _entered(caller, at).zone


def _entered(caller: MemberCaller, at: datetime) -> Program:
    program = in_force(caller.program, at)
    # AL-1: a club that keeps its terms to itself shows no catalogue to those who only applied.
    if caller.status != "active" and not program.rules_public:
        raise CatalogueForMembers
    return program


def _available(caller: MemberCaller, program: Program, at: datetime) -> int:
    account = ledger.account(caller.program, caller.member)
    return 0 if account.debt else account.available(local_date(at, program.zone))


def _wanted(one: Offer, search: Search) -> bool:
    details = one.reward.details
    if search.kind is not None and details.kind != search.kind:
        return False
    if search.affordable and not one.affordable:
        return False
    return model.found_by(details.name.get(search.language), search.words)


def _points(reward: Reward) -> list[Point]:
    details = reward.details
    if "pickup" not in details.delivery:
        return []
    named = details.points_of_pickup
    return [one for one in store.points(reward.program) if not named or one.point in named]
