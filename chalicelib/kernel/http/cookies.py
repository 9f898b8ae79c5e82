"""Cookies in which browsers keep refresh tokens: out of reach of scripts and of other sites."""

from datetime import timedelta

RULES = "Path=/; Secure; HttpOnly; SameSite=Strict"
"""What the name's prefix ``__Host-`` asks for (RFC 6265bis §4.1.3.2), and no scripts."""
Headers = tuple[tuple[str, str], ...]


def kept(name: str, value: str, life: timedelta) -> Headers:
    """Let the browser keep a value for ``life``."""
    return (("Set-Cookie", f"{name}={value}; Max-Age={int(life.total_seconds())}; {RULES}"),)


def gone(name: str) -> Headers:
    """Let the browser forget it."""
    return kept(name, "", timedelta(0))


def read(name: str, header: str) -> str:
    """The value in a ``Cookie`` header, or nothing."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return next((value for given, _, value in pairs if given == name), "")
