"""What a field means, for schemas: msgspec knows only ``Meta``, people write docstrings.

The text under a field of a Struct becomes the description of that field's schema, unless ``Meta``
gives one. This reads source code, so only the generators of documents use it.
"""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import msgspec
from msgspec.inspect import StructType

Json = dict[str, Any]
_PYTHON_ONLY = r"$(?!\n)"
"""How our patterns end, because Python's ``$`` also matches before a last newline; that of JSON
Schema (ECMA 262) does not."""


class AmbiguousName(LookupError):
    """Two Structs of one name would need module paths to be told apart: rename one."""


def schemas(shapes: Iterable[Any], reference: str) -> tuple[list[Json], Json]:
    """The schemas of these types and the components that they refer to, with descriptions.

    ``reference`` is a template with ``{name}``.

    Raises:
        AmbiguousName: components would be named by the paths of our modules.
    """
    wanted = list(shapes)
    given, components = msgspec.json.schema_components(wanted, ref_template=reference)
    for name in components:
        if "." in name:
            raise AmbiguousName(name)
    for struct in _structs(msgspec.inspect.multi_type_info(wanted)):
        (named,), _ = msgspec.json.schema_components([struct.cls], ref_template="{name}")
        _describe(struct, components[named["$ref"]]["properties"])
    _portable(components)
    return list(given), components


def plain(doc: str) -> str:
    """A docstring as Markdown."""
    lines = [line.strip() for line in doc.strip().splitlines()]
    told = "\n".join(lines).partition("\n\nRaises:")[0]
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", told).replace("``", "`")


def _describe(struct: StructType, properties: Json) -> None:
    docs = _docs(struct.cls)
    for field in struct.fields:
        schema = properties[field.encode_name]
        if field.name in docs:
            schema.setdefault("description", docs[field.name])
    if struct.tag_field:
        properties[struct.tag_field].setdefault("description", "Says which of the shapes this is.")


def _structs(node: Any, seen: set[Any] | None = None) -> Iterator[StructType]:
    """Every Struct below a description of types, once; types may refer to themselves."""
    seen = set() if seen is None else seen
    if isinstance(node, StructType):
        if node.cls in seen:
            return
        seen.add(node.cls)
        yield node
    if isinstance(node, msgspec.inspect.Type | msgspec.inspect.Field):
        for name in node.__struct_fields__:
            yield from _structs(getattr(node, name), seen)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _structs(inner, seen)


@cache
def _docs(struct: Any) -> dict[str, str]:
    """The docstrings under the fields of a Struct and of its bases."""
    found: dict[str, str] = {}
    for base in reversed(inspect.getmro(getattr(struct, "__origin__", struct))):
        if issubclass(base, msgspec.Struct) and base is not msgspec.Struct:
            found |= dict(_own_docs(base))
    return found


def _own_docs(struct: type[Any]) -> Iterator[tuple[str, str]]:
    body = ast.parse(textwrap.dedent(inspect.getsource(struct))).body[0]
    lines = body.body if isinstance(body, ast.ClassDef) else []
    for field, below in pairwise(lines):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as doc)),
            ):
                yield name, plain(doc)


def _portable(node: Any) -> None:
    """Make the patterns of a schema those of JSON Schema."""
    if isinstance(node, dict):
        pattern = node.get("pattern")
        if isinstance(pattern, str):
            node["pattern"] = portable(pattern)
        for inner in node.values():
            _portable(inner)
    elif isinstance(node, list):
        for inner in node:
            _portable(inner)


def portable(pattern: str) -> str:
    """A pattern as JSON Schema writes it."""
    return pattern.removesuffix(_PYTHON_ONLY) + "$" if pattern.endswith(_PYTHON_ONLY) else pattern
