"""Codes that people carry from paper to a keyboard: 12 symbols and a check symbol."""

from chalicelib.kernel.check_digits import check_symbol, is_checked
from chalicelib.kernel.ids import ALPHABET, read_symbols, symbols

SYMBOLS = 12
"""Of a code without its check symbol: 60 bits."""


def of_digest(digest: bytes) -> str:
    """The code that a digest of at least :data:`SYMBOLS` bytes makes."""
    body = symbols(digest[:SYMBOLS])
    return body + check_symbol(body, ALPHABET)


def read_code(text: str) -> str | None:
    """A code read kindly, or nothing when it is mistyped (its check symbol says so)."""
    code = read_symbols(text)
    return code if len(code) == SYMBOLS + 1 and is_checked(code, ALPHABET) else None


def in_groups(code: str) -> str:
    """A code as printed: ``XXXX-XXXX-XXXX-X``."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
