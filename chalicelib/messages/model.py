"""A message to one person, and what can go wrong with it."""

from typing import Literal

import msgspec

from chalicelib.kernel.errors import Unavailable

Channel = Literal["sms", "email"]
SUBJECT_LENGTH = 150


class Message(msgspec.Struct, frozen=True):
    """What to tell whom, and how."""

    channel: Channel
    to: str
    """A phone number in E.164, or an e-mail address."""
    text: str
    """Plain text; the first line of an e-mail is its subject as well."""

    @property
    def subject(self) -> str:
        """The subject of an e-mail."""
        return self.text.partition("\n")[0][:SUBJECT_LENGTH]


class MessageNotSent(Unavailable):
    """The gateway did not take the message; the same request may be sent again."""

    code = "message_not_sent"
