"""How often somebody may try to sign in as one of the staff, and when they may try again.

A try that concerns one person is counted *before* anything is compared, and taken back when it was
right: parallel guesses cannot get more. Of a client and of all together only the wrong ones count,
and of all together only those against people there are: guesses at random addresses pause nobody.
"""

from datetime import datetime, timedelta

import msgspec

from chalicelib.kernel.errors import TooMany
from chalicelib.kernel.limits import Limit
from chalicelib.kernel.table.keys import PLATFORM
from chalicelib.staff.errors import SignInLocked, SignInPaused

_HOUR = timedelta(hours=1)
_ALL, _NOBODY = "all", "nobody"
OF_ADDRESS = Limit("staff-password", 10, timedelta(minutes=15))
OF_PERSON = Limit("staff-factor", 10, _HOUR)
"""Of 10^6 codes three are right at a time: so many tries an hour find one in years."""
WRONG_OF_CLIENT = Limit("staff-wrong-client", 60, _HOUR)
WRONG = Limit("staff-wrong", 1000, _HOUR)


class Try(msgspec.Struct, frozen=True):
    """One counted try."""

    limit: Limit
    subject: str
    client: str
    number: int
    at: datetime

    def right(self) -> None:
        """It was right: it does not count."""
        self.limit.give_back(PLATFORM, self.subject, self.at, self.number)

    def wrong(self, *, known: bool = True) -> None:
        """It was wrong: it counts for the client, and for all if it concerned a ``known`` person.

        What concerned nobody is counted aside, which takes as long.
        """
        WRONG_OF_CLIENT.count(PLATFORM, self.client, self.at)
        WRONG.count(PLATFORM, _ALL if known else _NOBODY, self.at)


def take(limit: Limit, subject: str, client: str, at: datetime) -> Try:
    """Count a try, before anything is compared.

    Raises:
        SignInLocked, SignInPaused: there were too many; ``retry_after`` tells how long it lasts.
    """
    _refuse_over(limit, subject, at, SignInLocked)
    _refuse_over(WRONG_OF_CLIENT, client, at, SignInLocked)
    _refuse_over(WRONG, _ALL, at, SignInPaused)
    number = limit.count(PLATFORM, subject, at)
    if number > limit.most:
        _refuse_over(limit, subject, at, SignInLocked)
    return Try(limit, subject, client, number, at)


def _refuse_over(limit: Limit, subject: str, at: datetime, refusal: type[TooMany]) -> None:
    wait = limit.retry_after(PLATFORM, subject, at)
    if wait:
        raise refusal(retry_after=wait)
