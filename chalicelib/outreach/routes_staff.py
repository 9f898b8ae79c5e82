"""HTTP: notices for the staff of a program."""

import msgspec

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.http.shapes import Instant
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.kernel.texts import say_count
from chalicelib.outreach import notices
from chalicelib.outreach.notices import NOTICES, NoticeItem
from chalicelib.outreach.room import room
from chalicelib.programs.model import ProgramUnknown
from chalicelib.programs.service import require


class NoticeView(msgspec.Struct, frozen=True):
    """One thing that staff should know, in the reader's language."""

    id: str
    """Names the notice."""
    at: Instant
    """When it happened."""
    text: str
    """The notice, in the reader's language."""
    code: str
    """Stable name of what it tells; programs may decide by it."""
    subject: str
    """What it is about: for `stock.low` the id of the reward."""
    figures: dict[str, int]
    """The figures of the sentence: for `stock.low` how many are `left`, and the `low_stock` from
    which on staff are told.
    """


@room.route(
    "GET",
    "/v1/staff/programs/{program}/notices",
    access="staff:notices.read",
    summary="Notices for staff, newest first",
    query=PageQuery,
    answers={200: Page[NoticeView]},
    refuses=(ProgramUnknown,),
    example=Example(path={"program": "jewels"}),
)
def staff_notices(call: Call[NoBody, PageQuery]) -> Answer:
    """What the platform noticed and somebody should act on, such as a stock that runs low."""
    program = call.path["program"]
    require(program)
    return Answer(
        page(
            call.query,
            keys.notices(program),
            lambda after, limit: notices.newest(program, after, limit),
            lambda item: _view(item, call.language),
        )
    )


def _view(item: NoticeItem, language: str) -> NoticeView:
    count = item.figures[NOTICES[item.code].counted]
    said = say_count(language, f"notice.{item.code}", count, subject=item.subject, **item.figures)
    return NoticeView(item.sk, item.at, said, item.code, item.subject, item.figures)
