"""Which AWS services the code talks to, read from the code itself."""

import ast
from collections.abc import Iterator
from pathlib import Path

from layers.target import ROOT, LayerError

MAKERS = frozenset({"client", "_client", "resource", "create_client"})
"""Functions that make a client of the service that their first argument names."""
OF_PYNAMODB = frozenset({"dynamodb"})
"""PynamoDB names its service itself."""


def modules(root: Path = ROOT) -> list[Path]:
    """The files that become the functions' code."""
    return [root / "app.py", *sorted((root / "chalicelib").rglob("*.py"))]


def used(root: Path = ROOT) -> frozenset[str]:
    """Names of the services, as botocore's folders name them.

    Raises:
        LayerError: a client whose service only running tells.
    """
    return OF_PYNAMODB.union(*(_in_module(file) for file in modules(root)))


def _in_module(file: Path) -> set[str]:
    tree = ast.parse(file.read_text())
    named: set[str] = set()
    for call, inside in _calls(tree, ""):
        first = call.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            named.add(first.value)
        elif inside not in MAKERS:  # a maker's own argument is told by those who call it
            raise LayerError(f"{file.name}:{call.lineno} hides which AWS service it talks to.")
    return named


def _calls(node: ast.AST, inside: str) -> Iterator[tuple[ast.Call, str]]:
    """Calls of makers with arguments, each with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call) and child.args and _name(child.func) in MAKERS:
            yield child, inside
        here = child.name if isinstance(child, ast.FunctionDef) else inside
        yield from _calls(child, here)


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""
