"""What of the wheels is shipped: what the functions import, with every licence."""

import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from layers.target import LayerError

CHALICE = frozenset({"chalice/__init__.py", "chalice/app.py"})
"""The rest of Chalice packages and deploys. These two are what Chalice itself ships."""
ENDPOINTS = frozenset(
    {"_retry.json", "endpoints.json", "partitions.json", "sdk-default-configuration.json"}
)
"""What botocore reads for any service."""
FOLDERS: Mapping[str, str] = {
    r"[^/]+\.data": "scripts and headers",
    r"(docs|tests)": "what a wheel left at the top by mistake",
    r".*/tests?": "tests",
    r"boto3/(data|examples)": "resources: the code uses clients alone",
    r"cffi|pycparser": "cryptography needs cffi's compiled backend alone",
    r"barcode/fonts": "bar codes are drawn as SVG",
    r"dateutil/zoneinfo": "zones come from tzdata",
    r"aws_lambda_powertools/event_handler": "Chalice does the routing",
    r"aws_lambda_powertools/utilities/(?!batch|data_classes|jmespath_utils|typing)[^/]+": (
        "of the utilities the code uses batch, which uses these"
    ),
}
"""Pattern of a folder's path -> why nobody misses what is below it."""
FILES: Mapping[str, str] = {
    r".*\.(pyi|pyx|pxd|c|h|rst)": "for compilers and readers",
    r"(.*/)?py\.typed": "for type checkers",
    r"botocore/data/.*/examples-1\.json": "examples",
    r"tzdata/zoneinfo/(tzdata\.zi|zone.*\.tab|iso3166\.tab|leapseconds)": "zoneinfo reads none",
}
"""Pattern of a file's path -> why nobody misses it."""
_ELF = {"x86_64": b"\x3e\x00", "aarch64": b"\xb7\x00"}
"""Where an ELF file names its machine, little-endian."""
_LICENCE = re.compile(r"(licen[cs]e|notice|copying|authors)", re.IGNORECASE)
_BELOW = re.compile("|".join(f"(?:{pattern})/" for pattern in FOLDERS))
_ITSELF = re.compile("|".join(f"(?:{pattern})" for pattern in FILES))


def is_shipped(path: str, services: frozenset[str]) -> bool:
    """Whether a file of a wheel goes into the layer; ``services`` are the AWS services used."""
    first, *rest = PurePosixPath(path).parts
    if first.endswith(".dist-info"):
        # name and version for whoever asks what runs here; the licences because they say so
        return rest == ["METADATA"] or bool(_LICENCE.search("/".join(rest)))
    if first == "chalice":
        return path in CHALICE
    if path.startswith("botocore/data/"):
        return rest[1] in services | ENDPOINTS and not _is_dropped(path)
    return not _is_dropped(path)


def unpack(wheels: Iterable[Path], services: frozenset[str]) -> dict[str, bytes]:
    """The shipped files of all wheels, by their paths below ``site-packages``."""
    files: dict[str, bytes] = {}
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and is_shipped(name, services):
                    files[name] = archive.read(name)
    return files


def check_machine(files: Mapping[str, bytes], machine: str) -> None:
    """Refuse compiled code of another machine, whatever its wheel is called.

    Raises:
        LayerError: naming the file.
    """
    for name, content in files.items():
        if content.startswith(b"\x7fELF") and content[18:20] != _ELF[machine]:
            raise LayerError(f"{name} is not for {machine}.")


def _is_dropped(path: str) -> bool:
    return bool(_BELOW.match(path) or _ITSELF.fullmatch(path))
