"""HTTP: staff look for members."""

from chalicelib.kernel.errors import FieldError, InvalidCursor, InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table.pages import Page
from chalicelib.members import service_search
from chalicelib.members.errors import TooManySearches
from chalicelib.members.room import CLUB, room
from chalicelib.members.service_search import Search
from chalicelib.members.shapes_staff import FoundView, SearchBody
from chalicelib.members.views_staff import found_view


@room.route(
    "POST",
    "/v1/staff/programs/{program}/member-search",
    access="staff:members.search",
    summary="Find members by phone, e-mail, card number, the club's own number or name",
    body=SearchBody,
    answers={200: Page[FoundView]},
    refuses=(InvalidCursor, TooManySearches),
    example=Example(body={"card_number": "4000123412341231"}, path=CLUB),
)
def search(call: Call[SearchBody, NoBody]) -> Answer:
    """A POST, so that nothing personal stands in addresses and logs. Each look is on record with
    who was shown, but not what was looked for; 300 an hour are enough for anybody. A page may be
    short, even empty, although `next` leads on.
    """
    found = service_search.search(_wanted(call))
    return Answer(Page([found_view(person) for person in found.rows], found.next))


def _wanted(call: Call[SearchBody, NoBody]) -> Search:
    body = call.body
    given: dict[service_search.By, str | None] = {
        "phone": body.phone,
        "email": body.email,
        "card_number": body.card_number,
        "external_id": body.external_id,
        "name": body.name,
    }
    match [(by, value) for by, value in given.items() if value is not None]:
        case [(by, value)]:
            return _search(call, by, value)
    raise InvalidFields(fields=(FieldError("/", "exactly_one"),))


def _search(call: Call[SearchBody, NoBody], by: service_search.By, value: str) -> Search:
    return Search(
        program=call.path["program"],
        by=by,
        value=value,
        limit=call.body.limit,
        cursor=call.body.cursor,
        actor=call.principal,
        at=call.at,
    )
