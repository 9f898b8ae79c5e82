"""HTTP answers of the local front, and the refusals that the gateway makes by itself."""

import json
import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import NamedTuple

from chalicelib.kernel.texts import LANGUAGES, knows, say

MAX_BODY_KB = 1024


class Answer(NamedTuple):
    """One HTTP response; the length and connection headers are the server's."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Refused(Exception):
    """The gateway itself says no; the app never hears of it."""

    def __init__(self, status: int, code: str, detail: str, **headers: str) -> None:
        super().__init__(code)
        self.answer = problem(status, code, detail, headers)


def problem(
    status: int, code: str, detail: str, headers: Mapping[str, str] | None = None
) -> Answer:
    """An RFC 9457 problem document, in the shape the app gives its own.

    A gateway's answers are fixed texts: it cannot choose by ``Accept-Language``, so the sentence
    stands in all languages at once.
    """
    document = {
        "type": f"/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": in_all_languages(code, detail),
        "code": code,
        "instance": f"urn:request:{uuid.uuid4()}",
    }
    kept = [("Content-Type", "application/problem+json"), *(headers or {}).items()]
    return Answer(status, kept, json.dumps(document, ensure_ascii=False).encode())


def in_all_languages(code: str, otherwise: str) -> str:
    """The sentence of a refusal in every language, or ``otherwise`` where one has none."""
    key = f"error.{code}"
    if not all(knows(language, key) for language in LANGUAGES):
        return otherwise
    return " · ".join(say(language, key, limit=MAX_BODY_KB) for language in LANGUAGES)
