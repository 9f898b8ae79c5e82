"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class AwardListUnknown(NotFound):
    """No such list of awards in this program."""

    code = "award_list_unknown"


class AwardListNotChecked(Conflict):
    """The list is still being checked."""

    code = "award_list_not_checked"


class AwardListCancelled(Conflict):
    """The list was cancelled; its rows can only be uploaded again."""

    code = "award_list_cancelled"


class AwardListRun(Conflict):
    """The list was run before, by another request; what it posted stays."""

    code = "award_list_run"


class AwardListStopped(Conflict):
    """The list was stopped while it was run: running it again posts the rest."""

    code = "award_list_stopped"


class RowsWrong(Conflict):
    """Rows are wrong; correct the file, or run the list without them."""

    code = "rows_wrong"


class OwnList(Conflict):
    """So many points need four eyes: somebody else than who uploaded the list must run it."""

    code = "own_list"
