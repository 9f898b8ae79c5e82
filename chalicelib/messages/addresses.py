"""Phone numbers and e-mail addresses in the one form in which they are compared and stored."""

import re

from chalicelib.kernel.errors import FieldError, InvalidFields
from chalicelib.messages.model import Channel

POINTER = "/address"
LONGEST_LOCAL_PART = 64
LONGEST_EMAIL = 254
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PHONE = re.compile(r"\s*[+＋][\d\s().\-\u2010-\u2015]+")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"({_LABEL}\.)+(?=[a-z0-9-]*[a-z]){_LABEL}")


def normalise(channel: Channel, address: str, *, pointer: str = POINTER) -> str:
    """The address as it is stored; raises InvalidFields when it cannot be one."""
    read = phone if channel == "sms" else email
    return read(address, pointer=pointer)


def phone(text: str, *, fixed: bool = False, pointer: str = POINTER) -> str:
    """An international number (with ``+``) in E.164, checked against the numbering plans.

    Raises:
        InvalidFields: it is no valid number (`wrong_phone`), or, unless ``fixed``, one that takes
        no SMS (`no_mobile_phone`: fixed lines, and the premium numbers that SMS fraud lives on).
    """
    # Letters on keys and extensions would be read away in silence: not the number that was meant.
    if not _PHONE.fullmatch(text):
        raise _wrong("wrong_phone", pointer)
    # Imported here: 15 ms that only sign-in needs.
    import phonenumbers as plans

    try:
        number = plans.parse(text, None)
    except plans.NumberParseException as error:
        raise _wrong("wrong_phone", pointer) from error
    if not plans.is_valid_number(number):
        raise _wrong("wrong_phone", pointer)
    kinds = plans.PhoneNumberType
    mobile = (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE, kinds.PERSONAL_NUMBER, kinds.VOIP)
    if not fixed and plans.number_type(number) not in mobile:
        raise _wrong("no_mobile_phone", pointer)
    return plans.format_number(number, plans.PhoneNumberFormat.E164)


def email(text: str, *, pointer: str = POINTER) -> str:
    """An address in lower case: dot-atom local part, host name with a dot (RFC 5321).

    Strictly the local part may differ by case; no mailbox in use does, and people type it either
    way.

    Raises:
        InvalidFields: it can be no address (`wrong_email`), said of the field at ``pointer``.
    """
    local, _, host = text.strip().lower().rpartition("@")
    try:
        host = host.encode("idna").decode()
    except UnicodeError as error:
        raise _wrong("wrong_email", pointer) from error
    fits = len(local) <= LONGEST_LOCAL_PART and len(local) + len(host) < LONGEST_EMAIL
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(host)):
        raise _wrong("wrong_email", pointer)
    return f"{local}@{host}"


def _wrong(code: str, pointer: str) -> InvalidFields:
    return InvalidFields(fields=(FieldError(pointer, code),))
