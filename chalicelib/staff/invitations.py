"""Invitations: a code by e-mail, good once and for a week; who signs in already gets no code, but
word that an invitation to a further program waits for them.

The code is a keyed hash of the person and the number of the invitation, so nothing of it is
stored and a retry sends the same one. A newer invitation has another number: it voids the older.
"""

from datetime import datetime

from chalicelib.kernel.clock import render
from chalicelib.kernel.ids import symbols
from chalicelib.kernel.secrets import keyed_digest, same
from chalicelib.kernel.settings import Settings
from chalicelib.messages import gateway, templates
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import in_force
from chalicelib.staff import store
from chalicelib.staff.errors import InvitationExpired
from chalicelib.staff.model import INVITATION_LIFE, Invitation, Person

SECRET_LENGTH = 26
"""130 bits."""


def next_after(before: Invitation | None, at: datetime) -> Invitation:
    """A new invitation in the place of the one before."""
    number = 1 if before is None else before.number + 1
    return Invitation(number=number, expires_at=render(at + INVITATION_LIFE))


def code_of(person: Person, stage: Settings) -> str:
    """The code of the person's newest invitation: their id, and what nobody can guess."""
    number = str(person.invitation.number)
    raw = keyed_digest(stage, "staff invitation", person.staff, number)
    return f"{person.staff}.{symbols(raw[:SECRET_LENGTH]).lower()}"


def holder(code: str, stage: Settings) -> Person:
    """Whose newest invitation has this code, used or not; raises InvitationExpired."""
    staff = code.partition(".")[0]
    person = store.read(staff, strong=True) if staff else None
    if person is None or not same(code, code_of(person, stage)):
        raise InvitationExpired
    return person


def send(person: Person, program: str, stage: Settings, at: datetime) -> None:
    """Send the person's invitation to the program, unless it is on its way or not needed.

    Raises:
        MessageNotSent: the same request again tries again.
    """
    waits = person.pending.get(program)
    if person.status == "active" and waits is not None and not waits.sent:
        club = club_of(program, person.language, at)
        told = templates.staff_further_invitation(person.email, person.language, club=club)
        gateway.send(told, stage)
        store.mark_told(person, program)
    if person.status != "invited" or person.invitation.sent:
        return
    message = templates.staff_invitation(
        person.email,
        person.language,
        club=club_of(program, person.language, at),
        code=code_of(person, stage),
        days=INVITATION_LIFE.days,
    )
    gateway.send(message, stage)
    store.mark_sent(person)


def club_of(program: str, language: str, at: datetime) -> str:
    """What a program is called, for whoever is invited to it."""
    try:
        return in_force(program, at).name.get(language)
    except ProgramUnknown:
        # Still a draft: whoever is invited may be the one to publish it.
        return program
