"""What staff see of a member is what the API says; what they do is done once, and on record."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.acceptance.test_gates import ENOUGH, buy, club_with, on, seen
from tests.support.browser import DESK, Browse, Watched
from tests.support.club import Club, House
from tests.support.member import Member

NO_LEVELS = (404, "/tier$")


def at_desk(browse: Browse, club: Club, *roles: str) -> Watched:
    """The browser of somebody with these roles."""
    opened = browse(size=DESK)
    opened.come_in(club.employ(*roles))
    opened.expects(*NO_LEVELS)
    return opened


def anna(club: Club) -> Member:
    """A member who told her name."""
    member = club.join()
    answer = member.call("PATCH", "", json={"given_name": "Anna", "family_name": "Petrova"})
    assert answer.is_success, answer.text
    return member


def find(page: Page, member: Member) -> None:
    """Search by phone and open whom was found."""
    page.goto(f"/console/c/{member.club.id}/members")
    page.get_by_role("textbox").fill(member.phone)
    page.get_by_role("button", name="Find").click()
    assert member.phone.removeprefix("+") not in page.url
    page.get_by_role("link", name="Anna Petrova").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Anna Petrova")


@pytest.mark.req("AL-9")
@pytest.mark.req("SV-3")
def test_gates_are_as_the_api_says_and_a_purchase_opens_one(browse: Browse, house: House) -> None:
    till = club_with(house)
    with on(till.club, 10):
        member = anna(till.club)
        buy(till, member, ENOUGH - 2_550)
        page = at_desk(browse, till.club, "support").page
        find(page, member)
        gate = page.locator("[data-gate=active]")
        expect(gate).to_contain_text("Closed")
        expect(gate).to_contain_text("Purchases of RUB 25.50 more by")
        expect(gate).to_contain_text("Applying for groups")
        buy(till, member, 2_550)
        assert seen(member)["open"]
        page.reload()
        expect(gate).to_contain_text("Open until")
        expect(gate).to_contain_text("RUB 10,000.00 of RUB 10,000.00")


@pytest.mark.req("AL-11")
@pytest.mark.req("SV-3")
def test_points_are_adjusted_with_a_reason_and_many_ask_a_second_person(
    browse: Browse, club: Club
) -> None:
    member = anna(club)
    desk = at_desk(browse, club, "support")
    desk.expects(422, "/adjustments$")
    desk.expects(409, "/adjustments$")
    page = desk.page
    find(page, member)
    page.get_by_role("button", name="Adjust points").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Points").fill("250")
    dialog.get_by_label("Reason").fill("a  ")
    dialog.get_by_role("button", name="Adjust").click()
    expect(dialog).to_contain_text("Too short: the minimum length is 3.")
    dialog.get_by_label("Reason").fill("Late delivery")
    dialog.get_by_role("button", name="Adjust").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("250 points").first).to_be_visible()
    page.get_by_role("link", name="Points history").click()
    expect(page.get_by_role("row").last).to_contain_text("Late delivery")

    page.get_by_role("button", name="Adjust points").click()
    dialog.get_by_label("Points").fill("-20 000")
    dialog.get_by_label("Reason").fill("Won twice")
    dialog.get_by_role("button", name="Adjust").click()
    dialog.get_by_role("button", name="Ask a second person").click()
    expect(page.get_by_text("A second person was asked.")).to_be_visible()
    (asked,) = club.staff("GET", "/adjustment-requests").json()["rows"]
    assert (asked["points"], asked["reason"], asked["state"]) == (-20_000, "Won twice", "waiting")
    done = [row["action"] for row in club.staff("GET", "/audit").json()["rows"]]
    assert done.count("points.adjusted") == 1, done


@pytest.mark.req("SV-3")
def test_an_answer_that_is_lost_adds_no_points_twice(browse: Browse, club: Club) -> None:
    """The request arrives, its answer does not, twice; then the button is pressed again."""
    member = anna(club)
    page = at_desk(browse, club, "support").page
    find(page, member)
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) < 3:
            route.fetch()
            route.abort("aborted")
        else:
            route.continue_()

    page.route("**/adjustments", lose)
    page.get_by_role("button", name="Adjust points").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Points").fill("250")
    dialog.get_by_label("Reason").fill("Late delivery")
    dialog.get_by_role("button", name="Adjust").click()
    expect(dialog.get_by_role("alert")).to_contain_text("No connection.")
    dialog.get_by_role("button", name="Adjust").click()
    expect(dialog).to_be_hidden()
    assert member.staff("GET", "/account").json()["balance"] == 250
    assert len(keys) == 3
    assert len(set(keys)) == 1


@pytest.mark.req("SV-3")
def test_notes_and_suspensions(browse: Browse, club: Club) -> None:
    member = anna(club)
    page = at_desk(browse, club, "manager").page
    find(page, member)
    page.get_by_role("link", name="Notes").click()
    page.get_by_label("New note").fill("Asks for another size.")
    page.get_by_role("button", name="Write it down").click()
    note = page.get_by_role("article").filter(has_text="Asks for another size.")
    note.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Nobody has written a note yet.")).to_be_visible()
    for verb, status in (("Suspend", "suspended"), ("Lift the suspension", "active")):
        page.get_by_role("button", name=verb).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill("Many wrong codes")
        dialog.get_by_role("button", name=verb).click()
        expect(dialog).to_be_hidden()
        assert member.staff("GET", "").json()["status"] == status


@pytest.mark.req("AL-11")
def test_without_the_right_there_is_no_menu_and_the_address_is_refused(
    browse: Browse, club: Club
) -> None:
    member = anna(club)
    page = at_desk(browse, club, "warehouse").go(f"/console/c/{club.id}/")
    menu = page.get_by_role("navigation", name="Sections")
    expect(menu).to_be_attached()
    expect(menu.get_by_text("Members")).to_have_count(0)
    for path in ("members", f"members/{member.id}"):
        page.goto(f"/console/c/{club.id}/{path}")
        expect(page.get_by_role("alert")).to_contain_text("You do not have the right to do this.")
    other = club.house.new_club()
    page.goto(f"/console/c/{other.id}/members")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a club")
