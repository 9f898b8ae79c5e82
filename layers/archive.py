"""Zips that are the same, byte by byte, whenever and wherever they are made of the same files."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

_EPOCH = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def pack(files: Mapping[str, bytes], out: Path) -> None:
    """Write the files, name -> content, sorted, without times, readable by everybody."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(out.name + ".new")
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    draft.replace(out)


def read(folder: Path, prefix: str = "") -> dict[str, bytes]:
    """All files below a folder, by their names in the archive."""
    return {
        prefix + file.relative_to(folder).as_posix(): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def unzipped(archive: Path) -> int:
    """Bytes of all files, as Lambda counts them."""
    with zipfile.ZipFile(archive) as opened:
        return sum(entry.file_size for entry in opened.infolist())
