"""Both sites are served as at the edge, and nothing that goes wrong in a browser goes unseen."""

from playwright.sync_api import Browser, expect

from infra.deploy import static
from infra.local.sites import WEB, entry
from tests.support.browser import DESK, Browse, Watched
from tests.support.club import Club, House


def test_a_member_meets_their_club_in_their_language(browse: Browse, club: Club) -> None:
    phone = browse("ar")
    page = phone.go(f"/c/{club.id}")
    expect(page.get_by_text(club.document["name"]["ar"]).first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    assert not phone.barriers()
    assert not phone.scrolls_sideways()


def test_the_staff_are_asked_who_they_are(browse: Browse) -> None:
    desk = browse(size=DESK)
    page = desk.go("/console/")
    expect(page.get_by_label("Password")).to_be_visible()
    assert not desk.barriers()


def test_who_signed_in_before_is_taken_up_again_in_either_app(browse: Browse, club: Club) -> None:
    desk = browse(size=DESK)
    desk.come_in(club.employ("owner"))
    desk.come_in(club.join())  # the cookies do not get in each other's way
    refreshes = {f"/c/{club.id}/history": "/v1/sessions/", "/console/": "/v1/staff-sessions/"}
    for path, address in (*refreshes.items(), *refreshes.items()):
        with desk.page.expect_response(f"**{address}refresh") as answer:
            desk.go(path)
        assert answer.value.status == 200


def test_a_token_that_ran_out_is_exchanged_once(browse: Browse, club: Club, house: House) -> None:
    phone = browse()
    phone.come_in(club.join())
    phone.expects(404, "/v1/me/tier")  # a club without levels
    page = phone.go(f"/c/{club.id}/history")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    exchanges: list[int] = []
    page.on("response", lambda got: "/refresh" in got.url and exchanges.append(got.status))
    phone.expects(401, "/v1/")
    with house.later("PT11M"):  # the home page asks for several things at once
        page.get_by_role("link", name="Home").click()
        expect(page.get_by_text("To spend")).to_be_visible()
    assert exchanges == [200]


def test_a_violation_an_error_and_a_refusal_do_not_go_unseen(
    chromium: Browser, house: House
) -> None:
    seen = Watched(chromium, house.url, "en", DESK)
    page = seen.go("/console/")
    page.evaluate("() => { document.body.append(document.createElement('script')); }")
    page.evaluate("() => { document.querySelector('body > script').text = 'alert(1)' }")
    page.evaluate("() => { setTimeout(() => { throw new Error('oh') }) }")
    page.evaluate("() => fetch('/v1/me')")
    page.evaluate("() => fetch('http://127.0.0.1:9/').catch(() => 1)")
    said = "\n".join(seen.close())
    assert "violates the following Content Security Policy" in said
    assert "exception: oh" in said
    assert "GET /v1/me: 401" in said
    assert "http://127.0.0.1:9/" in said


def test_files_are_kept_as_the_edge_would_tell_browsers(house: House) -> None:
    for site in static.SITES:
        folder = WEB / site.name / "dist"
        for file in sorted(folder.rglob("*")):
            path = f"/{site.prefix}{file.relative_to(folder).as_posix()}"
            if file.is_file():
                answer = house.http.get(path)
                told = static.headers(path)
                assert answer.content == file.read_bytes()
                assert answer.headers["cache-control"] == told["CacheControl"]
                assert answer.headers["content-type"] == told["ContentType"]
                hashed = file.suffix in (".js", ".css") and file.parent.name == "assets"
                assert not hashed or told["CacheControl"] == static.FOR_EVER, path


def test_addresses_lead_where_the_edge_leads_them(house: House) -> None:
    from tests.test_edge import PAGES

    assert {path: entry(path) for path in PAGES} == PAGES
    moved = house.http.get("/console", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/console/")
    for path in ("/v1/no/such", "/assets/none.js", "/%2e%2e/package.json", "/console/../x.json"):
        assert house.http.get(path).status_code == 404, path
    assert house.http.get("/v1/no/such").json()["code"] == "no_such_route"
    assert house.http.post("/c/jewels").json()["code"] == "no_such_route"
