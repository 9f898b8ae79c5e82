"""Members by what people know of them: phone, e-mail or card number as typed."""

from typing import Literal

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.members import store
from chalicelib.members.model import is_card_number
from chalicelib.messages import addresses

Key = Literal["phone", "email", "card_number"]
_KINDS: dict[Key, str] = {"phone": "phone", "email": "email", "card_number": "card"}
"""The kind of unique value by the name that people know."""


def owner(program: str, key: Key, typed: str, pointer: str) -> str | None:
    """The id of the member whose phone, e-mail or card number this is. A strong read.

    Raises:
        InvalidFields: it cannot be one.
    """
    return store.owner(program, _KINDS[key], _plain(key, typed, pointer))


def _plain(key: Key, typed: str, pointer: str) -> str:
    if key == "phone":
        return addresses.phone(typed, fixed=True, pointer=pointer)
    if key == "email":
        return addresses.email(typed, pointer=pointer)
    number = "".join(typed.split())
    if not is_card_number(number):
        raise InvalidFields(fields=(FieldError(pointer, "wrong_check_digit"),))
    return number
