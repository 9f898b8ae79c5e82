"""The refusals of this room."""

from chalicelib.kernel.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    TooMany,
    Unprocessable,
)


class StaffUnknown(NotFound):
    """No such person works for this program."""

    code = "staff_unknown"


class StaffRoleUnknown(NotFound):
    """The program has no such role."""

    code = "staff_role_unknown"


class RightsExceeded(Forbidden):
    """Nobody gives or takes rights that they do not have themselves; ``right`` is one of them."""

    code = "rights_exceeded"


class StaffOfOthers(Forbidden):
    """The person also works for other programs, in which the caller lacks the right to this."""

    code = "staff_of_others"


class StaffExists(Conflict):
    """A person with this e-mail address already works for the program."""

    code = "staff_exists"


class StaffNotPossible(Conflict):
    """The person's status does not allow this."""

    code = "staff_not_possible"


class ResetOfOneself(Conflict):
    """Nobody lets themselves start over: it would take neither password nor second factor."""

    code = "reset_of_oneself"


class LastOwner(Conflict):
    """The program would be left without an owner who can sign in."""

    code = "last_owner"


class RoleGiven(Conflict):
    """The role is one that every program has; it cannot be changed."""

    code = "role_given"


class RoleInUse(Conflict):
    """Somebody has this role."""

    code = "role_in_use"


class TooManyRoles(Conflict):
    """The program has as many roles of its own as it may."""

    code = "too_many_roles"


class TooManyPrograms(Conflict):
    """The person works for as many programs as one may."""

    code = "too_many_programs"


class InvitationExpired(Gone):
    """There is no such invitation, or it was used, replaced by a newer one, or ran out."""

    code = "invitation_expired"


class WrongSignIn(Unprocessable):
    """E-mail address or password is wrong; which of them is not told."""

    code = "wrong_sign_in"


class SignInLocked(TooMany):
    """Too many wrong tries for this e-mail address or person, or from this client."""

    code = "sign_in_locked"


class SignInPaused(TooMany):
    """Too many wrong tries on the whole platform; its breaker is open."""

    code = "sign_in_paused"


class TicketExpired(Gone):
    """There is no such sign-in, or it ran out, was used, or met too many wrong second factors."""

    code = "ticket_expired"


class WrongSecondFactor(Unprocessable):
    """The code or the passkey's answer is not right, or was used before."""

    code = "wrong_second_factor"


class WrongPassword(Unprocessable):
    """The present password is another one."""

    code = "wrong_password"


class SignInAgain(Forbidden):
    """The sign-in is too long ago to change what signs the person in."""

    code = "sign_in_again"


class FactorUnknown(NotFound):
    """The person has no such second factor, nor was it offered to them in this session."""

    code = "factor_unknown"


class PasskeyTaken(Conflict):
    """The passkey is registered already, for somebody else or for this person."""

    code = "passkey_taken"


class LastFactor(Conflict):
    """Nobody signs in without a second factor, so the last one stays."""

    code = "last_factor"


class TooManyFactors(Conflict):
    """The person has as many second factors as one may."""

    code = "too_many_factors"
