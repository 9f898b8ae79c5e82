"""The command: ``python -m infra.deploy plan|apply|migrate|sites|smoke|deploy|rollback|releases``.

``make deploy STAGE=…`` is all of them in their order. Nothing is changed before somebody said yes;
for prod that has to be said beforehand (``YES=1``).
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
from botocore.exceptions import ClientError

from infra.deploy import package, releases, smoke, static
from infra.deploy.migrate import begun, migrate
from infra.deploy.releases import Release
from infra.deploy.steps import Deployment, now
from infra.deploy.target import Stop, Target, code_of
from infra.stack.stage import ROOT, stage, stages

CAREFUL = "prod"
"""The stage for which yes has to be said beforehand."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status; a sentence when something cannot be done."""
    given = _reader().parse_args(arguments)
    try:
        if given.command == "smoke" and given.url:
            return _told(smoke.look(_get(given.url), https=given.url.startswith("https")))
        if not given.stage:
            raise Stop(f"Say which stage: {', '.join(stages())}.")
        work = Deployment(Target.of(stage(given.stage)), print)
        return int(COMMANDS[given.command](work, given))
    except Stop as stop:
        print(stop, file=sys.stderr)
    except ClientError as refused:
        said = refused.response["Error"].get("Message", "")
        print(f"AWS refused {refused.operation_name}: {code_of(refused)} {said}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. What AWS has begun goes on; the same command takes it up.", file=sys.stderr)
    return 1


def _reader() -> argparse.ArgumentParser:
    reader = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    reader.add_argument("command", choices=sorted(COMMANDS))
    reader.add_argument("stage", nargs="?", choices=sorted(stages()))
    reader.add_argument("--yes", action="store_true", help="do it without asking")
    reader.add_argument("--set", default="", help="parameters: 'Name=value Name=value'")
    reader.add_argument("--allow", default="", help="resources with data that may be lost")
    reader.add_argument("--role", default="", help="ARN of CloudFormation's own role")
    reader.add_argument("--package", type=Path, help="a folder that was packaged already")
    reader.add_argument("--web", type=Path, default=ROOT / "web", help="where the sites are built")
    reader.add_argument("--url", default="", help="smoke: look at this address instead")
    reader.add_argument("--to", default="", help="rollback: the release, instead of the one before")
    return reader


def _plan(work: Deployment, given: argparse.Namespace) -> int:
    folder = given.package
    work.store.ensure()
    if folder is None:
        folder = ROOT / ".local" / "package" / given.stage
        print(f"Packaging {given.stage} …", flush=True)
        package.build(given.stage, folder)
    commit = package.commit()
    if given.stage == CAREFUL and commit.endswith(package.CHANGED):
        raise Stop("The work tree has changes that are in no commit: prod takes commits alone.")
    packaged = package.upload(work.store, folder)
    work.plan(
        packaged,
        commit,
        now(),
        given=_pairs(given.set),
        allowed=_names(given.allow),
        role=given.role,
    )
    return 0


def _apply(work: Deployment, given: argparse.Namespace) -> int:
    release = work.apply(now())
    print(f"Release {release.release} is in place.")
    return 0


def _migrate(work: Deployment, given: argparse.Namespace) -> int:
    name = work.main.outputs().get("MigrateName")
    if not name:
        print("The stack has no function that upgrades the data: nothing to do.")
        return 0
    migrate(work.target, name, print)
    return 0


def _sites(work: Deployment, given: argparse.Namespace) -> int:
    known = work.releases()
    if not known:
        raise Stop("The stage is not in place yet: apply it first.")
    found = work.main.outputs()
    up = dict(known[-1].sites)
    for site in static.SITES:
        folder = given.web / site.name / "dist"
        files = static.read(folder)
        if files is None:
            print(f"  {site.name}: {folder} is not there, so this site stays as it is.")
            continue
        up[site.name] = static.keep(work.store, files)
        static.put_up(work.target, work.store, site, up[site.name], found, print)
    if up != known[-1].sites:
        releases.write(work.store, msgspec.structs.replace(known[-1], sites=up))
    return 0


def _smoke(work: Deployment, given: argparse.Namespace) -> int:
    found, values, known = work.main.outputs(), work.main.parameters(), work.releases()
    url = found.get("SiteUrl") or found.get("ApiUrl")
    if not url:
        raise Stop("The stage is not in place yet: apply it first.")
    up = known[-1].sites if known else {}
    edge = "SiteUrl" in found
    pages = [f"/{site.prefix}" for site in static.SITES if site.name in up] if edge else []
    get = _get(url)
    seen = smoke.look(
        get, stage=given.stage, version=values.get("Version", ""), https=edge, pages=pages
    )
    if edge and "ApiUrl" in found:
        seen.append(smoke.bypass(smoke.getter(found["ApiUrl"])))
    return _told(seen)


def _deploy(work: Deployment, given: argparse.Namespace) -> int:
    _plan(work, given)
    if not _agreed(given):
        return 0
    for step in (_apply, _migrate, _sites, _smoke):
        print(f"-- {step.__name__[1:]}", flush=True)
        if step(work, given):
            return 1
    return 0


def _rollback(work: Deployment, given: argparse.Namespace) -> int:
    to = releases.before(work.releases(), given.to)
    _refuse_too_old(work, to)
    print(f"Back to {to.release}. The data stay as they are: their upgrades have no way back.")
    work.plan_back(to, now(), _names(given.allow), given.role)
    if not _agreed(given):
        return 0
    _apply(work, given)
    found = work.main.outputs()
    for site in static.SITES:
        if site.name in to.sites:
            static.put_up(work.target, work.store, site, to.sites[site.name], found, print)
    return _smoke(work, given)


def _refuse_too_old(work: Deployment, to: Release) -> None:
    """Code that does not know an upgrade of the data closes itself: going back to it would close
    the stage. A broken release may be unable to say how the data stand; that never keeps it here.
    """
    function = work.main.outputs().get("MigrateName")
    if not function:
        return
    try:
        stored = begun(work.target, function)
    except (Stop, ClientError) as fault:
        print(f"How the data stand cannot be asked ({fault}).")
        return
    if to.upgrades is None and stored:
        print(f"Whether {to.release} knows upgrade {stored} of the data is not on record.")
    elif to.upgrades is not None and stored > to.upgrades:
        raise Stop(
            f"The data have met upgrade {stored}, and {to.release} knows only {to.upgrades}: its "
            "code would refuse to work (503). Go forward with a mended release instead."
        )


def _releases(work: Deployment, given: argparse.Namespace) -> int:
    known = work.releases()
    for number, each in enumerate(known, start=1):
        print(_line(each, here=number == len(known)))
    if not known:
        print("Nothing was released yet.")
    return 0


COMMANDS = {
    "apply": _apply,
    "deploy": _deploy,
    "migrate": _migrate,
    "plan": _plan,
    "releases": _releases,
    "rollback": _rollback,
    "sites": _sites,
    "smoke": _smoke,
}


def _line(release: Release, *, here: bool) -> str:
    sites = ", ".join(sorted(release.sites)) or "no sites"
    back = f"  (back to {release.back_to})" if release.back_to else ""
    return f"{'*' if here else ' '} {release.release}  {release.at}  {sites}{back}"


def _get(url: str) -> smoke.Get:
    get = smoke.getter(url)
    smoke.wait(get)
    return get


def _told(checks: list[smoke.Check]) -> int:
    for check in checks:
        print(f"  {'wrong' if check.wrong else 'good':<6} {check.what}  {check.wrong}".rstrip())
    wrong = sum(1 for check in checks if check.wrong)
    print(f"{wrong} of {len(checks)} checks failed." if wrong else "All is well.")
    return 1 if wrong else 0


def _agreed(given: argparse.Namespace) -> bool:
    if given.yes:
        return True
    if given.stage == CAREFUL or not sys.stdin.isatty():
        print("Nothing was changed. YES=1 carries this out.")
        return False
    return input("Carry this out? [y/N] ").strip().lower() in ("y", "yes")


def _pairs(text: str) -> dict[str, str]:
    pairs = [each.partition("=") for each in text.split()]
    wrong = [name for name, sign, _ in pairs if not sign]
    if wrong:
        raise Stop(f"Not a parameter with its value: {', '.join(wrong)}. Write Name=value.")
    return {name: value for name, _, value in pairs}


def _names(text: str) -> list[str]:
    return [name for name in text.replace(",", " ").split() if name]


if __name__ == "__main__":
    sys.exit(main())
