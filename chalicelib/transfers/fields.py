"""From the cells of a row to values: each field by itself, so that every fault of a row is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.kernel.clock import parse, render
from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.kernel.http.shapes import CalendarDay, Moment
from chalicelib.transfers.model import Fault
from chalicelib.transfers.reading import Typed, shown

MOST_FAULTS = 5
"""Faults that are told of one row: those of a whole part have to fit into one item."""
T = TypeVar("T")
Read = Callable[[str, str], T]
"""From a cell and its pointer to its value; raises InvalidFields."""


class Fields:
    """The cells of one row, and what was found wrong with them."""

    def __init__(self, typed: Typed) -> None:
        """Nothing is looked at yet."""
        self._typed = typed
        self.faults: list[Fault] = [typed.fault] if typed.fault else []

    def take(self, field: str, read: Read[T]) -> T | None:
        """The value of a cell; nothing where it is empty or wrong."""
        text = self._typed.cells.get(field)
        if text is None:
            return None
        try:
            return read(text, f"/{field}")
        except InvalidFields as wrong:
            for one in wrong.fields:
                self.blame(field, one.code, one.params)
            return None

    def need(self, field: str, read: Read[T]) -> T | None:
        """The same of a cell that must not be empty."""
        if field not in self._typed.cells:
            self.blame(field, "required")
        return self.take(field, read)

    def blame(self, field: str, code: str, params: dict[str, str] | None = None) -> None:
        """A field is wrong."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(self._typed.row, self._typed.line, field, code, params or {}))

    def refuse_others(self, known: tuple[str, ...]) -> None:
        """Fields of no such name are wrong; a CSV file with one is refused as a whole."""
        for name in self._typed.cells:
            if name not in known:
                self.blame(shown(name), "unknown_field")


def text(most: int) -> Read[str]:
    """A text of at most so many characters, its white space made single."""

    def read(cell: str, pointer: str) -> str:
        if len(cell) > most:
            raise refused(pointer, "too_long", limit=most)
        return " ".join(cell.split())

    return read


def one_of(values: tuple[str, ...]) -> Read[Any]:
    """One of some values, in any case of letters."""

    def read(cell: str, pointer: str) -> str:
        if cell.lower() not in values:
            raise refused(pointer, "not_one_of")
        return cell.lower()

    return read


def past(zone: str, at: datetime) -> Read[str]:
    """An instant, or a day of the program, that has begun; as an instant in UTC."""

    def read(cell: str, pointer: str) -> str:
        if _fits(cell, CalendarDay):
            found = datetime.fromisoformat(cell).replace(tzinfo=ZoneInfo(zone))
        elif _fits(cell, Moment):
            found = parse(cell)
        else:
            raise refused(pointer, "wrong_instant")
        if found > at:
            raise refused(pointer, "in_future")
        return render(found)

    return read


def day(cell: str, pointer: str) -> str:
    """A calendar day in ISO 8601."""
    if not _fits(cell, CalendarDay):
        raise refused(pointer, "wrong_day")
    return cell


def refused(pointer: str, code: str, **params: object) -> InvalidFields:
    """The refusal of one field."""
    said = {name: str(value) for name, value in params.items()}
    return InvalidFields(fields=(FieldError(pointer, code, said),))


def _fits(cell: str, shape: Any) -> bool:
    try:
        msgspec.convert(cell, shape)
    except msgspec.ValidationError:
        return False
    return True
