"""What a change of the terms asks of those who are members already."""

from typing import Annotated, Literal

import msgspec

Acceptance = Literal["continue", "accept_again"]


class TermsPolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a change of the terms comes to members."""

    acceptance: Annotated[
        Acceptance,
        msgspec.Meta(
            description="`continue`: who stays goes on under new terms; `accept_again`: members "
            "are asked to accept them."
        ),
    ] = "continue"
