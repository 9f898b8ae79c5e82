"""Whether the API answers, and what of: for who deploys and who watches."""

from typing import Annotated

import msgspec
from msgspec import Meta

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import NoBody, Room

room = Room("platform", "The deployment itself.")


class HealthView(msgspec.Struct, frozen=True):
    """What answers."""

    stage: Annotated[str, Meta(examples=["prod"])]
    """The deployment's name."""
    version: Annotated[str, Meta(examples=["4f1c2a9"])]
    """What was deployed: the commit, as the release is called."""


@room.route(
    "GET",
    "/v1/health",
    access="public",
    summary="Does the API answer?",
    answers={200: HealthView},
)
def health(call: Call[NoBody, NoBody]) -> Answer:
    """A good answer says that the gateway, the function and its settings work, and that the code
    knows the form of the data: the only thing that is read, once by each process.
    """
    return Answer(HealthView(call.settings.stage, call.settings.version))
