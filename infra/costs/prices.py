"""The price list: what AWS asks for one of each thing, as data in ``prices.json``.

Money is whole trillionths of a US dollar (``pico``), so that nothing is rounded before the end.
"""

from decimal import Decimal
from pathlib import Path

import msgspec

HERE = Path(__file__).parent
DOLLAR = 10**12
"""A dollar in trillionths."""


class PriceError(Exception):
    """The price list cannot be used; the message says why."""


class Price(msgspec.Struct, frozen=True):
    """So much for so many."""

    usd: str
    """As the page writes it."""
    per: int
    page: str
    """Which page of AWS says so, and where on it."""
    seen: str
    """Year and month in which the page or the report said so; empty: not looked up."""
    sure: str
    """A key of ``how_sure``."""

    @property
    def pico(self) -> int:
        """For one, in trillionths of a dollar; raises PriceError when that is no whole number."""
        each = Decimal(self.usd) * DOLLAR / self.per
        if each != int(each) or each < 0:
            raise PriceError(f"{self.usd} for {self.per} ({self.page}) is too fine or negative.")
        return int(each)


class PriceList(msgspec.Struct, frozen=True):
    """The prices of one region."""

    region: str
    written_on: str
    how_sure: dict[str, str]
    prices: dict[str, Price]

    def pico(self, name: str) -> int:
        """The price of one; raises PriceError for what has none."""
        if name not in self.prices:
            raise PriceError(f"{name} has no price.")
        return self.prices[name].pico


def read(file: Path = HERE / "prices.json") -> PriceList:
    """The price list of a file, checked as a whole.

    Raises:
        PriceError: a price that is no whole number of trillionths, or of unknown certainty.
    """
    try:
        found = msgspec.json.decode(file.read_bytes(), type=PriceList)
    except msgspec.MsgspecError as fault:
        raise PriceError(f"{file}: {fault}") from None
    for name, price in found.prices.items():
        _ = price.pico
        if price.sure not in found.how_sure:
            raise PriceError(f"How sure the price of {name} is: {price.sure!r} is not explained.")
    return found


def dollars(pico: int, places: int = 2) -> str:
    """An amount in dollars, rounded half up to so many places."""
    fine = 10 ** (12 - places)
    whole, rest = divmod((pico + fine // 2) // fine, 10**places)
    return f"{whole:,}".replace(",", " ") + (f".{rest:0{places}}" if places else "")
