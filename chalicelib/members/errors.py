"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, Forbidden, Gone, NotFound, TooMany, Unprocessable


class OneTimeCodeExpired(Gone):
    """There is no such challenge, or it ran out, was used, or was guessed at too often."""

    code = "one_time_code_expired"


class WrongOneTimeCode(Unprocessable):
    """The code is not the one that was sent; ``left`` tries remain."""

    code = "wrong_one_time_code"


class TooManyOneTimeCodes(TooMany):
    """This address or this client asked for too many codes."""

    code = "too_many_one_time_codes"


class TooManyWrongOneTimeCodes(TooMany):
    """This client tried too many wrong codes."""

    code = "too_many_wrong_one_time_codes"


class OneTimeCodesPaused(TooMany):
    """The program's budget of messages or of wrong codes is used up; its breaker is open."""

    code = "one_time_codes_paused"


class TooManySearches(TooMany):
    """This person of the staff looked for members too often within an hour."""

    code = "too_many_searches"


class MembershipNeeded(Conflict):
    """Nobody with this address is a member; send the same code again with ``join``."""

    code = "membership_needed"


class RulesChanged(Conflict):
    """Another version of the rules is in force than the one accepted."""

    code = "rules_changed"


class RulesNeeded(Conflict):
    """Membership rests on the accepted rules (GC-5); who no longer accepts them leaves the club."""

    code = "rules_needed"


class AddressTaken(Conflict):
    """The phone number or e-mail address belongs to another member of the program."""

    code = "address_taken"


class MemberUnknown(NotFound):
    """No such member in this program."""

    code = "member_unknown"


class MemberNotFound(NotFound):
    """Nobody in this program has this card number, phone number or code."""

    code = "member_not_found"


class AppCodeExpired(Gone):
    """The code of the member's app is genuine and older than five minutes."""

    code = "app_code_expired"


class TooManyLookups(TooMany):
    """This credential found nobody too often within an hour."""

    code = "too_many_lookups"


class ContactsOfSeveral(Conflict):
    """The contacts, or the card, of one person belong to different members already."""

    code = "contacts_of_several"


class TooManyEnrolments(TooMany):
    """This credential enrolled too many people within an hour."""

    code = "too_many_enrolments"


class NoteUnknown(NotFound):
    """No such note about this member, or it was deleted."""

    code = "note_unknown"


class PurposeUnknown(NotFound):
    """Consent is not asked for this."""

    code = "purpose_unknown"


class StatusNotPossible(Conflict):
    """The member's status cannot be changed like this."""

    code = "status_not_possible"


class WrongConfirmation(Unprocessable):
    """Erasure must be confirmed by the member's own card number."""

    code = "wrong_confirmation"


class RulesNotAccepted(Forbidden):
    """Taking part means accepting the rules first (GC-5)."""

    code = "rules_not_accepted"
