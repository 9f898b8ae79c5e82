"""The first owner of a program: invited by an operator, with the code printed where they sit.

Everybody else is invited by an owner. This is the same invitation that the API makes; it is on
record as the operator's, good once and for a week.
"""

from datetime import datetime

from chalicelib.kernel.http.call import StaffCaller
from chalicelib.kernel.ids import Ids
from chalicelib.kernel.settings import Settings
from chalicelib.kernel.table import guards
from chalicelib.kernel.texts import Language
from chalicelib.messages import addresses
from chalicelib.messages.model import MessageNotSent
from chalicelib.programs.model import ProgramUnknown
from chalicelib.staff import invitations, model, service_people, store
from chalicelib.staff.acting import Acting
from chalicelib.staff.errors import StaffExists
from chalicelib.staff.rights import OWNER
from chalicelib.staff.service_people import Invited
from infra.operations.deployed import StageError

OPERATOR = "first-owner"


def invite(
    program: str,
    email: str,
    name: str,
    language: Language,
    stage: Settings,
    ids: Ids,
    at: datetime,
) -> str:
    """Invite somebody to own a program and return the code with which they enrol.

    The same again returns the same code while it can be used. It also goes out by e-mail, if the
    stage can send any.

    Raises:
        StageError: no such program, not even a draft, or the person is in it already.
        InvalidFields: no e-mail address.
    """
    operator = StaffCaller(OPERATOR, {program: ("*",)})
    acting = Acting(program=program, caller=operator, at=at)
    wanted = Invited(email=email, name=name, language=language, roles=(OWNER,))
    call = guards.request(acting.actor, "first owner", ids.new(), wanted)
    try:
        service_people.invite(acting, wanted, call, ids, stage)
    except ProgramUnknown:
        raise StageError(
            f"There is no program {program}: put its draft first (docs/operations/first-hour.md)."
        ) from None
    except (StaffExists, MessageNotSent):
        pass  # invited before, or just now: the code below is theirs either way
    return _code(program, addresses.email(email, pointer="/email"), stage, at)


def _code(program: str, email: str, stage: Settings, at: datetime) -> str:
    known = store.owner(email)
    person = None if known is None else store.read(known, strong=True)
    if person is None or OWNER not in (model.roles_in(person, program) or ()):
        raise StageError(f"{email} works for {program} already, and does not own it.")
    if program in person.pending and person.status == "active":
        raise StageError(f"{email} signs in already, and accepts the invitation there.")
    if person.status != "invited" or not model.is_open(person.invitation, at):
        raise StageError(
            f"{email} has enrolled already, or the invitation has run out: another owner resets"
            " their access, or invite another address."
        )
    return invitations.code_of(person, stage)
