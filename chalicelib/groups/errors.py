"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound, TooMany


class GroupUnknown(NotFound):
    """The program names no such group that members can apply for."""

    code = "group_unknown"


class ApplicationUnknown(NotFound):
    """The member has made no such application."""

    code = "application_unknown"


class ApplicationWaits(Conflict):
    """An application for this group waits to be decided."""

    code = "application_waits"


class ApplicationDecided(Conflict):
    """The application was decided before, by another request."""

    code = "application_decided"


class TooManyFiles(TooMany):
    """The member announced too many files within a day."""

    code = "too_many_files"
