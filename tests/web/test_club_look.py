"""Every page of the member's app in every language: nobody is kept out, nothing sticks out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from chalicelib.kernel.texts import LANGUAGES
from tests.support import gifts
from tests.support.browser import Watched
from tests.support.club import Club, House, Member
from tests.support.shop import CODE, PICKUP, Shop, order
from tests.support.till import FIVE_PERCENT, shop

OPTIONS = {
    "en": "All options of the club",
    "ru": "Все возможности клуба",
    "uk": "Усі можливості клубу",
    "ar": "كل إمكانات النادي",
}
GATES = {
    "buying": {
        "name": OPTIONS,
        "at_least": 1_000_000,
        "category": "feed",
        "options": ["items", "orders"],
    }
}
LEVELS = {
    "over": {"type": "calendar", "period": "year"},
    "levels": [
        {"id": "silver", "name": dict.fromkeys(LANGUAGES, "Silver"), "at_least": 0},
        {"id": "gold", "name": dict.fromkeys(LANGUAGES, "Gold"), "at_least": 5_000_000},
    ],
}


@pytest.fixture(scope="module")
def furnished(house: House) -> Club:
    """A club that has of everything."""
    club = house.new_club(gates=GATES, tiers=LEVELS, earning={"rules": [FIVE_PERCENT]})
    goods = Shop(club)
    picture = gifts.image(club)
    goods.reward(images=[picture])
    goods.reward("silver-chain", price=90_000)
    goods.reward("e-book", kind="digital_code", delivery=["code"], codes="pool")
    return club


def busy(club: Club) -> tuple[Member, dict[str, str]]:
    """Somebody with a history, and all pages that they have."""
    member = club.join()
    member.call("PATCH", "", json={"given_name": "Anna"})
    member.adjust(1_200)
    feed = [{"sku": "F-1", "price": 1_000_000, "category": "feed"}]
    bought = shop(club).sell(member=member, lines=feed)["receipt"]
    ring, free = club.tags(2)
    assert member.register(ring).status_code == 201
    ordered = order(member, delivery=PICKUP).json()["order"]
    order(member, "e-book", delivery=CODE)
    return member, {
        "options": "/options",
        "home": "/",
        "history": "/history",
        "entry": "/history/3",
        "terms": "/terms",
        "purchases": "/purchases",
        "purchase": f"/purchases/{bought}",
        "gifts": "/gifts",
        "gift": "/gifts/ring-box",
        "orders": "/orders",
        "order": f"/orders/{ordered}",
        "items": "/items",
        "item": f"/items/{free['serial']}",
        "profile": "/profile",
        "own-item": f"/items/{ring['serial']}",
        "leave": "/leave",
        "card": "/card",
        "charities": "/charities",
        "groups": "/groups",
    }


def test_every_page_in_every_language(watched: Watched, furnished: Club) -> None:
    base = f"/c/{furnished.id}"
    member, pages = busy(furnished)
    doors = {"start": "/?another", "welcome": base, "sign-in": f"{base}/sign-in"}
    for language in speaking(watched):
        for name, path in doors.items():
            watched.go(path)
            look(watched, language, name)
    watched.come_in(member)
    for language in speaking(watched):
        watched.go(base)
        for name, path in pages.items():
            follow(watched, base + path)
            look(watched, language, name)


def speaking(watched: Watched) -> Iterator[str]:
    """Each language in turn, chosen in this browser."""
    watched.go("/")
    for language in LANGUAGES:
        watched.page.evaluate("name => localStorage.setItem('clubkeeper.language', name)", language)
        watched.language = language
        yield language


def follow(watched: Watched, path: str) -> None:
    """Go on to another page within the app, until it is there."""
    before = watched.page.get_by_role("heading", level=1)
    before.evaluate("heading => heading.setAttribute('data-before', '')")
    watched.page.evaluate("path => history.pushState(null, '', path)", path)
    watched.page.evaluate("() => dispatchEvent(new PopStateEvent('popstate'))")
    expect(watched.page.locator("h1:not([data-before])")).to_be_visible()


def look(phone: Watched, language: str, name: str) -> None:
    """Wait until all is there, then see that everybody can read it."""
    page = phone.page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("main [aria-busy=true]")).to_have_count(0)
    phone.shot(f"club-{name}")
    assert phone.barriers() == [], name
    assert not phone.scrolls_sideways(), name
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
