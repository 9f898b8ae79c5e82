"""Amounts of money as people read them. Inside, money is whole minor units and nothing else."""

_NONE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
WITHOUT_MINOR = frozenset(_NONE.split())
"""Currencies without a minor unit (ISO 4217, table A.1)."""
WITH_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies whose minor unit is a thousandth (ISO 4217, table A.1)."""


def digits(currency: str) -> int:
    """Decimal digits of a currency's minor unit."""
    if currency in WITHOUT_MINOR:
        return 0
    return 3 if currency in WITH_THOUSANDTHS else 2


def written(amount: int, currency: str) -> str:
    """An amount in minor units with its currency: 12345 → ``123.45 RUB``."""
    places = digits(currency)
    if not places:
        return f"{amount} {currency}"
    whole, rest = divmod(abs(amount), 10**places)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{places}d} {currency}"
