"""HTTP: the roles of a program."""

from typing import Any

from chalicelib.kernel.errors import InvalidFields
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody
from chalicelib.programs.model import ProgramUnknown
from chalicelib.staff import errors, service_roles
from chalicelib.staff.acting import Acting
from chalicelib.staff.room import CLUB, ROLE, room
from chalicelib.staff.shapes import RoleBody, RoleList, RoleView
from chalicelib.staff.views import role_list, role_view

ROLES = "/v1/staff/programs/{program}/roles"
ONE = ROLES + "/{role}"


@room.route(
    "GET",
    ROLES,
    access="staff:staff.read",
    summary="Roles and rights",
    answers={200: RoleList},
    refuses=(ProgramUnknown,),
    example=Example(path=CLUB),
)
def roles(call: Call[NoBody, NoBody]) -> Answer:
    """The roles that every program has, then the program's own by id; and every right there is."""
    return Answer(role_list(service_roles.roles(call.path["program"]), call.language))


@room.route(
    "GET",
    ONE,
    access="staff:staff.read",
    summary="A role",
    answers={200: RoleView},
    refuses=(errors.StaffRoleUnknown,),
    example=Example(path=ROLE),
)
def role(call: Call[NoBody, NoBody]) -> Answer:
    """With its rights."""
    found = service_roles.find(call.path["program"], call.path["role"])
    return Answer(role_view(found, call.language))


@room.route(
    "PUT",
    ONE,
    access="staff:staff.write",
    summary="Make or change a role",
    body=RoleBody,
    answers={200: RoleView},
    refuses=(
        ProgramUnknown,
        errors.StaffRoleUnknown,
        errors.RoleGiven,
        errors.TooManyRoles,
        errors.RightsExceeded,
        InvalidFields,
    ),
    example=Example(
        path=ROLE,
        body={
            "name": {"en": "Gift desk", "ru": "Стол подарков"},
            "rights": ["orders.read", "orders.handle"],
        },
    ),
)
def write_role(call: Call[RoleBody, NoBody]) -> Answer:
    """Holds for everybody who has the role, from their next request on."""
    body = call.body
    written = service_roles.write(_acting(call), call.path["role"], body.name, body.rights)
    return Answer(role_view(written, call.language))


@room.route(
    "DELETE",
    ONE,
    access="staff:staff.write",
    summary="Delete a role that nobody has",
    answers={204: None},
    refuses=(
        errors.StaffRoleUnknown,
        errors.RoleGiven,
        errors.RoleInUse,
        errors.RightsExceeded,
    ),
    example=Example(path=ROLE),
    guarded=True,
)
def delete_role(call: Call[NoBody, NoBody]) -> Answer:
    """The roles that every program has stay."""
    service_roles.delete(_acting(call), call.path["role"], call.guard())
    return Answer(None, 204)


def _acting(call: Call[Any, NoBody]) -> Acting:
    return Acting(program=call.path["program"], caller=call.staff, at=call.at)
