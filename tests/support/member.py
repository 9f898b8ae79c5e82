"""A member as their own app and the club's staff act for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from tests.support.common import bearer

if TYPE_CHECKING:
    from tests.support.club import Club


@dataclass
class Member:
    """A signed-in member."""

    club: "Club"
    phone: str
    session: dict[str, Any]
    client: str = ""

    @property
    def id(self) -> str:
        """The member's id."""
        return str(self.session["member"]["member"])

    @property
    def token(self) -> str:
        """The access token."""
        return str(self.session["access_token"])

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A call below ``/v1/me``."""
        fields = bearer(self.token, **more.pop("headers", {}))
        house = self.club.house
        http = house.from_address(self.client) if self.client else house.http
        return http.request(method, f"/v1/me{path}", headers=fields, **more)

    def register(self, tag: dict[str, str], code: str | None = None) -> httpx.Response:
        """Register an item by its scratch code."""
        body = {"serial": tag["serial"], "scratch_code": code or tag["scratch_code"]}
        return self.call("POST", "/items", json=body)

    def scan(self, tag: dict[str, str]) -> dict[str, Any]:
        """What the member's own app shows of a scanned tag."""
        answer = self.club.house.http.get(f"/v1/tags/{tag['serial']}", headers=bearer(self.token))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def refresh(self) -> httpx.Response:
        """Exchange the refresh token; a good answer becomes the session."""
        body = {"refresh_token": self.session["refresh_token"]}
        answer = self.club.house.http.post("/v1/sessions/refresh", json=body)
        if answer.status_code == 200:
            self.session = answer.json()
        return answer

    def adjust(self, points: int, **more: Any) -> httpx.Response:
        """Points added or taken by staff."""
        body = {"points": points, "reason": "By a test"}
        return self.staff("POST", "/adjustments", json=body, **more)

    def staff(self, method: str, path: str, **more: Any) -> httpx.Response:
        """A staff call below this member."""
        return self.club.staff(method, f"/members/{self.id}{path}", **more)

    def account(self) -> dict[str, Any]:
        """The member's points."""
        answer = self.call("GET", "/account")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def entries(self) -> list[dict[str, Any]]:
        """The whole history, newest first."""
        return self.rows("/entries")

    def rows(self, path: str) -> list[dict[str, Any]]:
        """All pages of one of the member's lists."""
        rows: list[dict[str, Any]] = []
        cursor = ""
        while True:
            answer = self.call("GET", path, params={"limit": 100, "cursor": cursor})
            assert answer.status_code == 200, answer.text
            rows += answer.json()["rows"]
            cursor = answer.json()["next"]
            if not cursor:
                return rows

    def proof(self) -> dict[str, Any]:
        """Whether the entries add up to the balance, as staff ask it."""
        answer = self.staff("GET", "/proof")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found
