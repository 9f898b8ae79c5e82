"""HTTP: forecasts, from the order to the tables."""

from chalicelib.files.errors import FileNotReady, FileUnknown, WrongFilePurpose
from chalicelib.forecasts import routes_pilots, service, store
from chalicelib.forecasts.errors import ForecastNotDone, ForecastUnknown
from chalicelib.forecasts.room import room
from chalicelib.forecasts.service import Order
from chalicelib.forecasts.shapes import ForecastRow, ForecastView, NewForecast, ReportQuery
from chalicelib.forecasts.tables import TABLES
from chalicelib.forecasts.views import forecast_row, forecast_view, results
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.programs.model import DraftInvalid, ProgramUnknown, VersionUnknown
from chalicelib.programs.service import require

__all__ = ["room", "routes_pilots"]

PATH = "/v1/staff/programs/{program}/forecasts"
CLUB = {"program": "jewels"}
FORECAST = {**CLUB, "forecast": "01k2m3n4p5q6r7s8t9v1"}
BODY_BYTES = 1024 * 1024


@room.route(
    "POST",
    PATH,
    access="staff:forecasts.run",
    summary="Forecast what programs would have cost",
    body=NewForecast,
    answers={202: ForecastView},
    refuses=(
        ProgramUnknown,
        VersionUnknown,
        DraftInvalid,
        ForecastUnknown,
        FileUnknown,
        FileNotReady,
        WrongFilePurpose,
    ),
    example=Example(
        path=CLUB,
        body={
            "name": "A better rate, or longer-lived points?",
            "documents": ["draft"],
            "variants": [
                {"name": "7 % instead of 5 %", "rates": {"base": {"num": 7, "den": 100}}},
                {
                    "name": "Points live for a year",
                    "burn": {"type": "after", "count": 12, "unit": "month"},
                },
                {"name": "At most 30 % paid with points", "max_share": {"num": 3, "den": 10}},
            ],
            "assumptions": {"margin": 4000},
        },
    ),
    guarded=True,
    max_bytes=BODY_BYTES,
)
def order(call: Call[NewForecast, NoBody]) -> Answer:
    """A job plays the members' past receipts through by each document, and by the version in
    force. Nothing of the program or of its members changes.
    """
    body = call.body
    wish = Order(
        call.path["program"],
        body.name,
        body.documents,
        body.variants,
        body.source,
        body.file,
        body.begins or "",
        body.ends or "",
        body.assumptions,
        call.principal,
        call.at,
    )
    found = service.order(wish, call.guard(), call.ids)
    return Answer(forecast_view(found, call.language), 202)


@room.route(
    "GET",
    PATH,
    access="staff:forecasts.read",
    summary="Forecasts, newest first",
    query=PageQuery,
    answers={200: Page[ForecastRow]},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def forecasts(call: Call[NoBody, PageQuery]) -> Answer:
    """The program's forecasts."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.forecasts(program),
            lambda after, limit: store.newest(program, after, limit),
            lambda item: forecast_row(service.current(item.forecast), call.language),
        )
    )


@room.route(
    "GET",
    PATH + "/{forecast}",
    access="staff:forecasts.read",
    summary="A forecast, its progress and its result",
    answers={200: ForecastView},
    refuses=(ForecastUnknown,),
    example=Example(path=FORECAST),
)
def forecast(call: Call[NoBody, NoBody]) -> Answer:
    """What each document would have cost and left, and who would gain or lose by it."""
    found = service.read(call.path["program"], call.path["forecast"])
    return Answer(forecast_view(found, call.language))


@room.route(
    "GET",
    PATH + "/{forecast}/report",
    access="staff:forecasts.read",
    summary="A table of a forecast as CSV",
    query=ReportQuery,
    answers={200: str},
    refuses=(ForecastUnknown, ForecastNotDone),
    example=Example(path=FORECAST),
    media_types=("text/csv",),
)
def report(call: Call[NoBody, ReportQuery]) -> Answer:
    """For a spreadsheet."""
    found, result = service.result(call.path["program"], call.path["forecast"])
    text = TABLES[call.query.table](results(found, result, call.language))
    name = f'attachment; filename="{found.forecast}-{call.query.table}.csv"'
    headers = (("Content-Disposition", name),)
    return Answer(text, headers=headers, media_type="text/csv; charset=utf-8")
