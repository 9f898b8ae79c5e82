"""The member's home and history: what they have, what burns when, what comes next, and why."""

import re

import pytest
from playwright.sync_api import expect

from chalicelib.kernel.texts import LANGUAGES
from tests.support.browser import Watched
from tests.support.club import Club, House
from tests.support.shop import Shop, order
from tests.support.till import FIVE_PERCENT, shop

LEVELS = {
    "over": {"type": "calendar", "period": "year"},
    "levels": [
        {
            "id": name,
            "name": dict.fromkeys(LANGUAGES, name.title()),
            "at_least": from_,
            "privileges": [dict.fromkeys(LANGUAGES, f"Privilege of {name}")],
            "opens": opens,
        }
        for name, from_, opens in (("silver", 0, []), ("gold", 5_000_000, ["items"]))
    ],
}


@pytest.mark.req("EK-4")
@pytest.mark.req("AB-10")
def test_a_member_sees_what_they_have_why_and_what_comes_next(
    watched: Watched, house: House
) -> None:
    till = shop(house.new_club(tiers=LEVELS, earning={"rules": [FIVE_PERCENT]}))
    club = till.club
    Shop(club).reward("silver-chain", price=2_000)
    Shop(club).reward()
    member = club.join()
    for _ in range(22):
        member.adjust(10)
    till.sell(member=member, lines=[{"sku": "F-1", "price": 400_000, "quantity": 2}])
    order(member)
    watched.come_in(club.sign_in(member.phone))

    page = watched.go(f"/c/{club.id}/")
    have = page.get_by_role("region", name="Points")
    expect(have).to_contain_text(re.compile(r"320.points.*Balance420.*Set aside100"))
    expect(page.get_by_text(re.compile("Good through .*20"))).to_be_visible()
    expect(page.get_by_text("To Gold: purchases for ₽46,000 more.")).to_be_visible()
    expect(page.get_by_text("Privilege of silver")).to_be_visible()
    expect(page.get_by_text(re.compile(r"1,680\spoints to go"))).to_be_visible()

    expect(page.get_by_role("link", name="Items", exact=True)).to_have_count(0)
    page.get_by_role("link", name="My items").click()
    expect(page.get_by_text("It is open from the level Gold on.")).to_be_visible()

    page.get_by_role("link", name="History").click()
    rows = page.get_by_role("main").get_by_role("listitem")
    expect(rows).to_have_count(20)
    expect(rows.nth(0)).to_contain_text("100 set aside")
    expect(rows.nth(1)).to_contain_text(re.compile(r"Purchase\+200.*Balance 420"))
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(24)
    expect(page.get_by_role("button", name="Show more")).to_have_count(0)
    rows.nth(1).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Purchase")
    expect(page.get_by_role("listitem").filter(has_text="Points for purchases")).to_contain_text(
        "+200"
    )

    page.get_by_role("link", name="Home").click()
    page.get_by_role("link", name="Purchases").click()
    page.get_by_role("link", name="₽4,000").click()
    expect(page.get_by_role("listitem").filter(has_text="F-1")).to_contain_text("× 2")


@pytest.mark.req("AB-1")
def test_a_till_takes_the_code_that_a_member_shows(watched: Watched, house: House) -> None:
    till = shop(house.new_club(tiers=LEVELS, earning={"rules": [FIVE_PERCENT]}))
    watched.come_in(till.club.join())
    page = watched.go(f"/c/{till.club.id}/")
    page.get_by_role("link", name="My card").click()
    drawn = page.get_by_role("img", name="Code for the till")
    expect(drawn).to_be_visible()
    assert drawn.evaluate("image => image.naturalWidth") > 0
    assert watched.barriers() == []
    watched.shot("club-card")
    till.sell(20_000, buyer={"app_code": page.get_by_role("code").inner_text()})
    page.get_by_role("link", name="Home").last.click()
    expect(page.get_by_role("region", name="Points")).to_contain_text("10 points")


def test_without_a_connection_there_are_words(watched: Watched, club: Club) -> None:
    watched.expects(404, "/v1/me/tier")
    watched.come_in(club.join())
    page = watched.go(f"/c/{club.id}/")
    expect(page.get_by_role("region", name="Points")).to_contain_text("0 points")
    with watched.offline():
        expect(page.get_by_text("You are offline.")).to_be_visible()
        page.get_by_role("link", name="Profile").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("The page could not be loaded")
    expect(page.get_by_text("You are offline.")).to_have_count(0)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Profile")
