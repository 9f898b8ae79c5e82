"""Members by what people know of them: phone, e-mail, card number or the club's own number."""

from typing import Literal

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.members import store
from chalicelib.members.model import CARD, EXTERNAL, is_card_number, is_external_id
from chalicelib.messages import addresses

Key = Literal["phone", "email", "card_number", "external_id"]
_KINDS: dict[Key, str] = {
    "phone": "phone",
    "email": "email",
    "card_number": CARD,
    "external_id": EXTERNAL,
}
"""The kind of unique value by the name that people know."""


def owner(program: str, key: Key, typed: str, pointer: str) -> str | None:
    """The id of the member whose this is. A strong read.

    Raises:
        InvalidFields: it cannot be one.
    """
    return store.owner(program, *unique(key, typed, pointer))


def unique(key: Key, typed: str, pointer: str) -> tuple[str, str]:
    """What somebody typed as the kind and value that are unique in a program.

    Raises:
        InvalidFields: it cannot be one.
    """
    return _KINDS[key], _plain(key, typed, pointer)


def _plain(key: Key, typed: str, pointer: str) -> str:
    if key == "phone":
        return addresses.phone(typed, fixed=True, pointer=pointer)
    if key == "email":
        return addresses.email(typed, pointer=pointer)
    if key == "external_id":
        if not is_external_id(typed.strip()):
            raise InvalidFields(fields=(FieldError(pointer, "wrong_format"),))
        return typed.strip()
    number = "".join(typed.split())
    if not is_card_number(number):
        raise InvalidFields(fields=(FieldError(pointer, "wrong_check_digit"),))
    return number
