"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, Forbidden, Gone, NotFound, TooMany, Unprocessable


class TagUnknown(NotFound):
    """No tag has this serial, or none of this program."""

    code = "tag_unknown"


class TagWithdrawn(Conflict):
    """The club withdrew this tag."""

    code = "tag_withdrawn"


class TagRegistered(Conflict):
    """The item is registered already."""

    code = "tag_registered"


class TagNotWithdrawn(Conflict):
    """Only a withdrawn tag can be reinstated."""

    code = "tag_not_withdrawn"


class TagNotRegistered(Conflict):
    """Only a registered tag can be released."""

    code = "tag_not_registered"


class CodeMistyped(Unprocessable):
    """The code's check symbol does not fit: a slip of the finger, which costs no attempt."""

    code = "code_mistyped"


class CodeWrong(Unprocessable):
    """The code is not the one under this tag's layer."""

    code = "code_wrong"


class CodeTriesExhausted(TooMany):
    """Too many wrong codes: by this member, on this tag, from this client or in this program."""

    code = "code_tries_exhausted"


class SellerNotConfirmed(Forbidden):
    """The club has not confirmed for whom this seller sells."""

    code = "seller_not_confirmed"


class ItemClaimed(Conflict):
    """Another seller claimed the item."""

    code = "item_claimed"


class ItemShippedElsewhere(Forbidden):
    """The item was shipped to another partner than the seller's."""

    code = "item_shipped_elsewhere"


class OwnItem(Conflict):
    """The seller registered the item: nobody is rewarded for selling to themselves."""

    code = "own_item"


class ClaimTooLate(Conflict):
    """The buyer registered the item longer ago than the club lets sellers claim it."""

    code = "claim_too_late"


class ClaimBarred(Conflict):
    """Staff took the claim of this item from this seller."""

    code = "claim_barred"


class ClaimUnknown(NotFound):
    """Nobody's claim of this item counts."""

    code = "claim_unknown"


class ClaimEnded(Conflict):
    """The claim brings nothing already."""

    code = "claim_ended"


class BatchUnknown(NotFound):
    """No such batch in this program."""

    code = "batch_unknown"


class BatchNotReady(Conflict):
    """Not all tags of the batch exist yet."""

    code = "batch_not_ready"


class PrintWindowUsed(Conflict):
    """The batch's print window was opened before, for another reason or by another person."""

    code = "print_window_used"


class PrintWindowNotOpen(Conflict):
    """The print window was not opened yet."""

    code = "print_window_not_open"


class PrintWindowClosed(Gone):
    """The print window is over and the codes are destroyed."""

    code = "print_window_closed"


class PrintPartUnknown(NotFound):
    """The batch has no such part."""

    code = "print_part_unknown"
