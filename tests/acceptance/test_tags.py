"""Tags over HTTP: batches and their print file, and what staff do to a tag."""

import csv
import io
import re
from urllib.parse import urlsplit

import httpx
import pytest

from chalicelib.kernel import queues
from tests.support.club import Club, House, Member, bearer

GTIN = "04607012345677"
WHY = {"reason": "By an acceptance test"}
ITEM, BONUS = 300, 500


def order(club: Club, **more: object) -> httpx.Response:
    """Order a batch; its job waits for the queue."""
    body = {"sku": "RING-1", "category": "ring", "name": {"en": "Ring"}, "count": 3, **more}
    query = {"dry_run": str(body.pop("dry_run")).lower()} if "dry_run" in body else {}
    return club.staff("POST", "/batches", json=body, params=query)


def printed(club: Club, batch: str, part: int = 1, form: str = "csv") -> httpx.Response:
    """One part of the print file."""
    return club.staff("GET", f"/batches/{batch}/print/{part}", params={"format": form})


def open_window(club: Club, batch: str, reason: str = "First run") -> httpx.Response:
    """Open the print window."""
    return club.staff("POST", f"/batches/{batch}/print-window", json={"reason": reason})


def act(club: Club, tag: dict[str, str], what: str) -> httpx.Response:
    """Withdraw, reinstate or release a tag."""
    return club.staff("POST", f"/tags/{tag['serial']}/{what}", json=WHY)


def code(answer: httpx.Response) -> str:
    """Why a call was refused."""
    assert not answer.is_success, answer.text
    return str(answer.json()["code"])


# -- batches -------------------------------------------------------------------


def test_a_batch_is_made_by_a_job_and_printed_once(house: House, club: Club) -> None:
    ordered = order(club, count=7)
    assert ordered.status_code == 202
    batch = ordered.json()["batch"]
    assert ordered.json()["state"] == "making"
    assert code(open_window(club, batch)) == "batch_not_ready"
    assert code(printed(club, batch)) == "print_window_not_open"
    house.pump()
    made = club.staff("GET", f"/batches/{batch}").json()
    assert (made["state"], made["job"]["units_done"], made["job"]["percent"]) == ("ready", 7, 100)
    opened = open_window(club, batch).json()["window"]
    assert (opened["state"], opened["csv_parts"], opened["sheet_parts"]) == ("open", 1, 1)
    rows = list(csv.DictReader(io.StringIO(printed(club, batch).text)))
    assert len({row["serial"] for row in rows}) == len({row["scratch_code"] for row in rows}) == 7
    assert all(row["scratch_code"] not in row["url"] for row in rows)
    assert printed(club, batch).text == printed(club, batch).text
    assert code(printed(club, batch, 2)) == "print_part_unknown"


def test_the_sheet_shows_a_qr_code_and_the_scratch_code_of_each_tag(club: Club) -> None:
    batch = club.make_batch(3, gtin=GTIN)
    open_window(club, batch).raise_for_status()
    rows = list(csv.DictReader(io.StringIO(printed(club, batch).text)))
    sheet = printed(club, batch, form="sheet")
    assert sheet.headers["content-type"].startswith("text/html")
    assert sheet.text.count("<svg") == 3
    assert "<script" not in sheet.text
    for row in rows:
        assert row["scratch_code"] in sheet.text
        assert row["serial"] in sheet.text
        assert urlsplit(row["url"]).path == f"/01/{GTIN}/21/{row['serial']}"


def test_the_window_opens_once_and_its_end_destroys_the_codes(house: House, club: Club) -> None:
    batch = club.make_batch(2)
    first = open_window(club, batch)
    assert open_window(club, batch).json()["window"] == first.json()["window"]
    assert code(open_window(club, batch, "Once more")) == "print_window_used"
    closed = club.staff("POST", f"/batches/{batch}/print-window/close").json()
    assert closed["window"]["state"] == "closed"
    again = club.staff("POST", f"/batches/{batch}/print-window/close").json()
    assert again["window"] == closed["window"]
    gone = printed(club, batch)
    assert (gone.status_code, code(gone)) == (410, "print_window_closed")


def test_a_window_that_nobody_closes_ends_after_a_day(house: House, club: Club) -> None:
    tags = club.tags(2)
    batch = club.staff("GET", "/batches").json()["rows"][0]["batch"]
    assert house.platform.events
    with house.later("PT25H"):
        house.platform.events.fire("tidy")
        assert code(printed(club, batch)) == "print_window_closed"
        assert club.staff("GET", f"/batches/{batch}").json()["window"]["state"] == "closed"
    assert club.join().register(tags[0]).status_code == 201  # printed codes work for ever


def test_a_job_goes_on_after_a_lost_message(
    house: House, club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lost:
        lost.setattr(queues, "send", lambda *_, **__: None)
        batch = order(club).json()["batch"]
    house.pump()
    assert club.staff("GET", f"/batches/{batch}").json()["state"] == "making"
    assert house.platform.events
    with house.later("PT1H"):
        house.platform.events.fire("tidy")
        house.pump()
        assert club.staff("GET", f"/batches/{batch}").json()["state"] == "ready"


def test_a_dry_run_makes_nothing(club: Club) -> None:
    plan = order(club, count=6001, gtin=GTIN[1:], dry_run=True)
    assert plan.status_code == 200
    told = plan.json()
    assert (told["count"], told["csv_parts"], told["sheet_parts"]) == (6001, 2, 13)
    assert f"/01/{GTIN}/21/" in told["qr_example"]
    assert club.staff("GET", "/batches").json()["rows"] == []


def test_orders_that_cannot_be_are_refused_with_every_fault(club: Club) -> None:
    body = {"count": 0, "sku": "bad sku", "category": "Ring", "gtin": "123"}
    faults = {fault["pointer"] for fault in order(club, **body).json()["errors"]}
    assert faults == {"/count", "/sku", "/category", "/gtin"}
    assert order(club, gtin="04607012345670").json()["errors"][0]["code"] == "wrong_check_digit"
    assert order(club, partner="nobody").json()["errors"][0]["pointer"] == "/partner"
    assert order(club, count=100_001).status_code == 422


def test_a_partners_tags_say_to_whom_they_went(club: Club) -> None:
    club.staff("PUT", "/partners/rubin", json={"name": "Rubin"}).raise_for_status()
    (tag,) = club.tags(1, partner="rubin")
    assert club.staff("GET", f"/tags/{tag['serial']}").json()["partner"] == "rubin"


# -- staff's acts --------------------------------------------------------------


def test_withdrawal_and_reinstatement_are_kept_with_their_reasons(club: Club) -> None:
    member = club.join()
    (tag,) = club.tags(1)
    assert act(club, tag, "withdrawal").json()["verdict"] == "withdrawn"
    assert code(act(club, tag, "withdrawal")) == "tag_withdrawn"
    assert code(member.register(tag)) == "tag_withdrawn"
    back = act(club, tag, "reinstatement").json()
    assert back["verdict"] == "genuine"
    assert code(act(club, tag, "reinstatement")) == "tag_not_withdrawn"
    kept = {(one["fact"], one["reason"], one["actor"]) for one in back["history"]}
    assert kept == {
        ("tag.withdrawn", WHY["reason"], "operator:tester"),
        ("tag.reinstated", WHY["reason"], "operator:tester"),
    }
    assert member.register(tag).status_code == 201


def test_a_registered_item_stays_registered_through_a_withdrawal(club: Club) -> None:
    owner = club.join()
    (tag,) = club.tags(1)
    owner.register(tag).raise_for_status()
    act(club, tag, "withdrawal").raise_for_status()
    assert owner.scan(tag)["verdict"] == "withdrawn"
    act(club, tag, "reinstatement").raise_for_status()
    assert owner.scan(tag)["next"] == "yours"


def test_a_release_takes_the_points_back_and_frees_the_item(club: Club) -> None:
    owner, buyer = club.join(), club.join()
    (tag,) = club.tags(1)
    assert code(act(club, tag, "release")) == "tag_not_registered"
    owner.register(tag).raise_for_status()
    freed = act(club, tag, "release").json()
    assert (freed["verdict"], freed["registered_by"]) == ("genuine", None)
    assert owner.account()["balance"] == 0
    assert owner.rows("/items") == []
    assert [entry["points"] for entry in owner.entries()] == [-ITEM - BONUS, ITEM + BONUS]
    assert buyer.register(tag).json()["points"] == ITEM + BONUS
    assert owner.proof()["agrees"]


def test_a_released_first_item_leaves_the_bonus_for_the_next(club: Club) -> None:
    owner = club.join()
    first, second = club.tags(2)
    owner.register(first).raise_for_status()
    act(club, first, "release").raise_for_status()
    assert owner.register(second).json()["points"] == ITEM + BONUS


def test_a_release_after_spending_leaves_debt(club: Club) -> None:
    owner = club.join()
    (tag,) = club.tags(1)
    owner.register(tag).raise_for_status()
    owner.adjust(-700).raise_for_status()
    act(club, tag, "release").raise_for_status()
    assert owner.account()["debt"] == 700


def test_members_and_visitors_cannot_act_on_tags(house: House, club: Club) -> None:
    member = club.join()
    (tag,) = club.tags(1)
    url = f"/v1/staff/programs/{club.id}/tags/{tag['serial']}"
    for headers in (bearer(member.token), {}):
        for path in ("/withdrawal", "/reinstatement", "/release"):
            answer = house.http.post(url + path, json=WHY, headers=headers)
            assert answer.status_code == (403 if headers else 401)
    assert member.scan(tag)["verdict"] == "genuine"
    assert not re.search(tag["scratch_code"], club.staff("GET", f"/tags/{tag['serial']}").text)


def test_a_members_items_are_listed_newest_first(club: Club) -> None:
    member: Member = club.join()
    tags = club.tags(3)
    for tag in tags:
        member.register(tag).raise_for_status()
    listed = [item["serial"] for item in member.rows("/items")]
    assert listed == [tag["serial"] for tag in reversed(tags)]
    page = member.call("GET", "/items", params={"limit": 2}).json()
    assert [item["points"] for item in page["rows"]] == [ITEM, ITEM]
    assert page["next"]
