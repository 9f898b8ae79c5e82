"""Staff come in with two factors, stay in through a reload, and see only what they may do."""

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser import DESK, Browse
from tests.support.club import Club
from tests.support.common import bearer
from tests.support.staff import Employee, invite

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}
"""A device of the browser's own, whose owner has just shown their finger."""


def password(page: Page, person: Employee, word: str = "") -> None:
    """The first factor."""
    page.get_by_label("E-mail").fill(person.email)
    page.get_by_label("Password").fill(word or person.password)
    page.get_by_role("button", name="Continue").click()


def code(page: Page, digits: str) -> None:
    """The second factor."""
    page.get_by_label("Code from the authenticator app").fill(digits)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.req("SV-3")
@pytest.mark.req("AL-11")
def test_both_factors_open_the_console_and_a_reload_keeps_it_open(
    browse: Browse, club: Club
) -> None:
    person = invite(club, "support")
    assert person.enrol(totp=True).status_code == 204
    desk = browse(size=DESK)
    desk.expects(422, "/v1/staff-(sign-in|sessions)$")
    page = desk.go(f"/console/c/{club.id}/members")
    password(page, person, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("The e-mail address or the password is wrong")
    password(page, person)
    code(page, person.enrolled_with)  # was used before
    expect(page.get_by_role("alert")).to_contain_text("is not right, or was used before")
    assert not desk.barriers()
    desk.shot("console-second-factor")
    code(page, person.code(1))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Members")
    page.reload()
    expect(heading).to_have_text("Members")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Password")).to_be_visible()


@pytest.mark.req("SV-3")
@pytest.mark.req("AL-11")
def test_an_invitation_is_taken_up_with_a_passkey_and_a_further_club_is_accepted(
    browse: Browse, club: Club
) -> None:
    """On ``localhost``: browsers bind no passkey to an address of figures."""
    person = invite(club, "support")
    further = club.house.new_club()
    desk = browse(size=DESK)
    device = desk.context.new_cdp_session(desk.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page = desk.go(club.house.url.replace("127.0.0.1", "localhost") + "/console/")
    page.get_by_role("link", name="I have an invitation").click()
    page.get_by_label("Invitation code").fill(person.invitation)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text(person.email)).to_be_visible()
    expect(page.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    assert not desk.barriers()
    desk.shot("console-enrol")
    page.get_by_label("New password").fill(person.password)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_role("link", name="Sign in").click()
    password(page, person)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Members")

    body = {"email": person.email, "name": "Test", "roles": ["warehouse"]}
    assert further.staff("POST", "/staff", json=body).is_success
    page.reload()
    page.get_by_role("link", name="Another club").click()
    page.get_by_role("button", name="Accept").click()
    choices = page.get_by_role("link")
    expect(choices).to_have_count(2)
    assert not desk.barriers()
    desk.shot("console-choice")
    page.locator(f"a[href$='/c/{further.id}/']").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders")


@pytest.mark.req("SV-3")
def test_what_somebody_saw_goes_with_their_session(browse: Browse, club: Club) -> None:
    """Signed out from elsewhere; whoever signs in next at this address may not look there."""
    first, second, member = club.employ("support"), invite(club, "warehouse"), club.join()
    assert second.enrol(totp=True).status_code == 204
    desk = browse(size=DESK)
    desk.expects(404, "/tier$")
    desk.expects(401, "/v1/staff")
    desk.come_in(first)
    page = desk.go(f"/console/c/{club.id}/members/{member.id}")
    expect(page.get_by_text(member.phone)).to_be_visible()
    assert club.house.http.request(
        "DELETE", "/v1/staff/sessions", headers=bearer(first.session["access_token"])
    ).is_success
    page.get_by_role("link", name="Notes").click()
    password(page, second)
    code(page, second.code(1))
    expect(page.get_by_role("alert")).to_contain_text("You do not have the right to do this.")
    expect(page.get_by_text(member.phone)).to_have_count(0)
