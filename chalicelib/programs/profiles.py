"""What a club asks its members to tell of themselves."""

from typing import Annotated, Literal

import msgspec

ProfileField = Literal["given_name", "family_name", "birthday", "gender", "phone", "email", "city"]


class ProfilePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The profile that the club wants of its members."""

    complete: Annotated[
        tuple[ProfileField, ...],
        msgspec.Meta(
            max_length=7,
            description="A profile in which all of these are told is complete, and the platform "
            "makes an event of it, once for each member. None: staff tell that one is.",
        ),
    ] = ()
