"""The items of the catalogue and of pick-up points.

A reward is three items: what lists need, its long text, and its stock, which orders contend for
alone. All rewards of a program stand in one partition, so that a member's list is two queries.
"""

from collections.abc import Iterator

import msgspec
from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel.table import keys
from chalicelib.kernel.table.items import IntAttribute, Item, PackedAttribute
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.model import LongTexts
from chalicelib.rewards.model import MAX_REWARDS, Reward, RewardDetails, State
from chalicelib.rewards.opening import MAX_POINTS, PointDetails

SIZE = "SIZE"


class RewardItem(Item):
    """One reward without its long text."""

    details: PackedAttribute[RewardDetails] = PackedAttribute(RewardDetails)
    state = UnicodeAttribute()
    revision = IntAttribute()
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()

    def value(self) -> Reward:
        """The reward as a value."""
        return Reward(
            program=str(self.pk).partition("#")[0],
            reward=str(self.sk).removeprefix("REWARD#"),
            revision=self.revision,
            details=self.details,
            state=msgspec.convert(self.state, State),
            changed_at=self.changed_at,
            changed_by=self.changed_by,
        )


class AboutItem(Item):
    """The long text of a reward."""

    about: PackedAttribute[LongTexts] = PackedAttribute(LongTexts)


class SizeItem(Item):
    """How many rewards and pick-up points a program has; contended when one is added, only."""

    rewards = IntAttribute(default=0)
    points = IntAttribute(default=0)


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A place where rewards are handed out."""

    program: str
    point: str
    details: PointDetails
    uses: int
    """How many rewards name it."""
    orders: int
    """How many open orders are to be collected there."""
    changed_at: str


class PointItem(Item):
    """One pick-up point."""

    details: PackedAttribute[PointDetails] = PackedAttribute(PointDetails)
    uses = IntAttribute(default=0)
    orders = IntAttribute(default=0)
    changed_at = UnicodeAttribute()
    changed_by = UnicodeAttribute()

    def value(self) -> Point:
        """The point as a value."""
        return Point(
            program=str(self.pk).partition("#")[0],
            point=str(self.sk).removeprefix("POINT#"),
            details=self.details,
            uses=self.uses,
            orders=self.orders,
            changed_at=self.changed_at,
        )


# -- rewards ---------------------------------------------------------------------


def reward(program: str, reward_id: str, *, strong: bool = False) -> Reward | None:
    """One reward without its long text, or nothing: 0.5 read units, 1 when ``strong``."""
    found = RewardItem.find(keys.rewards(program), _reward_key(reward_id), strong=strong)
    return found.value() if found else None


def about(program: str, reward_id: str, *, strong: bool = False) -> LongTexts:
    """The long text of a reward: 0.5 read units per 4 KB, 1 when ``strong``."""
    found = AboutItem.find(keys.rewards(program), _about_key(reward_id), strong=strong)
    return found.about if found else LongTexts()


def whole(program: str, reward_id: str) -> Reward | None:
    """One reward with its long text. Strong reads."""
    found = reward(program, reward_id, strong=True)
    if found is None:
        return None
    text = about(program, reward_id, strong=True)
    return msgspec.structs.replace(
        found, details=msgspec.structs.replace(found.details, about=text)
    )


def rewards(program: str) -> Iterator[Reward]:
    """All rewards of a program by id, without their long texts; 0.5 units per 4 KB of them."""
    return (one.value() for one in RewardItem.below(keys.rewards(program), "REWARD#"))


def size(program: str) -> SizeItem | None:
    """How many rewards and points a program has. A strong read."""
    return SizeItem.find(keys.rewards(program), SIZE, strong=True)


def put_reward(changed: Reward, before: Reward | None) -> Writes:
    """Add a reward, or replace it as it was read, with its long text."""
    pk = keys.rewards(changed.program)
    short = msgspec.structs.replace(changed.details, about=LongTexts())
    item = RewardItem(
        pk,
        _reward_key(changed.reward),
        details=short,
        state=changed.state,
        revision=changed.revision,
        changed_at=changed.changed_at,
        changed_by=changed.changed_by,
    )
    writes = Writes()
    if before is None:
        writes.put_new(item)
        writes += _counted(changed.program, SizeItem.rewards, MAX_REWARDS)
    else:
        writes.put(item, RewardItem.revision == before.revision)
    text = AboutItem(pk, _about_key(changed.reward), about=changed.details.about)
    return writes.put(text, None)  # its reward's condition holds for both


def unchanged(reward: Reward) -> Writes:
    """Let everything depend on a reward that is still as it was read."""
    item = RewardItem(keys.rewards(reward.program), _reward_key(reward.reward))
    return Writes().check(item, RewardItem.revision == reward.revision)


def turned(changed: Reward, before: Reward) -> Writes:
    """A reward in another state, as it was read."""
    item = RewardItem(keys.rewards(changed.program), _reward_key(changed.reward))
    actions = [
        RewardItem.state.set(changed.state),
        RewardItem.revision.set(changed.revision),
        RewardItem.changed_at.set(changed.changed_at),
        RewardItem.changed_by.set(changed.changed_by),
    ]
    return Writes().update(item, actions, RewardItem.revision == before.revision)


# -- pick-up points --------------------------------------------------------------


def point(program: str, point_id: str, *, strong: bool = False) -> Point | None:
    """One pick-up point or nothing: 0.5 read units, 1 when ``strong``."""
    found = PointItem.find(keys.pickup(program), _point_key(point_id), strong=strong)
    return found.value() if found else None


def points(program: str) -> list[Point]:
    """All pick-up points of a program by id, at most :data:`MAX_POINTS`."""
    return [one.value() for one in point_items(program)]


def point_items(
    program: str, after: str | None = None, limit: int | None = None
) -> Iterator[PointItem]:
    """The same as stored, beyond the sort key ``after``."""
    return PointItem.below(keys.pickup(program), "POINT#", after=after, limit=limit)


def put_point(
    program: str,
    point_id: str,
    details: PointDetails,
    before: Point | None,
    changed_by: str,
    at: str,
) -> Writes:
    """Add a pick-up point, or change it as it was read; the same again writes nothing."""
    if before is not None and before.details == details:
        return Writes()
    item = PointItem(keys.pickup(program), _point_key(point_id))
    if before is not None:
        actions = [
            PointItem.details.set(details),
            PointItem.changed_at.set(at),
            PointItem.changed_by.set(changed_by),
        ]
        return Writes().update(item, actions, PointItem.changed_at == before.changed_at)
    item.details, item.changed_at, item.changed_by = details, at, changed_by
    writes = Writes().put_new(item)
    writes += _counted(program, SizeItem.points, MAX_POINTS)
    return writes


def point_gone(before: Point) -> Writes:
    """Delete a pick-up point that no reward names and no open order goes to."""
    item = PointItem(keys.pickup(before.program), _point_key(before.point))
    writes = Writes().delete(item, (PointItem.uses == 0) & (PointItem.orders == 0))
    one_less = SizeItem(keys.rewards(before.program), SIZE)
    return writes.update(one_less, [SizeItem.points.add(-1)], SizeItem.points > 0)


def point_used(program: str, point_id: str, change: int) -> Writes:
    """One reward more (+1) or less (-1) names a pick-up point, which must exist."""
    item = PointItem(keys.pickup(program), _point_key(point_id))
    return Writes().update(item, [PointItem.uses.add(change)], PointItem.changed_at.exists())


def point_awaits(program: str, point_id: str, change: int) -> Writes:
    """One open order more (+1) or less (-1) is to be collected at a point, which must exist."""
    item = PointItem(keys.pickup(program), _point_key(point_id))
    known = PointItem.changed_at.exists()
    enough = known if change > 0 else known & (PointItem.orders > 0)
    return Writes().update(item, [PointItem.orders.add(change)], enough)


def _counted(program: str, field: IntAttribute, most: int) -> Writes:
    item = SizeItem(keys.rewards(program), SIZE)
    return Writes().update(item, [field.add(1)], field.does_not_exist() | (field < most))


def _reward_key(reward_id: str) -> str:
    return f"REWARD#{reward_id}"


def _about_key(reward_id: str) -> str:
    return f"ABOUT#{reward_id}"


def _point_key(point_id: str) -> str:
    return f"POINT#{point_id}"
