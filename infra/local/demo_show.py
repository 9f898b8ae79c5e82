"""How the demo shows what it does: numbered steps, answers cut short, and a check of itself."""

import itertools
import json
import textwrap
from typing import Any

from infra.local.demo_client import DemoFailed, Reply

WIDTH = 96
_numbers = itertools.count(1)


def step(title: str) -> None:
    """A heading."""
    print(f"\n{next(_numbers)}. {title}")


def show(reply: Reply, *fields: str) -> dict[str, Any]:
    """Print the fields of an answer that matter, and return all of it."""
    body: dict[str, Any] = reply.body
    fields = fields if reply.status < 300 else ("status", "code", "detail")
    chosen = {name: body[name] for name in fields if name in body}
    text = f"{reply.status} {json.dumps(chosen, ensure_ascii=False)}"
    print(textwrap.fill(text, WIDTH, initial_indent="   ", subsequent_indent="       "))
    return body


def expect(held: bool) -> None:
    """The demo checks itself: what it shows is what it promises."""
    if not held:
        raise DemoFailed("The platform answered something else than the demo promises (see above).")
