"""The static sites: into their buckets in an order in which no page ever misses a file.

New files first, then the entry pages, then what only releases before the last one used is deleted;
CloudFront forgets the entry pages. Files whose name holds a hash never change and are kept by
browsers for a year. The content of every release stays in the deployment bucket.
"""

import hashlib
import mimetypes
import re
from pathlib import Path
from typing import NamedTuple

import msgspec

from infra.deploy.stack import Say
from infra.deploy.store import Store, objects
from infra.deploy.target import Stop, Target

HASHED = re.compile(r"[.-](?=[a-f]*[0-9])[0-9a-f]{8,64}\.")
"""Hexadecimal, with a digit at least, so that no word is taken for a hash."""
FOR_EVER = "public, max-age=31536000, immutable"
ASK_FIRST = "no-cache"
ENTRY = "index.html"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/vnd.microsoft.icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""What browsers need to be told rightly, whatever the machine's own table says."""


class Site(NamedTuple):
    """A static site."""

    name: str
    output: str
    """The stack's output that names its bucket."""
    prefix: str
    """Where it is below the origin, without the first slash."""


SITES = (
    Site("club", "ClubSiteBucketName", ""),
    Site("console", "ConsoleSiteBucketName", "console/"),
)
Files = dict[str, str]
"""Path below the site's prefix -> hash of the content."""


class Standing(msgspec.Struct, frozen=True):
    """Which lists of files a site has in its bucket."""

    current: str = ""
    previous: str = ""


def read(folder: Path) -> dict[str, bytes] | None:
    """A built site; nothing where there is none.

    Raises:
        Stop: the folder is there, but holds no site.
    """
    if not folder.is_dir():
        return None
    found = {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }
    if not found.get(ENTRY):
        raise Stop(f"{folder} holds no built site: {ENTRY} is missing or empty. Build it first.")
    return found


def keep(store: Store, files: dict[str, bytes]) -> str:
    """Keep a site's content in the deployment bucket; returns the key of its list of files."""
    listed = {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    for content in files.values():
        store.keep("files", content)
    return store.keep("sites", msgspec.json.encode(listed, order="sorted"), ".json")


def put_up(
    target: Target, store: Store, site: Site, key: str, found: dict[str, str], say: Say
) -> None:
    """Make a list of files what a site shows; ``found`` are the stack's outputs. May be repeated.

    Raises:
        Stop: the stack has no bucket for it, or the deployment bucket lacks a file.
    """
    bucket = found.get(site.output)
    if not bucket:
        raise Stop(f"The stack has no {site.output}: apply it first.")
    wanted = _files(store, key)
    place = f"standing/{target.stage.name}/{site.name}.json"
    stood = msgspec.json.decode(store.get(place) or b"{}", type=Standing)
    previous = stood.previous if stood.current == key else stood.current
    there = {each["Key"]: each["ETag"].strip('"') for each in objects(target, bucket)}
    changed = 0
    for path in sorted(wanted, key=lambda path: (not HASHED.search(path), path == ENTRY, path)):
        content = store.get(f"files/{wanted[path]}")
        if content is None:
            raise Stop(f"The deployment bucket lacks {path} of the site {site.name}.")
        if there.get(site.prefix + path) != _etag(content):
            _put(target, bucket, site.prefix + path, content)
            changed += 1
    last = _files(store, previous) if previous else {}
    kept = {site.prefix + path for path in (*wanted, *last)}
    old = sorted(there.keys() - kept)
    for name in old:
        target.call("s3", "delete_object", Bucket=bucket, Key=name)
    store.put(place, msgspec.json.encode(Standing(key, previous)))
    say(f"  {site.name}: {len(wanted)} files, {changed} new or changed, {len(old)} deleted.")
    if changed and found.get("DistributionId"):
        _forget(target, found["DistributionId"], site, key)


def headers(path: str) -> dict[str, str]:
    """How a file is stored: its type, and how long browsers keep it."""
    ending = Path(path).suffix.lower()
    guessed = TYPES.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"
    return {
        "ContentType": guessed,
        "CacheControl": FOR_EVER if HASHED.search(Path(path).name) else ASK_FIRST,
    }


def _files(store: Store, key: str) -> Files:
    content = store.get(key)
    if content is None:
        raise Stop(f"The deployment bucket lacks {key}.")
    return msgspec.json.decode(content, type=Files)


def _put(target: Target, bucket: str, name: str, content: bytes) -> None:
    target.call("s3", "put_object", Bucket=bucket, Key=name, Body=content, **headers(name))


def _etag(content: bytes) -> str:
    """What S3 calls an object that came in one piece."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _forget(target: Target, distribution: str, site: Site, key: str) -> None:
    paths = [f"/{site.prefix}", f"/{site.prefix}{ENTRY}"]
    target.call(
        "cloudfront",
        "create_invalidation",
        DistributionId=distribution,
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            # the same again is the same invalidation
            "CallerReference": f"{site.name}-{key}",
        },
    )
