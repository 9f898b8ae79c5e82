"""The wording of messages; the sentences stand in the text catalogues."""

from chalicelib.kernel.texts import say_count
from chalicelib.messages.model import Channel, Message


def one_time_code(
    channel: Channel, to: str, language: str, *, club: str, code: str, minutes: int
) -> Message:
    """The message that carries a one-time code, good for ``minutes``."""
    text = say_count(language, "message.one_time_code", minutes, club=club, code=code)
    return Message(channel, to, text)
