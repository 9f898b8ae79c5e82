"""The door of the member's app: codes, joining, staying signed in, going where one wanted to go."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import Watched
from tests.support.club import Club, House, new_phone


@pytest.fixture(autouse=True)
def _clubs_without_levels(watched: Watched) -> None:
    watched.expects(404, "/v1/me/tier")


def ask(page: Page, phone: str) -> None:
    """Ask for a code by SMS."""
    page.get_by_label("Mobile number").fill(phone)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code from the message")).to_be_focused()


def give(page: Page, code: str) -> None:
    """Enter a code."""
    page.get_by_label("Code from the message").fill(code)
    page.get_by_role("button", name="Go on").click()


@pytest.mark.req("AQ-4")
@pytest.mark.req("CB-6")
def test_a_newcomer_joins_and_lands_where_they_wanted_to_go(watched: Watched, club: Club) -> None:
    phone = new_phone()
    page = watched.go(f"/c/{club.id}/history")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in or join")
    watched.expects(422, "/sign-in-codes")
    page.get_by_role("button", name="Send the code").click()
    number = page.get_by_label("Mobile number")
    expect(number).to_be_focused()
    expect(page.get_by_role("alert")).to_have_text("Write the number with + and the country code.")
    ask(page, phone)
    watched.expects(422, "/sessions")
    right = club.code(phone)
    give(page, str((int(right) + 1) % 1_000_000).zfill(6))
    code = page.get_by_label("Code from the message")
    expect(code).to_be_focused()
    expect(code).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert").filter(has_text="Tries left: 4")).to_be_visible()
    watched.expects(409, "/sessions")
    give(page, right)
    expect(page.get_by_role("heading", level=1)).to_have_text("Join the club")
    page.get_by_label("First name").fill("Layla")
    page.get_by_label("by e-mail").check()
    page.get_by_label("accept the rules").check()
    watched.shot("club-join")
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of points")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_text("Welcome to the club!")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("History of points")
    joined = club.sign_in(phone)
    assert joined.call("GET", "").json()["given_name"] == "Layla"
    assert [
        row["purpose"] for row in joined.call("GET", "/consents").json()["rows"] if row["granted"]
    ] == ["rules", "email"]

    page.get_by_role("link", name="Profile").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    page.goto("/")
    expect(page).to_have_url(f"{watched.url}/c/{club.id}/")


def test_a_code_that_ran_out_is_told_at_the_field(
    watched: Watched, club: Club, house: House
) -> None:
    phone = new_phone()
    page = watched.go(f"/c/{club.id}/sign-in")
    ask(page, phone)
    watched.expects(410, "/sessions")
    with house.later("PT20M"):
        give(page, club.code(phone))
        alert = page.get_by_role("alert").filter(has_text="no longer valid")
        expect(alert).to_be_visible()
        expect(page.get_by_label("Code from the message")).to_be_focused()


@pytest.mark.req("GC-5")
def test_terms_for_members_are_accepted_after_joining(watched: Watched, house: House) -> None:
    club = house.new_club(rules_public=False)
    phone = new_phone()
    page = watched.go(f"/c/{club.id}/")
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    expect(page.get_by_text("Rules of the club")).to_have_count(0)
    page.get_by_role("link", name="Sign in or join").click()
    ask(page, phone)
    watched.expects(409, "/sessions")
    give(page, club.code(phone))
    page.get_by_role("button", name="Join").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rules of the club")
    page.get_by_label("I have read and accept").check()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My points")
    consents = club.sign_in(phone).call("GET", "/consents").json()["rows"]
    assert [row["purpose"] for row in consents if row["granted"]] == ["rules"]


def test_the_language_is_chosen_first_and_an_unknown_club_is_told(
    watched: Watched, club: Club
) -> None:
    watched.expects(404, "/v1/programs/")
    page = watched.go("/")
    page.get_by_label("Short name or link").fill("nobodys-club")
    page.get_by_role("button", name="Open the club").click()
    field = page.get_by_label("Short name or link")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill(f"{watched.url}/c/{club.id}/gifts")
    page.get_by_role("button", name="Open the club").click()
    expect(page.get_by_role("link", name="Sign in or join")).to_be_visible()
    page.get_by_label("Language").select_option("ar")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.get_by_role("heading", level=1)).to_have_text(club.document["name"]["ar"])
