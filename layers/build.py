"""``python -m layers.build --target lambda|host OUT.zip``: make the layer.

``lambda`` is for the deployed functions, ``host`` for this machine's own Python: the local
deployment runs there with the same versions.
"""

import argparse
import hashlib
import sys
import tempfile
from pathlib import Path

from layers import archive, bytecode, contents, services, wheels
from layers.target import LAMBDA, LayerError, Target, host, interpreter

PREFIX = "python/"
"""Lambda unpacks a layer to ``/opt`` and looks for modules in ``/opt/python``."""


def build(target: Target, out: Path, lock: Path = wheels.LOCK, kept: Path = wheels.KEPT) -> str:
    """Make the layer's zip; returns its SHA-256. The same inputs give the same zip.

    Raises:
        LayerError: no interpreter compiles for the target, a wheel is missing or is another one
            than the lock names, holds code of another machine, or a module does not compile.
    """
    python = interpreter(target.python)
    with tempfile.TemporaryDirectory() as scratch:
        brought = wheels.fetch(target, Path(scratch) / "wheels", lock, kept)
        files = contents.unpack(brought, services.used())
        contents.check_machine(files, target.machine)
        tree = Path(scratch) / "tree"
        for name, content in files.items():
            file = tree / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        bytecode.compile_tree(python, tree, f"/opt/{PREFIX}")
        archive.pack(archive.read(tree, PREFIX), out)
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main(arguments: list[str]) -> int:
    """The exit status; one sentence when the layer cannot be built."""
    parser = argparse.ArgumentParser(prog="python -m layers.build", description=__doc__)
    parser.add_argument("--target", choices=["lambda", "host"], required=True)
    parser.add_argument("out", type=Path, metavar="OUT.zip")
    chosen = parser.parse_args(arguments)
    try:
        digest = build(LAMBDA if chosen.target == "lambda" else host(), chosen.out)
    except LayerError as fault:
        print(fault, file=sys.stderr)
        return 1
    size, unzipped = chosen.out.stat().st_size, archive.unzipped(chosen.out)
    print(f"{chosen.out}: {size:,} bytes, {unzipped:,} unzipped, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
