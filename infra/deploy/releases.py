"""What was deployed when, and how to get it again: a record per release in the deployment
bucket, which nothing deletes.
"""

from datetime import UTC, datetime

import msgspec

from infra.deploy.store import Store
from infra.deploy.target import Stop


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """One state of a stage."""

    release: str
    """Its name: when and of what it was made, so that names sort by time."""
    stage: str
    commit: str
    at: str
    """When it was put in place, RFC 3339."""
    template: str
    """Key of the template in the deployment bucket."""
    artefacts: dict[str, str]
    """Keys of the zips by their names."""
    parameters: dict[str, str] = {}
    """The parameters' values of the stack."""
    sites: dict[str, str] = {}
    """Keys of the static sites' lists of files, by site."""
    upgrades: int | None = None
    """The newest upgrade of the data that its code knows; releases of before that was noted say
    nothing.
    """
    back_to: str = ""
    """The release that this one brought back."""

    def same(self, other: "Release") -> bool:
        """Whether both put the same in place."""
        return (self.template, self.parameters, self.sites) == (
            other.template,
            other.parameters,
            other.sites,
        )


def named(commit: str, at: datetime) -> str:
    """The name of a release of a commit at a time."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{commit}"


def write(store: Store, release: Release) -> None:
    """Keep a release's record."""
    store.put(_key(release.stage, release.release), msgspec.json.encode(release))


def every(store: Store, stage: str) -> list[Release]:
    """All releases of a stage, the oldest first."""
    found = (store.get(key) for key in store.below(f"releases/{stage}/"))
    return [msgspec.json.decode(each, type=Release) for each in found if each]


def before(releases: list[Release], wanted: str = "") -> Release:
    """The release to go back to: the one that is named, or the one before what is in place; after
    a way back the one before that.

    Raises:
        Stop: there is none.
    """
    by_name = {each.release: each for each in releases}
    if wanted:
        if wanted not in by_name:
            raise Stop(f"There is no release {wanted}; `make releases` lists them.")
        return by_name[wanted]
    if not releases:
        raise Stop("Nothing was released yet.")
    current = releases[-1]
    place = by_name.get(current.back_to, current)
    older = [each for each in releases[: releases.index(place)] if not each.same(place)]
    if not older:
        raise Stop("There is no release before this one.")
    return older[-1]


def _key(stage: str, release: str) -> str:
    return f"releases/{stage}/{release}.json"
