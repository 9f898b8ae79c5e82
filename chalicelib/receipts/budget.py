"""Budgets of rules that all members share, parted into shards so that no item is everybody's.

Each shard may give its part of the budget and no more, by a condition on its own item: together
they can never give too much. A member draws on a shard of their own first; only when that has
nothing left are the others looked at. So the last points of a budget may stay unspent, never too
many be given.
"""

import hashlib

from chalicelib.earning.model import Judgement
from chalicelib.kernel.table.writes import Writes
from chalicelib.programs.rules_model import Rule
from chalicelib.receipts import store


class Budgets:
    """What one commit draws on budgets."""

    def __init__(self, program: str) -> None:
        """Nothing is read or drawn yet."""
        self._program = program
        self._given: dict[tuple[str, int], int] = {}
        """What shards had given when they were read, by rule and shard."""
        self._draws: dict[tuple[str, int], tuple[int, int]] = {}
        """Points drawn, and the most that the shard may give."""
        self._chosen: dict[str, int] = {}

    def room(self, rule: Rule, member: str) -> int:
        """Points that the shard still has which the member draws on."""
        most = rule.caps.program or 0
        shard = self._chosen.get(rule.id, own_shard(member, most))
        if self._left(rule.id, shard, most) <= 0:
            known = store.spent_of_budget(self._program, rule.id)
            for other in range(shards_of(most)):
                self._given.setdefault((rule.id, other), known.get(other, 0))
            shard = max(range(shards_of(most)), key=lambda one: self._left(rule.id, one, most))
        self._chosen[rule.id] = shard
        return max(0, self._left(rule.id, shard, most))

    def drawn(self, judgement: Judgement, budgeted: tuple[Rule, ...]) -> dict[str, int]:
        """The shard that each rule with a budget drew on."""
        gave = {award.rule for award in judgement.awards}
        return {rule.id: self._chosen[rule.id] for rule in budgeted if rule.id in gave}

    def draw(self, rule: Rule, shard: int, points: int) -> None:
        """Draw so many points; fewer than none go back."""
        if points:
            most = rule.caps.program or 0
            had, _ = self._draws.get((rule.id, shard), (0, 0))
            self._draws[rule.id, shard] = (had + points, part_of(most, shard))

    @property
    def draws(self) -> dict[tuple[str, int], tuple[int, int]]:
        """What is drawn so far, by rule and shard."""
        return {key: drawn for key, drawn in self._draws.items() if drawn[0]}

    def back_to(self, draws: dict[tuple[str, int], tuple[int, int]]) -> None:
        """Forget what was drawn since then."""
        self._draws = dict(draws)

    def writes(self) -> Writes:
        """The draws, each under the condition that its shard still has so much."""
        writes = Writes()
        for (rule, shard), (points, most) in sorted(self.draws.items()):
            writes += store.draw(self._program, rule, shard, points, most)
        return writes

    def _left(self, rule: str, shard: int, most: int) -> int:
        key = (rule, shard)
        if key not in self._given:
            self._given[key] = store.shard_of_budget(self._program, rule, shard)
        drawn = self._draws.get(key, (0, 0))[0]
        return part_of(most, shard) - self._given[key] - drawn


def shards_of(most: int) -> int:
    """How many shards a budget has: none gets less than a point."""
    return max(1, min(store.SHARDS, most))


def part_of(most: int, shard: int) -> int:
    """A shard's part of a budget; the parts add up to it."""
    count = shards_of(most)
    if shard >= count:
        return 0
    return most // count + (shard < most % count)


def own_shard(member: str, most: int) -> int:
    """The shard on which a member draws first."""
    digest = hashlib.sha256(member.encode()).digest()
    return int.from_bytes(digest[:4], "big") % shards_of(most)
