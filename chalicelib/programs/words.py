"""Figures, names and dates of a program in a reader's words. Pure but for the catalogues."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from chalicelib.kernel.texts import say, say_count
from chalicelib.programs.model import Program
from chalicelib.programs.values import Ratio

SHOWN = 10
"""How many names of a list are told; of the others, how many there are."""
NO_BREAK = "\u00a0"
_COMMA = {"ar": "، "}
_SEMICOLON = {"ar": "؛ "}
_DECIMAL_COMMA = ("ru", "uk")
# ISO 4217, list one: currencies whose minor unit is not a hundredth.
_DIGITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}


def calendar_day(day: date, language: str) -> str:
    """A calendar day as people write it."""
    return f"{day.day} {say(language, f'month.{day.month}')} {day.year}"


def money(amount: int, currency: str, language: str) -> str:
    """An amount in minor units, with its currency; without a fraction where there is none."""
    whole = Fraction(amount, 10 ** _DIGITS.get(currency, 2))
    digits = 0 if whole.denominator == 1 else _DIGITS.get(currency, 2)
    return f"{_decimal(_written(whole, digits), language)}{NO_BREAK}{currency}"


class Words(msgspec.Struct, frozen=True):
    """Who reads, and whose figures they are."""

    program: Program
    language: str

    def say(self, key: str, **params: object) -> str:
        """The sentence of this key in the reader's language."""
        return say(self.language, key, **params)

    def count(self, key: str, count: int, **params: object) -> str:
        """The same, in the form that goes with a number."""
        return say_count(self.language, key, count, **params)

    def points(self, count: int) -> str:
        """So many points, by the club's own name for them."""
        return f"{count}{NO_BREAK}{self.program.unit_name(count, self.language)}"

    def money(self, amount: int) -> str:
        """An amount in minor units, with its currency."""
        return money(amount, self.program.currency, self.language)

    def share(self, ratio: Ratio) -> str:
        """A part of a whole: as a percentage where that is exact in few digits."""
        return self._exact(Fraction(ratio.num * 100, ratio.den), ratio, f"{NO_BREAK}%")

    def times(self, ratio: Ratio) -> str:
        """A factor."""
        return self._exact(Fraction(ratio.num, ratio.den), ratio, "")

    def day(self, day: date) -> str:
        """A calendar day."""
        return calendar_day(day, self.language)

    def year_day(self, text: str) -> str:
        """A day of every year, given as ``12-25``."""
        month, day = (int(part) for part in text.split("-"))
        return f"{day} {self._month(month)}"

    def instant(self, at: datetime) -> str:
        """An instant in the program's zone: the day alone where it is the day's beginning."""
        local = at.astimezone(ZoneInfo(self.program.zone))
        if (local.hour, local.minute) == (0, 0):
            return self.day(local.date())
        return self.names([self.day(local.date()), f"{local:%H:%M}"])

    def names(self, names: Iterable[str]) -> str:
        """A list of names, not all of a long one."""
        every = list(names)
        more = [f"… (+{len(every) - SHOWN})"] if len(every) > SHOWN else []
        return _COMMA.get(self.language, ", ").join([*every[:SHOWN], *more])

    def joined(self, parts: Iterable[str]) -> str:
        """Several things that hold together."""
        return _SEMICOLON.get(self.language, "; ").join(part for part in parts if part)

    def bounds(self, least: Any, most: Any) -> str:
        """From a least to a most value, as they are told; None: open."""
        if least is None and most is None:
            return self.say("bounds.any")
        if most is None:
            return self.say("bounds.least", least=least)
        if least is None:
            return self.say("bounds.most", most=most)
        return self.say("bounds.both", least=least, most=most)

    def _month(self, month: int) -> str:
        return self.say(f"month.{month}")

    def _exact(self, value: Fraction, ratio: Ratio, unit: str) -> str:
        for digits in range(5):
            if (value * 10**digits).denominator == 1:
                return self._decimal(_written(value, digits)) + unit
        return f"{ratio.num}/{ratio.den}"

    def _decimal(self, text: str) -> str:
        return _decimal(text, self.language)


def _decimal(text: str, language: str) -> str:
    return text.replace(".", ",") if language in _DECIMAL_COMMA else text


def _written(value: Fraction, digits: int) -> str:
    """An exact value with so many digits after the point."""
    with localcontext() as context:
        context.prec = 40
        return f"{Decimal(value.numerator) / Decimal(value.denominator):.{digits}f}"
