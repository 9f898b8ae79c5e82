"""The room's table of contents entry, which its route modules fill."""

from chalicelib.kernel.http.routing import Room

room = Room(
    "partners",
    "A partner is a company that sells the club's goods; an outlet is one of its shops or its "
    "webshop. Staff give both their ids, and credentials to the partner's systems, which sign what "
    "they send.",
)
