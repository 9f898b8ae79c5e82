"""Luhn's check symbol over any alphabet of even size.

Source: ISO/IEC 7812-1 annex B for ten digits; the mod N form as in Luhn's patent US 2950048 read
over N symbols. It catches every single wrong symbol and nearly every swap of neighbours. It adds
no secrecy.
"""


def check_symbol(text: str, alphabet: str) -> str:
    """The symbol to append to ``text``. Every symbol of ``text`` must stand in ``alphabet``."""
    size = len(alphabet)
    total = 0
    for position, symbol in enumerate(reversed(text)):
        value = alphabet.index(symbol)
        if position % 2 == 0:
            doubled = value * 2
            value = doubled // size + doubled % size
        total += value
    return alphabet[-total % size]


def is_checked(text: str, alphabet: str) -> bool:
    """Whether the last symbol of ``text`` is the check symbol of the rest."""
    if len(text) < 2 or any(symbol not in alphabet for symbol in text):
        return False
    return check_symbol(text[:-1], alphabet) == text[-1]
