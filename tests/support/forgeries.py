"""Tokens that nobody may take for genuine, each made from the claims of one that is."""

from collections.abc import Callable
from typing import Any

import jwt

from chalicelib.kernel.secrets import derive
from tests.support.club import House

Forge = Callable[[House, dict[str, Any]], str]


def _sign(house: House, claims: dict[str, Any], key: bytes, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm)


def _key(house: House, claims: dict[str, Any]) -> bytes:
    return derive(house.stage, f"token {claims['aud']}")


def _changed(house: House, claims: dict[str, Any], **changes: Any) -> str:
    return _sign(house, claims | changes, _key(house, claims))


def _without(house: House, claims: dict[str, Any], name: str) -> str:
    return _sign(
        house, {key: value for key, value in claims.items() if key != name}, _key(house, claims)
    )


def _spliced(house: House, claims: dict[str, Any]) -> str:
    """The body of one genuine token under the signature of another."""
    genuine = _sign(house, claims, _key(house, claims))
    other = _changed(house, claims, sub="somebody-else")
    head, body, _ = other.split(".")
    return ".".join((head, body, genuine.split(".")[2]))


def _other(claims: dict[str, Any]) -> str:
    return "staff" if claims["aud"] == "member" else "member"


FORGERIES: dict[str, Forge] = {
    "malformed": lambda house, claims: "not.a.token",
    "empty parts": lambda house, claims: "..",
    "not base64": lambda house, claims: "é.é.é",
    "expired": lambda house, claims: _changed(house, claims, exp=claims["iat"] - 1),
    "no end": lambda house, claims: _without(house, claims, "exp"),
    "no audience": lambda house, claims: _without(house, claims, "aud"),
    "no subject": lambda house, claims: _without(house, claims, "sub"),
    "alg none": lambda house, claims: jwt.encode(claims, "", "none"),
    "another algorithm": lambda house, claims: _sign(
        house, claims, _key(house, claims) * 2, "HS512"
    ),
    "right key, other algorithm": lambda house, claims: _sign(
        house, claims, _key(house, claims), "HS384"
    ),
    "wrong key": lambda house, claims: _sign(house, claims, b"x" * 32),
    "key of the other audience": lambda house, claims: _sign(
        house, claims, derive(house.stage, f"token {_other(claims)}")
    ),
    "audience changed": lambda house, claims: _changed(house, claims, aud=_other(claims)),
    "two audiences": lambda house, claims: _changed(house, claims, aud=["member", "staff"]),
    "another issuer": lambda house, claims: _changed(house, claims, iss="somebody"),
    "signature of another": _spliced,
    "claims of wrong types": lambda house, claims: _changed(
        house, claims, sub=["x"], programs=1, sv="1"
    ),
}
