"""The wording of messages; the sentences stand in the text catalogues."""

from chalicelib.kernel.texts import say, say_count
from chalicelib.messages.model import Channel, Message


def one_time_code(
    channel: Channel, to: str, language: str, *, club: str, code: str, minutes: int
) -> Message:
    """The message that carries a one-time code, good for ``minutes``."""
    text = say_count(language, "message.one_time_code", minutes, club=club, code=code)
    return Message(channel, to, text)


def staff_further_invitation(to: str, language: str, *, club: str) -> Message:
    """The e-mail that tells somebody of the staff that a further club invites them."""
    return Message("email", to, say(language, "message.staff_further_invitation", club=club))


def staff_invitation(to: str, language: str, *, club: str, code: str, days: int) -> Message:
    """The e-mail that invites somebody to work for a club, good for ``days``."""
    text = say_count(language, "message.staff_invitation", days, club=club, code=code)
    return Message("email", to, text)
