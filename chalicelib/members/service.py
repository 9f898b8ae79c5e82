"""The room's use cases for other rooms and app.py.

One module per group of verbs stands behind them:

``service_codes`` one-time codes; ``service_join`` joining; ``service_sessions`` sign-in, refresh
and sign-out; ``service_profile`` profile, contacts and consents; ``service_erasure`` export and
erasure; ``service_staff`` what staff do; ``service_identify`` who stands at the till;
``service_names`` what the daily round does for searches; ``service_enrolment`` whom partners enrol.
"""

from datetime import datetime

from chalicelib.members import store
from chalicelib.members.service_erasure import finish_erasure, when_erased
from chalicelib.members.service_identify import MEANS, identify
from chalicelib.members.service_names import index_name, is_indexed
from chalicelib.members.service_sessions import authenticate

__all__ = [
    "MEANS",
    "authenticate",
    "finish_erasure",
    "identify",
    "index_name",
    "is_indexed",
    "lock_codes",
    "when_erased",
]


def lock_codes(program: str, member: str, until: datetime) -> None:
    """Close scratch codes to a member until an instant; a longer lock stays."""
    store.lock(program, member, until)
