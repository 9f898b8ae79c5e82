"""Approvals, orders and the audit log: what waits is worked off, and what was done is found."""

import pytest
from playwright.sync_api import Page, expect

from tests.support import four_eyes
from tests.support.browser import Browse
from tests.support.club import Club
from tests.support.shop import POST, Shop
from tests.web.test_console_members import anna, at_desk


def downloaded(page: Page) -> str:
    """The list as a file."""
    with page.expect_download() as got:
        page.get_by_role("button", name="Download CSV").click()
    return got.value.path().read_text()


@pytest.mark.req("AL-11")
@pytest.mark.req("SV-3")
def test_a_second_person_approves_and_rejects_and_the_log_tells_it(
    browse: Browse, club: Club
) -> None:
    member = anna(club)
    four_eyes.asked(member, 25_000)
    four_eyes.asked(member, 30_000)
    desk = at_desk(browse, club, "manager")
    page = desk.go(f"/console/c/{club.id}/")
    page.get_by_role("menuitem", name="Approvals").click()
    dialog = page.get_by_role("dialog")
    decisions = {"+25,000": ("Approve", "The jury agreed"), "+30,000": ("Reject", "No")}
    for points, (verb, why) in decisions.items():
        row = page.get_by_role("row").filter(has_text=points)
        expect(row).to_contain_text("Anna Petrova")
        row.get_by_role("button", name=verb).click()
        dialog.get_by_label("Reason").fill(f"{why} way")
        desk.shot(f"console-{verb.lower()}")
        assert not desk.barriers()
        dialog.get_by_role("button", name=verb).click()
        expect(row).to_have_count(0)
    assert member.staff("GET", "/account").json()["balance"] == 25_000
    page.get_by_role("combobox", name="State").click()
    page.get_by_role("option", name="Rejected").click()
    expect(page.get_by_role("row").last).to_contain_text("No way")
    assert page.url.endswith("?state=rejected")

    page.get_by_role("menuitem", name="Audit log").click()
    page.get_by_label("Action").fill("adjustment.approved")
    page.get_by_role("button", name="Show", exact=True).click()
    row = page.get_by_role("row").filter(has_text="The jury agreed way")
    row.locator("summary").click()
    expect(row).to_contain_text("25000")
    expect(page.locator("tbody tr").filter(has_text="adjustment.asked")).to_have_count(0)
    file = downloaded(page)
    assert "The jury agreed way" in file
    assert "adjustment.asked" not in file


@pytest.mark.req("AL-11")
@pytest.mark.req("SV-3")
def test_orders_are_worked_off_oldest_first(browse: Browse, club: Club) -> None:
    shop = Shop(club)
    member = anna(club)
    member.adjust(1_000)
    shop.reward()
    old = shop.placed(member)["number"]
    new = shop.placed(member, delivery=POST)["number"]
    desk = at_desk(browse, club, "warehouse")
    desk.expects(422, "/shipment$")
    page = desk.go(f"/console/c/{club.id}/")
    rows = page.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text(old)
    for number in (old, new):
        row = rows.filter(has_text=number)
        row.get_by_role("button", name="Confirm").click()
        expect(row).to_have_count(0)
    page.get_by_role("link", name="Pick list").click()
    expect(rows).to_have_count(2)
    expect(rows.last).to_contain_text(new)
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(rows).to_have_count(2)
    desk.shot("console-print")
    page.emulate_media(media="screen")
    file = downloaded(page)
    assert old in file
    assert new in file

    page.goto(f"/console/c/{club.id}/orders/{new}")
    page.get_by_role("button", name="Post", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Carrier").fill("Russian Post")
    desk.shot("console-ship")
    assert not desk.barriers()
    dialog.get_by_label("Tracking number").fill("no")
    dialog.get_by_role("button", name="Post", exact=True).click()
    expect(dialog.get_by_label("Tracking number")).to_have_attribute("aria-invalid", "true")
    dialog.get_by_label("Tracking number").fill("RA123456789RU")
    dialog.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Order {new}")
    expect(page.get_by_text("RA123456789RU")).to_be_visible()
    assert shop.look(new)["state"] == "shipped"

    page.goto(f"/console/c/{club.id}/orders/{old}")
    page.get_by_role("button", name="Cancel the order").click()
    dialog.get_by_label("Reason").fill("Damaged in the store")
    desk.shot("console-cancel")
    assert not desk.barriers()
    dialog.get_by_role("button", name="Cancel the order").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("Damaged in the store")).to_be_visible()
    assert shop.look(old)["state"] == "cancelled"
