"""Zips that depend on nothing but their content: sorted, with one date and one mode."""

import zipfile
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""


def pack(source: Path, target: Path) -> None:
    """Write the files of one zip into another, in order."""
    with zipfile.ZipFile(source) as given, zipfile.ZipFile(target, "w") as made:
        for name in sorted(given.namelist()):
            if name.endswith("/"):
                continue
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name), compresslevel=9)
