"""``python -m layers.package STAGE FOLDER [--host]``: layer, code and template of one stage.

What is deployed, whole and with its weight. Size above the budget fails; time is told and judged
by the reader, because machines differ.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from infra.stack.package import PackagingError
from infra.stack.package import package as package_stack
from infra.stack.stage import stage, stages
from infra.stack.template import TemplateError
from layers import weight
from layers.build import build
from layers.code import compile_package
from layers.target import LAMBDA, LayerError, Target, host, interpreter


def package(
    name: str, folder: Path, *, for_host: bool = False, layer: Path | None = None
) -> Target:
    """Leave ``template.json``, ``deployment.zip`` and ``layer.zip`` in the folder; a ``layer`` that
    is built already is taken as it is.

    Raises:
        LayerError: the layer cannot be built.
        PackagingError: Chalice cannot package the app.
        TemplateError: the parts of the template do not fit.
    """
    target = host() if for_host else LAMBDA
    if layer is None:
        build(target, folder / "layer.zip")
    package_stack(stage(name, for_host), folder, layer)
    compile_package(folder / "deployment.zip", interpreter(target.python))
    return target


def main(arguments: list[str]) -> int:
    """The exit status: 1 and one sentence when something is missing or too large."""
    parser = argparse.ArgumentParser(prog="python -m layers.package", description=__doc__)
    parser.add_argument("stage", choices=sorted(stages()))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", action="store_true", help="for this machine's own Python")
    chosen = parser.parse_args(arguments)
    try:
        target = package(chosen.stage, chosen.folder, for_host=chosen.host)
        print(f"Packaged {chosen.stage} for Python {target.python} on {target.machine}.\n")
        fits = _tell_sizes(chosen.folder)
    except (LayerError, PackagingError, TemplateError) as fault:
        print(fault, file=sys.stderr)
        return 1
    try:
        _tell_imports(chosen.folder, target)
    except LayerError as fault:  # it is packaged all the same
        print(f"The import is not measured on this machine. {fault}")
    return 0 if fits else 1


def _tell_sizes(folder: Path) -> bool:
    rows = weight.sizes([folder / "deployment.zip", folder / "layer.zip"])
    rows.append(("together", sum(row[1] for row in rows), sum(row[2] for row in rows)))
    print(f"{'package':<16}{'zipped':>12}{'unzipped':>12}  bytes")
    for name, zipped, unzipped in rows:
        print(f"{name:<16}{zipped:>12,}{unzipped:>12,}")
    fits = rows[-1][2] <= weight.UNZIPPED
    print(f"{'budget':<16}{'':>12}{weight.UNZIPPED:>12,}  {'kept' if fits else 'EXCEEDED'}\n")
    return fits


def _tell_imports(folder: Path, target: Target) -> None:
    """With the wheels for this machine: those for another one cannot be imported here."""
    here = host(target.python)
    python = interpreter(target.python)
    with tempfile.TemporaryDirectory() as scratch:
        layer = folder / "layer.zip"
        if here != target:
            layer = Path(scratch) / "layer.zip"
            build(here, layer)
        with_code, without = (
            weight.import_ms(python, folder / "deployment.zip", layer, compiled=compiled)
            for compiled in (True, False)
        )
    print(f"import of the app, CPU ms (Python {here.python} on {here.machine}, the same lock)")
    print(f"{'with .pyc':<16}{with_code:>12.0f}")
    print(f"{'without':<16}{without:>12.0f}")
    over = "" if with_code <= weight.IMPORT_MS else "  over it"
    print(f"{'budget':<16}{weight.IMPORT_MS:>12}{over}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
