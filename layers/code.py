"""The functions' own code, compiled ahead like the layer."""

import tempfile
import zipfile
from pathlib import Path

from layers import archive, bytecode

FROM_LAYER = "chalice/"
"""Chalice puts itself into every package; the layer has it already, compiled."""


def compile_package(package: Path, python: str) -> None:
    """Add byte code to ``deployment.zip``, in place, by the interpreter of the functions' version.

    Raises:
        LayerError: a module does not compile.
    """
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch)
        with zipfile.ZipFile(package) as given:
            given.extractall(
                tree, [name for name in given.namelist() if not name.startswith(FROM_LAYER)]
            )
        bytecode.compile_tree(python, tree, "/var/task/")
        archive.pack(archive.read(tree), package)
