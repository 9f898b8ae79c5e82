"""The JSON Schema of the program document, generated from its types.

``python -m chalicelib.programs.schema --write docs/program.schema.json`` writes it, ``--check``
fails on drift.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.kernel.http import descriptions
from chalicelib.programs.model import Program

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema, JSON Schema 2020-12."""
    (root,), parts = descriptions.schemas([Program], "#/$defs/{name}")
    return {
        "$schema": DIALECT,
        "title": "Clubkeeper program document",
        **root,
        "$defs": parts,
    }


def render() -> str:
    """The schema as the text of its file; the same types always give the same text."""
    return (
        msgspec.json.format(msgspec.json.encode(schema(), order="sorted"), indent=2).decode() + "\n"
    )


def main(arguments: list[str]) -> int:
    """Write the file or compare it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m chalicelib.programs.schema")
    parser.add_argument("--check", action="store_true", help="fail if the file is not up to date")
    parser.add_argument("--write", action="store_true", help="write the file (the default)")
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    if not given.check:
        given.file.write_text(render())
        return 0
    if given.file.exists() and given.file.read_text() == render():
        return 0
    print(f"{given.file} is out of date: run python -m chalicelib.programs.schema {given.file}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
