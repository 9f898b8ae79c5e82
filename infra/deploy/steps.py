"""The steps of a deployment. Each looks at what is there first, so that it may be repeated and
goes on where it was cut off.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from chalicelib.upgrades.steps import UPGRADES
from infra.deploy import changes, releases
from infra.deploy.changes import Change
from infra.deploy.package import Packaged
from infra.deploy.releases import Release
from infra.deploy.stack import Say, Stack
from infra.deploy.store import Store
from infra.deploy.target import Stop, Target
from infra.stack import wall

FOLLOWS = {"PublicUrl": "Domain", "WebAclArn": "the web firewall's stack", "Version": "the commit"}
"""Parameters that nobody sets, and what they follow."""


class Planned(msgspec.Struct, frozen=True):
    """What a stack would be made of, and what that would change."""

    name: str
    region: str
    template: dict[str, str]
    parameters: dict[str, str | None]
    changes: list[Change]


class Plan(msgspec.Struct, frozen=True):
    """A release that was looked at and not yet put in place."""

    release: Release
    stacks: list[Planned]
    role: str = ""


class Deployment:
    """The steps for one target."""

    def __init__(self, target: Target, say: Say) -> None:
        self.target = target
        self.store = Store(target)
        self.say = say

    @property
    def main(self) -> Stack:
        """The stage itself."""
        return self._stack(self.target.name, self.target.region)

    @property
    def wall(self) -> Stack:
        """The web firewall before it."""
        return self._stack(wall.name(self.target.stage), wall.REGION)

    def plan(
        self,
        packaged: Packaged,
        commit: str,
        at: datetime,
        *,
        given: Mapping[str, str],
        allowed: Iterable[str] = (),
        role: str = "",
    ) -> Plan:
        """Show what putting this in place would change, and remember it for :meth:`apply`.

        Raises:
            Stop: a parameter is wrong, or data would be lost that ``allowed`` does not name.
        """
        parameters = self._parameters(packaged.parameters, {**given, "Version": commit}, given)
        release = Release(
            release=releases.named(commit, at),
            stage=self.target.stage.name,
            commit=commit,
            at="",
            template=packaged.template,
            artefacts=packaged.artefacts,
            upgrades=len(UPGRADES),
        )
        return self._plan(release, parameters, allowed, role)

    def plan_back(self, to: Release, at: datetime, allowed: Iterable[str], role: str) -> Plan:
        """The same for a release that was in place before.

        Raises:
            Stop: it is no longer in the bucket, or data would be lost.
        """
        content = self.store.get(to.template)
        if content is None:
            raise Stop(f"The deployment bucket lacks the template of {to.release}.")
        names = frozenset(json.loads(content).get("Parameters", {}))
        parameters = self._parameters(names, to.parameters, {})
        release = msgspec.structs.replace(
            to, release=releases.named(to.commit, at), back_to=to.release
        )
        return self._plan(release, parameters, allowed, role)

    def apply(self, at: datetime) -> Release:
        """Put in place what was planned last, and nothing else.

        Raises:
            Stop: nothing is planned, the stage changed since, or CloudFormation failed.
        """
        content = self.store.get(self._place)
        if content is None:
            raise Stop("Nothing is planned: plan first.")
        plan = msgspec.json.decode(content, type=Plan)
        for planned in plan.stacks:
            self._carry_out(planned, plan.role)
        self._settle(plan)
        if self.target.stage.keeps_data:
            self.main.protect()
        release = msgspec.structs.replace(
            plan.release, at=f"{at:%Y-%m-%dT%H:%M:%SZ}", parameters=self.main.parameters()
        )
        known = self.releases()
        if known and not release.back_to:
            release = msgspec.structs.replace(release, sites=known[-1].sites)
        if known and known[-1].same(release):
            return known[-1]
        releases.write(self.store, release)
        return release

    def releases(self) -> list[Release]:
        """All releases, the oldest first."""
        return releases.every(self.store, self.target.stage.name)

    def _plan(
        self,
        release: Release,
        parameters: dict[str, str | None],
        allowed: Iterable[str],
        role: str,
    ) -> Plan:
        body = json.dumps(wall.template(self.target.stage), separators=(",", ":"))
        wanted: tuple[tuple[Stack, str, dict[str, str], dict[str, str | None]], ...] = (
            (self.wall, wall.REGION, {"TemplateBody": body}, {}),
            (
                self.main,
                self.target.region,
                {"TemplateURL": self.store.url(release.template)},
                parameters,
            ),
        )
        stacks = []
        for stack, region, template, values in wanted:
            stack.wait(self.say)
            proposed = stack.propose(template, values, role)
            found = proposed[1] if proposed else []
            stacks.append(Planned(stack.name, region, template, values, found))
            self._show(stack.name, region, found)
        lost = changes.lost((one for each in stacks for one in each.changes), allowed)
        if lost:
            names = ",".join(one.name for one in lost)
            raise Stop(
                "This would lose data: "
                + ", ".join(f"{one.what} {one.name} ({one.kind})" for one in lost)
                + f". If that is meant, say so: ALLOW={names}"
            )
        plan = Plan(release, stacks, role)
        self.store.put(self._place, msgspec.json.encode(plan))
        return plan

    def _show(self, name: str, region: str, found: list[Change]) -> None:
        self.say(f"{name} in {region}: {f'{len(found)} changes' if found else 'as it is'}")
        for line in changes.table(found):
            self.say(line)

    def _parameters(
        self, known: frozenset[str], wanted: Mapping[str, str], given: Mapping[str, str]
    ) -> dict[str, str | None]:
        """What is wanted; what is there and not mentioned stays, the rest has its default."""
        unknown = sorted(given.keys() - known)
        if unknown:
            names = ", ".join(sorted(known - FOLLOWS.keys()))
            raise Stop(f"The template has no parameter {', '.join(unknown)}. It has: {names}.")
        for name in sorted(given.keys() & FOLLOWS.keys()):
            raise Stop(f"{name} is not to be set: it follows {FOLLOWS[name]}.")
        there = self.main.parameters()
        stays: dict[str, str | None] = dict.fromkeys(there.keys() & known)
        values = {**stays, **{name: value for name, value in wanted.items() if name in known}}
        domain, certificate = (
            there.get(name, "") if values.get(name) is None else values[name]
            for name in ("Domain", "CertificateArn")
        )
        if bool(domain) != bool(certificate):
            raise Stop("An own domain needs both: SET='Domain=… CertificateArn=…'.")
        return values

    def _carry_out(self, planned: Planned, role: str) -> None:
        stack = self._stack(planned.name, planned.region)
        stack.wait(self.say)
        proposed = stack.propose(planned.template, planned.parameters, role)
        if proposed is None:
            self.say(f"{planned.name}: as planned already")
            return
        change_set, found = proposed
        more = [one for one in found if one not in planned.changes]
        if more:
            names = ", ".join(f"{one.what} {one.name}" for one in more)
            raise Stop(f"{planned.name} has changed since the plan ({names}): plan again.")
        self.say(f"{planned.name}: {len(found)} changes")
        stack.carry_out(change_set, self.say)

    def _settle(self, plan: Plan) -> None:
        """What is known only when it is there: the public address and the firewall's name, which
        the stage is told by a second change.
        """
        planned = plan.stacks[-1]
        there = self.main.parameters()
        known = {
            "PublicUrl": self.main.outputs().get("SiteUrl", ""),
            "WebAclArn": self.wall.outputs().get("WebAclArn", ""),
        }
        new = {
            key: value for key, value in known.items() if value and there.get(key, value) != value
        }
        if not new:
            return
        told = ", ".join(f"{key}={value}" for key, value in new.items())
        self.say(f"{planned.name} is told {told}")
        values: dict[str, str | None] = {**dict.fromkeys(there), **new}
        proposed = self.main.propose(planned.template, values, plan.role)
        if proposed:
            self.main.carry_out(proposed[0], self.say)

    def _stack(self, name: str, region: str) -> Stack:
        return Stack(self.target, name, region)

    @property
    def _place(self) -> str:
        return f"plans/{self.target.stage.name}.json"


def now() -> datetime:
    """The machine's time."""
    return datetime.now(UTC)
