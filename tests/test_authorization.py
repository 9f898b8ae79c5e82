"""Who may call what: every operation against every kind of caller, generated from the app's own
table of contents.

What is expected follows from the operation's `access` word alone; a word this suite does not know,
or a route that Chalice serves and no room declares, fails.
"""

import re
from datetime import timedelta

import httpx
import jwt
import pytest

from app import ROOMS, app
from chalicelib.kernel import tokens
from chalicelib.kernel.http.routing import Operation, operations
from tests.support.club import Club, House, Member, bearer
from tests.support.forgeries import FORGERIES
from tests.support.partner import SIGNER
from tests.support.stored import Stored
from tests.support.world import World

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
OPERATIONS = list(operations(ROOMS))
CLOSED = [one for one in OPERATIONS if one.access not in ("public", "optional")]
SIGNED = [one for one in OPERATIONS if one.access.startswith("partner")]
"""What partners' systems sign: tests/test_signatures.py."""
STAFF = [one for one in OPERATIONS if one.access.startswith("staff:")]
MEMBERS = [one for one in OPERATIONS if one.access in ("member", "optional")]
OWN_IDS = {"partner", "version", "reward", "point", "role"}
"""What each club gives by itself: it has, or makes, its own."""
ACCESS = re.compile(r"public|optional|member|(staff|partner)(:[a-z]+(\.[a-z]+)+)?")


def each(given: list[Operation]) -> pytest.MarkDecorator:
    """The test, once for each of these operations."""
    return pytest.mark.parametrize("operation", given, ids=lambda one: one.name)


def test_chalice_serves_what_the_rooms_declare_and_nothing_else() -> None:
    served = {(method, path) for path, routes in app.routes.items() for method in routes}
    assert served == {(one.method, one.path) for one in OPERATIONS}


@each(OPERATIONS)
def test_every_operation_says_who_may_call_it(operation: Operation) -> None:
    assert ACCESS.fullmatch(operation.access)
    assert operation.access.startswith("staff") == operation.path.startswith("/v1/staff/")
    assert ("/v1/me" in operation.path) <= (operation.access == "member")
    assert operation.access.startswith("partner") == operation.path.startswith("/v1/partner/")
    guarded = app.routes[operation.path][operation.method].authorizer is not None
    assert guarded == (operation in CLOSED and operation not in SIGNED)


@each(CLOSED)
def test_nobody_gets_in(operation: Operation, world: World) -> None:
    assert _status(world, operation, {}) == 401


@each([one for one in OPERATIONS if one.access != "public" and one not in SIGNED])
def test_no_forged_token_gets_in(operation: Operation, world: World) -> None:
    claims = jwt.decode(world.token(operation.access), options={"verify_signature": False})
    forged = {name: forge(world.house, claims) for name, forge in FORGERIES.items()}
    found = {name: _status(world, operation, bearer(token)) for name, token in forged.items()}
    assert found == dict.fromkeys(FORGERIES, 401)


@each([one for one in CLOSED if one not in SIGNED])
def test_only_a_bearer_token_gets_in(operation: Operation, world: World) -> None:
    token = world.token(operation.access)
    given = [f"Basic {token}", token, "Bearer", f"Bearer {token} {token}", "Bearer ."]
    assert {_status(world, operation, {"Authorization": one}) for one in given} == {401}


# -- the right kind of caller ----------------------------------------------------


@each(STAFF)
def test_members_are_no_staff(operation: Operation, world: World) -> None:
    assert _status(world, operation, bearer(world.member.token)) == 403


@each([one for one in OPERATIONS if one.access == "member"])
def test_staff_are_no_members(operation: Operation, world: World) -> None:
    assert _status(world, operation, bearer(world.house.staff())) == 403


@each(STAFF)
def test_staff_need_the_very_right(operation: Operation, world: World) -> None:
    right = operation.access.removeprefix("staff:")
    others = {one.access.removeprefix("staff:") for one in STAFF} - {right}
    without = world.house.staff(
        (world.club.id,), (*others, f"{right}x", right.partition(".")[0], "")
    )
    assert _status(world, operation, bearer(without)) == 403
    assert _status(world, operation, bearer(world.house.staff((world.club.id,), (right,)))) < 300


@each(STAFF)
def test_another_clubs_staff_learn_nothing(operation: Operation, world: World) -> None:
    """Not even that the club exists: 404 whether or not they have the right."""
    right = operation.access.removeprefix("staff:")
    for programs, rights in ((("other-club",), (right,)), (("other-club",), ("*",)), ((), ("*",))):
        assert _status(world, operation, bearer(world.house.staff(programs, rights))) == 404


@each(STAFF)
def test_ids_of_another_club_are_unknown(operation: Operation, world: World, club: Club) -> None:
    """The club's own staff with full rights, and everything they name belongs to another club."""
    request = world.request(operation)
    if set(operation.example.path) == {"program"}:
        pytest.skip("names nothing but the club")
    path = request.url.path.replace(f"/{world.club.id}/", f"/{club.id}/")
    before = world.dump()
    answer = world.house.http.request(
        operation.method,
        path,
        content=request.content,
        headers={**_kept(request), **bearer(world.house.staff((club.id,)))},
    )
    assert world.dump() == before
    if OWN_IDS & operation.example.path.keys():
        assert answer.is_success or answer.status_code in (404, 409, 422), answer.text
    else:
        assert answer.status_code == 404, answer.text


# -- one's own things --------------------------------------------------------------


@each(MEMBERS)
def test_a_stranger_reaches_nothing_of_the_owners(operation: Operation, world: World) -> None:
    """Another member of the same club sends what works for the owner."""
    _try_as(world, operation, world.club.join())


@each(MEMBERS)
def test_another_clubs_member_reaches_nothing(
    operation: Operation, world: World, club: Club
) -> None:
    _try_as(world, operation, club.join())


def _try_as(world: World, operation: Operation, other: Member) -> None:
    before = _owned(world)
    request = world.request(operation)
    request.headers.update(bearer(other.token))
    answer = world.house.http.send(request)
    assert answer.status_code < 500
    assert _owned(world) == before, "the owner's things changed"
    profile = world.member.session["member"]
    secrets = (world.member.id, world.member.phone, world.member.phone[-7:], profile["card_number"])
    assert not [one for one in secrets if one in answer.text]


def _owned(world: World) -> Stored:
    owner = f"{world.club.id}#M#{world.member.id}"
    return {key: item for key, item in world.dump().items() if key[0] == owner}


# -- sessions ------------------------------------------------------------------------


def test_signing_out_everywhere_ends_all_tokens_at_once(club: Club) -> None:
    first = club.join()
    second = club.sign_in(first.phone)
    assert second.call("DELETE", "/sessions").status_code == 204
    for member in (first, second):
        answer = member.call("GET", "")
        assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")
        assert member.refresh().status_code == 401
    assert club.sign_in(first.phone).call("GET", "").status_code == 200


def test_signing_out_ends_this_session_only(club: Club) -> None:
    first = club.join()
    second = club.sign_in(first.phone)
    assert first.call("DELETE", "/session").status_code == 204
    assert first.call("GET", "").status_code == 401
    assert first.refresh().status_code == 401
    assert second.call("GET", "").status_code == 200


def test_a_copied_refresh_token_ends_the_session(club: Club) -> None:
    member = club.join()
    stolen = Member(club, member.phone, dict(member.session))
    assert member.refresh().status_code == 200
    assert member.refresh().status_code == 200
    assert stolen.refresh().status_code == 401
    assert member.refresh().status_code == 401
    assert member.call("GET", "").status_code == 401


def test_the_refresh_token_before_works_for_a_minute_only(club: Club) -> None:
    member = club.join()
    before = Member(club, member.phone, dict(member.session))
    again = Member(club, member.phone, dict(member.session))
    assert member.refresh().status_code == 200
    assert again.refresh().status_code == 200
    assert again.session["refresh_token"] == member.session["refresh_token"]
    with club.house.later("PT2M"):
        assert before.refresh().status_code == 401
        assert member.refresh().status_code == 401


@pytest.mark.parametrize("place", range(5))
def test_a_changed_refresh_token_is_none(club: Club, place: int) -> None:
    member = club.join()
    parts = member.session["refresh_token"].split(".")
    parts[place] = parts[place][:-1] + ("1" if parts[place][-1] != "1" else "2")
    body = {"refresh_token": ".".join(parts)}
    answer = club.house.http.post("/v1/sessions/refresh", json=body)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert member.refresh().status_code == 200


def test_access_ends_after_its_ten_minutes(club: Club) -> None:
    member = club.join()
    with club.house.later("PT9M59S"):
        assert member.call("GET", "").status_code == 200
    with club.house.later("PT10M1S"):
        assert member.call("GET", "").status_code == 401
        assert member.refresh().status_code == 200
        assert member.call("GET", "").status_code == 200


def test_a_suspended_member_is_out_at_once(club: Club) -> None:
    member = club.join()
    body = {"status": "suspended", "reason": "By a test"}
    assert member.staff("POST", "/status", json=body).status_code == 200
    answer = member.call("GET", "")
    assert (answer.status_code, answer.json()["code"]) == (403, "member_not_active")
    assert member.refresh().status_code == 403


def test_tokens_of_one_program_name_it(club: Club, house: House) -> None:
    """A member of the same id in another program is somebody else: the token binds both."""
    member, other = club.join(), house.new_club()
    claims = jwt.decode(member.token, options={"verify_signature": False})
    forged = tokens.issue(
        house.stage, "member", claims | {"program": other.id}, house.now, timedelta(minutes=1)
    )
    answer = house.http.get("/v1/me", headers=bearer(forged))
    assert answer.status_code == 401


def _status(world: World, operation: Operation, headers: dict[str, str]) -> int:
    request = world.request(operation)
    request.extensions.pop(SIGNER, None)
    kept = [(name, value) for name, value in request.headers.items() if name != "authorization"]
    request.headers = httpx.Headers([*kept, *headers.items()], encoding="latin-1")
    return world.house.http.send(request).status_code


def _kept(request: httpx.Request) -> dict[str, str]:
    names = ("content-type", "idempotency-key")
    return {name: request.headers[name] for name in names if name in request.headers}
