"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class ForecastUnknown(NotFound):
    """No such forecast in this program."""

    code = "forecast_unknown"


class ForecastNotDone(Conflict):
    """The forecast has no result: it is still being worked out, or was stopped."""

    code = "forecast_not_done"


class PilotUnknown(NotFound):
    """No such pilot of this program."""

    code = "pilot_unknown"


class PilotOver(Conflict):
    """The pilot is over: nobody joins it any more, and it cannot end again at another time."""

    code = "pilot_over"


class PilotSpan(Conflict):
    """A pilot begins now or later, and ends after it begins."""

    code = "pilot_span"
