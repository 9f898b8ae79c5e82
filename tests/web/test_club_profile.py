"""What members tell of themselves and decide, in their app."""

import json

import pytest
from playwright.sync_api import expect

from tests.support.browser import Watched
from tests.support.club import Club, new_phone


@pytest.fixture(autouse=True)
def _a_club_without_levels(watched: Watched) -> None:
    watched.expects(404, "/v1/me/tier")


def test_a_member_changes_takes_away_and_leaves(watched: Watched, club: Club) -> None:
    member = club.join()
    watched.come_in(club.sign_in(member.phone))
    page = watched.go(f"/c/{club.id}/profile")
    page.get_by_label("First name").fill("Layla")
    page.get_by_label("Birthday").fill("2199-01-01")
    watched.expects(422, "/v1/me")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Birthday")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("Birthday").fill("1990-02-28")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    page.get_by_label("by SMS").check()
    expect(page.get_by_text("(decided on")).to_be_visible()
    told = member.call("GET", "").json()
    assert (told["given_name"], told["birthday"]) == ("Layla", "1990-02-28")

    other = new_phone()
    page.get_by_role("button", name="Change").click()
    page.get_by_label("New mobile number").fill(other)
    page.get_by_role("button", name="Send the code").click()
    code = page.get_by_label("Code from the message")
    expect(code).to_be_visible()
    code.fill(club.code(other))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text(other)).to_be_visible()

    with page.expect_download() as saved:
        page.get_by_role("button", name="Download").click()
    kept = json.loads(saved.value.path().read_text())
    assert other in json.dumps(kept)

    page.get_by_role("link", name="Leave the club").click()
    watched.expects(422, "/v1/me")
    card = page.get_by_label("To confirm, type your card number")
    card.fill("4000123412341231")
    page.get_by_role("button", name="Leave for ever").click()
    expect(card).to_have_attribute("aria-invalid", "true")
    card.fill(told["card_number"])
    page.get_by_role("button", name="Leave for ever").click()
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    assert member.call("GET", "").status_code == 401


def test_signing_out_everywhere_ends_the_other_devices_too(watched: Watched, club: Club) -> None:
    member = club.join()
    watched.come_in(club.sign_in(member.phone))
    page = watched.go(f"/c/{club.id}/profile")
    expect(page.get_by_text("(this device)")).to_have_count(1)
    page.get_by_role("button", name="Sign out everywhere").click()
    page.get_by_role("region").get_by_role("button", name="Sign out everywhere").or_(
        page.get_by_role("button", name="Sign out everywhere")
    ).last.click()
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    assert member.refresh().status_code == 401
