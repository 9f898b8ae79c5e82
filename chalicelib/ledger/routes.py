"""HTTP: a member's own points."""

from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.kernel.table import keys
from chalicelib.kernel.table.pages import Page, PageQuery, page
from chalicelib.ledger import routes_approvals, routes_staff, service, store
from chalicelib.ledger.routes_common import account_of, newest, room, seq_of
from chalicelib.ledger.views import AccountView, EntryView, entry_view

__all__ = ["room", "routes_approvals", "routes_staff"]


@room.route(
    "GET",
    "/v1/me/account",
    access="member",
    summary="My points",
    answers={200: AccountView},
    refuses=(service.AccountUnknown,),
)
def my_account(call: Call[NoBody, NoBody]) -> Answer:
    """The caller's account: what can be spent, and which points burn when."""
    return Answer(account_of(call.member.program, call.member.member, call))


@room.route(
    "GET",
    "/v1/me/entries",
    access="member",
    summary="My history of points, newest first",
    query=PageQuery,
    answers={200: Page[EntryView]},
)
def my_entries(call: Call[NoBody, PageQuery]) -> Answer:
    """The caller's entries."""
    who = call.member
    return Answer(
        page(
            call.query,
            keys.member(who.program, who.member) + "#E",
            lambda after, limit: newest(who.program, who.member, after, limit),
            lambda item: entry_view(store.from_item(item, who.program, who.member), call.language),
        )
    )


@room.route(
    "GET",
    "/v1/me/entries/{seq}",
    access="member",
    summary="One entry of my history",
    answers={200: EntryView},
    refuses=(service.EntryUnknown,),
    example=Example(path={"seq": "1"}),
)
def my_entry(call: Call[NoBody, NoBody]) -> Answer:
    """Why the caller has these points, or no longer has them."""
    who = call.member
    return Answer(entry_view(service.entry(who.program, who.member, seq_of(call)), call.language))
