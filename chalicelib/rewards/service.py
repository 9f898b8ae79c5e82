"""Use cases of staff with the catalogue: write, publish and archive rewards, and list them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.files import service as files
from chalicelib.files.errors import FileNotReady, FileUnknown, WrongFilePurpose
from chalicelib.kernel.clock import local_date, render
from chalicelib.kernel.errors import FieldError, InvalidFields, NotFound
from chalicelib.kernel.table import audit
from chalicelib.kernel.table.writes import Writes, transact
from chalicelib.programs.model import LongTexts
from chalicelib.programs.service import in_force
from chalicelib.rewards import checks, store, store_stock
from chalicelib.rewards.errors import (
    RewardIncomplete,
    RewardNotPublished,
    RewardRevisionStale,
    RewardUnknown,
    TooManyRewards,
)
from chalicelib.rewards.model import (
    MAX_REWARDS,
    SLUG_PATTERN,
    Reward,
    RewardDetails,
    State,
    Stock,
    is_low,
)

_SLUG = re.compile(SLUG_PATTERN)


@dataclass(frozen=True, slots=True)
class Order:
    """Somebody's order about one reward: which, who, why, when."""

    program: str
    reward: str
    actor: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A reward with its stock."""

    reward: Reward
    stock: Stock

    @property
    def is_low(self) -> bool:
        """Whether its stock is at its threshold or below."""
        return is_low(self.reward.details, self.stock.left)


def write(order: Order, details: RewardDetails, revision: int) -> Listed:
    """Add a reward under an id of staff's choice (``revision`` 0), or change it as it was at
    ``revision``. The same content again changes nothing.

    Raises:
        ProgramUnknown: no version of the program is in force.
        NotFound: no reward can have such an id.
        RewardRevisionStale, TooManyRewards, InvalidFields.
    """
    refuse_malformed(order.reward)
    program = in_force(order.program, order.at)
    today = local_date(order.at, program.zone)

    def decide(_: bool) -> tuple[Writes, Reward]:
        before = store.whole(order.program, order.reward)
        if before is not None and before.details == details:
            return Writes(), before
        if revision != (before.revision if before else 0):
            raise RewardRevisionStale(revision=before.revision if before else 0)
        pieces = store_stock.stock(order.program, order.reward, strong=True)
        settled = before is not None and (
            before.state != "draft" or bool(pieces and pieces.journal)
        )
        faults = (
            *checks.reward_faults(program, details, today),
            *(checks.fixed_faults(before, details) if before and settled else ()),
            *_unusable(order.program, details, before),
        )
        if faults:
            raise InvalidFields(fields=faults)
        if before is None:
            _refuse_full(order.program)
        changed = Reward(
            program=order.program,
            reward=order.reward,
            revision=revision + 1,
            details=details,
            state=before.state if before else "draft",
            changed_at=render(order.at),
            changed_by=order.actor,
        )
        writes = store.put_reward(changed, before)
        writes += _stock(changed, before, settled=settled)
        if before and pieces and settled:
            writes += _made_low(order, changed, before, pieces)
        writes += _uses(changed, before)
        told = _told(before.details if before else None, details)
        name = "reward.changed" if before else "reward.added"
        return noted(writes, order, name, *told), changed

    return _listed(transact(decide))


def publish(order: Order) -> Listed:
    """Show a draft or an archived reward to members; one that is shown already stays so.

    Raises:
        RewardUnknown.
        RewardIncomplete: the program's languages or kinds of member have changed, or the last day
            of its coupon is over.
    """
    program = in_force(order.program, order.at)
    today = local_date(order.at, program.zone)

    def refuse(before: Reward) -> None:
        faults = checks.reward_faults(program, before.details, today)
        if faults:
            raise RewardIncomplete(fields=faults)

    return _turn(order, "published", refuse)


def archive(order: Order) -> Listed:
    """Take a published reward out of the catalogue; one that is out already stays so.

    Raises:
        RewardUnknown, RewardNotPublished.
    """

    def refuse(before: Reward) -> None:
        if before.state == "draft":
            raise RewardNotPublished

    return _turn(order, "archived", refuse)


def read(program: str, reward: str) -> Listed:
    """A reward with its long text and stock; raises RewardUnknown."""
    found = store.whole(program, reward)
    if found is None:
        raise RewardUnknown
    return _listed(found)


def catalogue(program: str) -> Iterator[Listed]:
    """All rewards of a program by id with their stock, without their long texts."""
    stocks = store_stock.stocks(program)
    for reward in store.rewards(program):
        yield Listed(reward, stocks.get(reward.reward, Stock(left=0, journal=0)))


def refuse_malformed(slug: str) -> None:
    """Refuse what can be no id of a reward or a pick-up point; raises NotFound."""
    if not _SLUG.search(slug):
        raise NotFound


def _turn(order: Order, state: State, refuse: Callable[[Reward], None]) -> Listed:
    def decide(_: bool) -> tuple[Writes, Reward]:
        before = store.whole(order.program, order.reward)
        if before is None:
            raise RewardUnknown
        if before.state == state:
            return Writes(), before
        refuse(before)
        changed = msgspec.structs.replace(
            before,
            state=state,
            revision=before.revision + 1,
            changed_at=render(order.at),
            changed_by=order.actor,
        )
        told = {"state": before.state}, {"state": state}
        return noted(store.turned(changed, before), order, f"reward.{state}", *told), changed

    return _listed(transact(decide))


def _listed(reward: Reward) -> Listed:
    found = store_stock.stock(reward.program, reward.reward, strong=True)
    return Listed(reward, found or Stock(left=0, journal=0))


def _refuse_full(program: str) -> None:
    size = store.size(program)
    if size is not None and size.rewards >= MAX_REWARDS:
        raise TooManyRewards(limit=MAX_REWARDS)


def _stock(changed: Reward, before: Reward | None, *, settled: bool) -> Writes:
    if before is None:
        return store_stock.opened(changed.program, changed.reward)
    if not settled and checks.fixed_faults(before, changed.details):
        return store_stock.untouched(changed)
    return Writes()


def _made_low(order: Order, changed: Reward, before: Reward, pieces: Stock) -> Writes:
    """Tell staff of a stock that a change of the reward, not of the stock, makes low."""
    left = pieces.left
    if is_low(before.details, left) or not is_low(changed.details, left):
        return Writes()
    line = store_stock.Noted(
        at=render(order.at),
        kind="threshold",
        actor=order.actor,
        change=0,
        before=left,
        after=left,
    )
    return store_stock.corrected(changed, pieces, line)


def _uses(changed: Reward, before: Reward | None) -> Writes:
    """What a reward newly shows or names must be there; what it no longer does becomes free."""
    writes, program = Writes(), changed.program
    for file, change in _turnover(changed, before, "images"):
        writes += files.used(program, file, change)
    for point, change in _turnover(changed, before, "points_of_pickup"):
        writes += store.point_used(program, point, change)
    return writes


def _turnover(changed: Reward, before: Reward | None, name: str) -> Iterator[tuple[str, int]]:
    new: tuple[str, ...] = getattr(changed.details, name)
    old: tuple[str, ...] = getattr(before.details, name) if before else ()
    yield from ((one, 1) for one in new if one not in old)
    yield from ((one, -1) for one in old if one not in new)


def _unusable(program: str, details: RewardDetails, before: Reward | None) -> Iterator[FieldError]:
    images = before.details.images if before else ()
    for number, file in enumerate(details.images):
        if file not in images and (code := _image_fault(program, file)):
            yield FieldError(f"/images/{number}", code)
    named = before.details.points_of_pickup if before else ()
    for number, point in enumerate(details.points_of_pickup):
        if point not in named and store.point(program, point, strong=True) is None:
            yield FieldError(f"/points_of_pickup/{number}", "point_unknown")


def _image_fault(program: str, file: str) -> str | None:
    try:
        files.require_ready(program, file, "reward-image")
    except (FileUnknown, FileNotReady, WrongFilePurpose) as refusal:
        return refusal.code
    return None


def _told(before: RewardDetails | None, after: RewardDetails) -> tuple[audit.Facts, audit.Facts]:
    """The fields that differ, as they were and as they are."""
    return audit.changed(_fields(before) if before else {}, _fields(after))


def _fields(details: RewardDetails) -> dict[str, Any]:
    """A reward's fields; of the long text only how many letters it has in each language."""
    short = msgspec.structs.replace(details, about=LongTexts())
    found: dict[str, Any] = msgspec.to_builtins(short)
    texts: dict[str, str] = msgspec.to_builtins(details.about)
    return {**found, "about": {language: len(text) for language, text in texts.items()}}


def noted(
    writes: Writes, order: Order, action: str, before: audit.Facts, after: audit.Facts
) -> Writes:
    """Let ``writes`` leave an audit record of what was done to a reward."""
    act = audit.Act(
        program=order.program,
        actor=order.actor,
        action=action,
        subject=f"reward:{order.reward}",
        at=order.at,
        before=before,
        after=after,
        reason=order.reason,
    )
    return audit.note(writes, act)
