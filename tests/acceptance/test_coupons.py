"""Single-use coupons: staff give them, members see and are told of them (RG-12)."""

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.coupons import service
from chalicelib.coupons.errors import CouponUnknown
from chalicelib.kernel.table.writes import transact
from tests.support import gifts, stored
from tests.support.club import Club, House, Member, bearer
from tests.support.coupons import NAME, REASON, TENTH, give, issue

DAY = 86_400


def held(member: Member, **query: Any) -> list[dict[str, Any]]:
    """The member's coupons as they see them."""
    answer = member.call("GET", "/coupons", params=query)
    assert answer.is_success, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def coupon_of(member: Member) -> dict[str, Any]:
    """The member's only coupon."""
    (found,) = held(member)
    return found


def use(club: Club, code: str, receipt: str = "receipt-1") -> None:
    """What a till does with a coupon through a receipt."""

    def decide(strong: bool) -> Any:
        found = service.find(club.id, code, strong=strong)
        return service.used(found, receipt, "partner:rubin", club.house.now), None

    transact(decide)


def give_back(club: Club, code: str, receipt: str = "receipt-1") -> int:
    """What the return of a whole receipt does; how many items change."""

    def decide(_: bool) -> Any:
        found = service.find(club.id, code, strong=True)
        writes = service.reopened(found, receipt, "partner:rubin", club.house.now)
        return writes, len(writes)

    return int(transact(decide))


@pytest.mark.req("RG-12")
def test_the_most_active_respondents_get_a_coupon_each_and_are_told(club: Club) -> None:
    members = [club.join() for _ in range(3)]
    outsider = club.join()
    answer = give(club, *members, terms={"amount": 50_000, "at_least": 200_000})
    assert (answer["eligible"], answer["left_out"]) == (3, [])
    club.house.pump()
    codes = set()
    for member in members:
        one = coupon_of(member)
        assert (one["name"], one["state"], one["sort"]) == ("Thank you", "open", "coupon")
        assert one["terms"] == {"amount": 50_000, "at_least": 200_000}
        codes.add(one["code"])
        (told,) = member.rows("/notifications")
        assert (told["code"], told["text"]) == (
            "coupon.issued",
            "You have a new coupon: Thank you.",
        )
        assert (told["coupon"], told["order"], told["entry"]) == (one["coupon"], None, None)
    assert len(codes) == 3
    assert not held(outsider)
    assert not outsider.rows("/notifications")


@pytest.mark.req("RG-12")
def test_a_coupon_works_once_and_again_when_its_receipt_is_returned(club: Club) -> None:
    member = club.join()
    give(club, member)
    code = coupon_of(member)["code"]
    use(club, code.lower().replace("-", " "))
    spent = coupon_of(member)
    assert (spent["state"], spent["receipt"]) == ("used", "receipt-1")
    with pytest.raises(Exception, match="coupon_not_open"):
        use(club, code, "receipt-2")
    assert give_back(club, code, "receipt-2") == 0  # another receipt's return changes nothing
    assert give_back(club, code) > 0
    assert (coupon_of(member)["state"], coupon_of(member)["receipt"]) == ("open", None)
    assert give_back(club, code) == 0
    use(club, code, "receipt-2")
    assert coupon_of(member)["receipt"] == "receipt-2"


def test_a_dry_run_tells_who_would_get_none_and_gives_nothing(club: Club) -> None:
    member, suspended = club.join(), club.join()
    body = {"status": "suspended", "reason": "For this test"}
    gifts.good(suspended.staff("POST", "/status", json=body))
    nobody = "0" * 20
    people = (member, suspended, nobody, member)
    left_out = [
        {"member": suspended.id, "why": "not_active"},
        {"member": nobody, "why": "unknown_member"},
        {"member": member.id, "why": "duplicate"},
    ]
    tried = issue(club, *people, dry_run=True)
    assert tried.status_code == 200
    assert tried.json() == {"issue": None, "job": None, "eligible": 1, "left_out": left_out}
    assert not held(member)
    done = issue(club, *people)
    assert (done.status_code, done.json()["left_out"]) == (202, left_out)
    club.house.pump()
    assert len(held(member)) == 1


def test_a_list_of_nobody_is_refused(club: Club) -> None:
    answer = issue(club, "0" * 20)
    assert (answer.status_code, answer.json()["code"]) == (409, "nobody_eligible")


def test_long_lists_are_given_in_parts_and_each_member_once(club: Club) -> None:
    members = [club.join() for _ in range(23)]
    for _ in range(2):
        answer = issue(club, *members, key="the same")
        assert answer.json()["eligible"] == 23
    club.house.pump()
    assert [len(held(member)) for member in members] == [1] * 23
    job = gifts.good(club.staff("GET", f"/jobs/{answer.json()['job']}"))
    assert (job["state"], job["parts"], job["units_done"]) == ("done", 2, 23)


def test_who_is_suspended_before_the_job_comes_to_them_gets_none(club: Club) -> None:
    first, second = club.join(), club.join()
    gifts.good(issue(club, first, second))
    body = {"status": "suspended", "reason": "For this test"}
    gifts.good(second.staff("POST", "/status", json=body))
    club.house.pump()
    assert len(held(first)) == 1
    assert gifts.good(second.staff("GET", "/coupons"))["rows"] == []


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"terms": {}}, "/terms", "amount_or_share"),
        ({"terms": {"share": {"num": 3, "den": 2}}}, "/terms/share", "share_out_of_range"),
        ({"terms": {**TENTH, "until": "2020-01-01"}}, "/terms/until", "day_past"),
        ({"terms": {"amount": 0}}, "/terms/amount", "too_small"),
        ({"name": {"en": "Thanks"}}, "/name/ru", "text_missing"),
        ({"members": []}, "/members", "too_short"),
        ({"members": ["nobody"]}, "/members/0", "wrong_format"),
    ],
)
def test_what_cannot_be_given(club: Club, changes: dict[str, Any], pointer: str, code: str) -> None:
    answer = issue(club, club.join(), **changes)
    assert answer.status_code == 422
    found = {(one["pointer"], one["code"]) for one in answer.json()["errors"]}
    assert (pointer, code) in found


def test_a_coupon_ends_with_its_last_local_day(club: Club, house: House) -> None:
    member = club.join()
    today = house.now.date()
    give(club, member, terms={**TENTH, "until": f"{today.year + 1}-01-31"})
    assert [one["state"] for one in held(member)] == ["open"]
    with house.later((366 + 31) * DAY):
        again = club.sign_in(member.phone)
        assert [one["state"] for one in held(again)] == ["expired"]
        assert held(again, state="open") == []
        assert len(held(again, state="expired")) == 1


def test_those_that_can_be_used_come_first_page_by_page(club: Club) -> None:
    member = club.join()
    for number in range(4):
        name = {**NAME, "en": f"Coupon {number}"}
        give(club, member, name=name, terms={**TENTH, "until": f"219{9 - number}-01-31"})
    taken = next(one for one in held(member) if one["name"] == "Coupon 3")
    path = f"/coupons/{taken['coupon']}/withdrawal"
    assert member.staff("POST", path, json=gifts.WHY).json()["state"] == "withdrawn"
    first = member.call("GET", "/coupons", params={"limit": 2}).json()
    rest = member.call("GET", "/coupons", params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["name"] for one in first["rows"]] == ["Coupon 2", "Coupon 1"]
    assert [one["name"] for one in rest["rows"]] == ["Coupon 0", "Coupon 3"]
    assert rest["next"] == ""


def test_staff_take_a_coupon_back_once_and_the_member_is_told(club: Club) -> None:
    member = club.join()
    give(club, member)
    one = coupon_of(member)
    path = f"/coupons/{one['coupon']}/withdrawal"
    assert member.staff("POST", path, json=gifts.WHY, key="first").json()["state"] == "withdrawn"
    assert member.staff("POST", path, json=gifts.WHY, key="first").is_success
    again = member.staff("POST", path, json=gifts.WHY)
    assert (again.status_code, again.json()["code"]) == (409, "coupon_not_open")
    assert coupon_of(member)["state"] == "withdrawn"
    club.house.pump()
    codes = [row["code"] for row in member.rows("/notifications")]
    assert codes == ["coupon.withdrawn", "coupon.issued"]
    unknown = member.staff("POST", "/coupons/00000000000000000000/withdrawal", json=gifts.WHY)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "coupon_unknown")


def test_staff_see_what_a_member_has_without_the_codes(club: Club) -> None:
    member = club.join()
    answer = give(club, member)
    (seen,) = gifts.good(member.staff("GET", "/coupons"))["rows"]
    assert (seen["name"], seen["source"]) == (NAME, f"issue:{answer['issue']}")
    assert coupon_of(member)["code"] not in str(seen)


def test_the_qr_code_is_an_svg_and_nobody_elses(club: Club) -> None:
    member, other = club.join(), club.join()
    give(club, member)
    path = f"/coupons/{coupon_of(member)['coupon']}"
    shown = member.call("GET", f"{path}/qr.svg")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/svg+xml")
    assert "<svg" in shown.text
    for below in ("", "/qr.svg"):
        refused = other.call("GET", path + below)
        assert (refused.status_code, refused.json()["code"]) == (404, "coupon_unknown")


def test_what_is_no_code_finds_nothing(club: Club) -> None:
    for typed in ("", "7K3M-9QWX-2B4D-5", "0" * 13, "x" * 5_000):
        with pytest.raises(CouponUnknown):
            service.find(club.id, typed)


def test_the_reason_and_the_number_stand_in_the_audit(club: Club) -> None:
    answer = give(club, club.join())
    fields = bearer(club.token)
    url = f"/v1/staff/programs/{club.id}/audit"
    rows = gifts.good(club.house.http.get(url, headers=fields))["rows"]
    (record,) = [row for row in rows if row["action"] == "coupons.issued"]
    assert (record["reason"], record["subject"]) == (REASON, f"issue:{answer['issue']}")
    assert record["after"]["members"] == 1


# -- erasure ---------------------------------------------------------------------------


@pytest.fixture
def leaver(club: Club) -> Iterator[Member]:
    """Somebody who left with a used and an open coupon."""
    member = club.join()
    give(club, member)
    use(club, coupon_of(member)["code"])
    give(club, member)
    confirm = {"confirm": member.session["member"]["card_number"]}
    codes = [one["code"] for one in held(member)]
    assert member.call("DELETE", "", json=confirm).status_code == 204
    yield member
    for code in codes:
        with pytest.raises(CouponUnknown):
            service.find(club.id, code)


def test_who_leaves_has_no_coupon_left_that_works(leaver: Member) -> None:
    rows = gifts.good(leaver.staff("GET", "/coupons"))["rows"]
    assert sorted(row["state"] for row in rows) == ["used", "withdrawn"]
    pks = {pk for pk, _ in stored.everything() if pk.startswith(f"{leaver.club.id}#COUPONCODE#")}
    assert not pks
