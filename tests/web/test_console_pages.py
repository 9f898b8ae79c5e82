"""Every page of the console: in the language and direction of whoever works there, open to those
who do not see or use no mouse, and no wider than the screen.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.acceptance.test_gates import ENOUGH, buy, club_with
from tests.support import four_eyes
from tests.support.browser import DESK, LANGUAGES, Browse, Watched
from tests.support.club import Club, House
from tests.support.member import Member
from tests.support.shop import POST, Shop
from tests.support.staff import Employee


@dataclass
class Place:
    """A club in which something has happened."""

    club: Club
    member: Member
    boss: Employee
    order: str


@pytest.fixture(scope="module")
def place(house: House) -> Place:
    """One member with points, an order, a note and a gate; one who decides."""
    till = club_with(house)
    club, member = till.club, till.club.join()
    name = {"given_name": "Anna", "family_name": "Petrova", "city": "Minsk"}
    assert member.call("PATCH", "", json=name).is_success
    member.adjust(2_500)
    shop = Shop(club)
    shop.reward("ring-box")
    number = str(shop.placed(member)["number"])
    shop.placed(member, delivery=POST)
    shop.act(number, "confirmation")
    four_eyes.asked(member, 25_000)
    buy(till, member, ENOUGH // 4)
    note = {"text": "Asks for another size.", "topic": "complaint"}
    assert member.staff("POST", "/notes", json=note).is_success
    return Place(club, member, club.employ("owner"), number)


def right(desk: Watched, name: str, *, whole: bool) -> None:
    """Nothing keeps anybody out, nothing is wider than the screen, no word is missing."""
    page = desk.page
    expect(page.get_by_role("status")).to_have_count(0)
    mirrored = desk.language == "ar"
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if mirrored else "ltr")
    expect(page.locator("html")).to_have_attribute("lang", desk.language)
    assert page.title().endswith(" · Clubkeeper")
    text = page.locator("body").inner_text()
    assert "ra." not in text
    assert "%{" not in text
    if whole:
        found = "\n".join(desk.barriers())
        assert not found, f"{name}: {found}"
        assert not desk.scrolls_sideways(), name
    desk.shot(f"console-{name}")


@pytest.mark.req("SV-3")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_in_every_language(browse: Browse, place: Place, language: str) -> None:
    desk = browse(language, size=DESK)
    desk.expects(404, "/tier$")
    page = desk.go("/console/")
    whole = language in ("en", "ar")
    expect(page.locator("input[type=password]")).to_be_visible()
    right(desk, "sign-in", whole=whole)
    page.goto("/console/invitation")
    expect(page.get_by_role("textbox")).to_be_visible()
    right(desk, "invitation", whole=whole)
    desk.come_in(place.boss.sign_in())
    here = f"/console/c/{place.club.id}"
    page.goto(f"{here}/members")
    page.get_by_role("textbox").fill(place.member.phone)
    page.get_by_role("textbox").press("Enter")
    expect(page.get_by_role("link", name="Anna Petrova")).to_be_visible()
    right(desk, "members", whole=whole)
    pages = {
        "member": (place.member.id, "dl >> nth=3"),
        "history": ("/history", "tbody tr"),
        "member-orders": (f"{place.member.id}/orders", "tbody tr"),
        "notes": ("/notes", "article"),
        "approvals": ("/approvals", "tbody tr"),
        "orders": (f"{place.club.id}/orders", "tbody tr"),
        "picking": ("/orders/picking", "tbody tr"),
        "order": (place.order, "ol"),
        "audit": ("/audit", "details"),
    }
    for name, (link, shown) in pages.items():
        if not whole and name not in ("member", "orders"):
            continue
        page.locator(f"a[href$='{link}']").last.click()
        expect(page.locator(shown).first).to_be_visible()
        if name == "audit":
            page.locator("summary").first.click()
        right(desk, name, whole=whole)
    page.goto(f"{here}/members/{place.member.id}")
    page.locator("main button.MuiButton-contained").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    right(desk, "adjust", whole=whole)
