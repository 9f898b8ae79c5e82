"""Many at once: whatever the order, there is one winner, one effect and no point too many."""

import random
import threading
import time
import uuid
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.support.club import Club, House, Member, at_once, bearer, figure, new_phone
from tests.support.linearizability import Operation, linearizable

ITEM, BONUS = 300, 500
WHY = "By a test of concurrency"
PATIENCE_S = 60


def insist(send: Any) -> httpx.Response:
    """Send the same request until the platform is not busy with others."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        answer: httpx.Response = send()
        if answer.status_code != 503 or time.monotonic() > deadline:
            return answer


def codes(answers: list[httpx.Response]) -> Counter[str]:
    """How often each outcome came: a status, or a refusal's code."""
    return Counter(
        str(one.status_code) if one.is_success else one.json()["code"] for one in answers
    )


def test_fifty_members_register_one_tag_and_one_wins(club: Club) -> None:
    (tag,) = club.tags(1)
    members = [club.join() for _ in range(50)]
    answers = at_once(lambda member: member.register(tag), members)
    assert codes(answers) == {"201": 1, "tag_registered": 49}
    won = next(at for at, answer in enumerate(answers) if answer.status_code == 201)
    seen = club.staff("GET", f"/tags/{tag['serial']}").json()
    assert seen["registered_by"] == members[won].id
    for at, member in enumerate(members):
        account, entries, items = member.account(), member.entries(), member.rows("/items")
        if at == won:
            assert account["balance"] == ITEM + BONUS
            assert [entry["points"] for entry in entries] == [ITEM + BONUS]
            assert [item["serial"] for item in items] == [tag["serial"]]
            assert seen["entry"] == entries[0]["seq"]
        else:
            assert (account["balance"], account["version"], entries, items) == (0, 0, [], [])


def test_ten_first_items_at_once_bring_one_bonus(club: Club) -> None:
    member = club.join()
    answers = at_once(lambda tag: insist(lambda: member.register(tag)), club.tags(10))
    assert codes(answers) == {"201": 10}
    given = Counter(part["code"] for entry in member.entries() for part in entry["parts"])
    assert given == {"item_registered": 10, "first_item": 1}
    assert member.account()["balance"] == 10 * ITEM + BONUS
    assert len(member.rows("/items")) == 10
    assert member.proof()["agrees"]


def test_one_registration_sent_many_times_at_once_is_one(club: Club) -> None:
    member = club.join()
    (tag,) = club.tags(1)
    answers = at_once(lambda _: member.register(tag), range(12))
    assert codes(answers) == {"201": 12}
    assert len({answer.text for answer in answers}) == 1
    assert [entry["points"] for entry in member.entries()] == [ITEM + BONUS]


@pytest.mark.soak
@pytest.mark.timeout(figure(300, 3000))
def test_every_operation_reversed_twice_at_once_is_reversed_once(club: Club) -> None:
    number = figure(150, 500)
    members = [club.join() for _ in range(5)]
    done = [
        (member, member.adjust(at + 1).json()["seq"])
        for at, member in ((at, members[at % len(members)]) for at in range(number))
    ]
    orders = [(member, seq, uuid.uuid4().hex) for member, seq in done for _ in range(2)]

    def reverse(order: tuple[Member, int, str]) -> httpx.Response:
        member, seq, key = order
        body = {"reason": WHY}
        return insist(lambda: member.staff("POST", f"/entries/{seq}/reversal", key=key, json=body))

    answers = at_once(reverse, orders, workers=20)
    assert codes(answers) == {"201": number, "entry_reversed": number}
    for member in members:
        kinds = Counter(entry["kind"] for entry in member.entries())
        assert kinds["points.reversed"] == kinds["points.adjusted"]
        account = member.account()
        assert (account["balance"], account["available"], account["debt"]) == (0, 0, 0)
        assert member.proof()["agrees"]


def test_one_key_sent_many_times_at_once_has_one_effect(club: Club) -> None:
    member = club.join()
    key = uuid.uuid4().hex
    answers = at_once(lambda _: insist(lambda: member.adjust(7, key=key)), range(20))
    assert codes(answers) == {"201": 20}
    assert len({answer.text for answer in answers}) == 1
    assert member.account()["balance"] == 7


def test_holding_and_spending_at_once_never_overspend(club: Club) -> None:
    for _ in range(5):
        member = club.join()
        member.adjust(100)

        def take(how: str, who: Member = member) -> httpx.Response:
            if how == "hold":
                body = {"points": 30, "reason": WHY}
                return insist(lambda: who.staff("POST", "/holds", json=body))
            return insist(lambda: who.adjust(-30))

        answers = at_once(take, ["hold", "spend"] * 10)
        assert codes(answers) == {"201": 3, "not_enough_points": 17}
        account = member.account()
        assert account["available"] == 10
        assert account["balance"] == 10 + account["held"]
        assert member.proof()["agrees"]


def test_a_hold_ended_both_ways_at_once_ends_one_way(club: Club) -> None:
    for _ in range(5):
        member = club.join()
        member.adjust(100)
        hold = member.staff("POST", "/holds", json={"points": 40, "reason": WHY}).json()["ref"]

        def end(how: str, who: Member = member, name: str = hold) -> httpx.Response:
            body = {"end": how, "reason": WHY}
            return insist(lambda: who.staff("POST", f"/holds/{name}/resolution", json=body))

        ends = ["captured", "released"] * 5
        answers = at_once(end, ends)
        assert codes(answers) == {"200": 5, "hold_resolved": 5}
        won = {how for how, answer in zip(ends, answers, strict=True) if answer.is_success}
        assert len(won) == 1
        assert member.account()["balance"] == (60 if won == {"captured"} else 100)
        assert member.account()["held"] == 0


def test_one_refresh_token_used_at_once_rotates_once(house: House, club: Club) -> None:
    member = club.join()
    body = {"refresh_token": member.session["refresh_token"]}
    answers = at_once(lambda _: house.http.post("/v1/sessions/refresh", json=body), range(10))
    assert codes(answers) == {"200": 10}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    for answer in answers:
        me = house.http.get("/v1/me", headers=bearer(answer.json()["access_token"]))
        assert me.status_code == 200
    assert len(member.call("GET", "/sessions").json()["rows"]) == 1


def test_one_code_used_at_once_makes_one_member(house: House, club: Club) -> None:
    phone = new_phone()
    body = {
        "challenge": club.challenge(phone),
        "one_time_code": club.code(phone),
        "join": {"kind": "buyer", "accept_rules": 1, "language": "en"},
    }
    url = f"/v1/programs/{club.id}/sessions"
    answers = at_once(lambda _: insist(lambda: house.http.post(url, json=body)), range(10))
    good = [answer.json() for answer in answers if answer.status_code == 201]
    assert good
    assert len({one["member"]["member"] for one in good}) == 1
    assert len({one["refresh_token"] for one in good}) == 1
    assert codes(answers).keys() <= {"201", "one_time_code_expired"}


def test_two_phones_for_two_members_at_once_stay_apart(house: House, club: Club) -> None:
    """The same free number, claimed by two members at once, becomes the number of one."""
    phone = new_phone()
    members = [club.join(), club.join()]
    bodies = []
    for _ in members:
        challenge = club.challenge(phone)
        bodies.append({"challenge": challenge, "one_time_code": club.code(phone)})
    answers = at_once(
        lambda at: insist(lambda: members[at].call("POST", "/contacts", json=bodies[at])), range(2)
    )
    assert codes(answers) == {"200": 1, "address_taken": 1}


def test_parallel_guesses_get_no_more_tries(house: House, club: Club) -> None:
    phone = new_phone()
    challenge = club.challenge(phone)
    right = club.code(phone)
    guesses = [f"{number:06}" for number in range(100_000, 100_030) if f"{number:06}" != right]
    url = f"/v1/programs/{club.id}/sessions"

    def guess(code: str) -> httpx.Response:
        return house.http.post(url, json={"challenge": challenge, "one_time_code": code})

    outcome = codes(at_once(guess, guesses))
    assert outcome["wrong_one_time_code"] == 5
    assert outcome.keys() <= {"wrong_one_time_code", "one_time_code_expired"}
    assert codes([guess(right)]) == {"one_time_code_expired": 1}


# -- histories -----------------------------------------------------------------

CLIENTS = 8
HURRIED = 0.04
"""Share of changes whose client goes away before the answer."""


def balance_step(balance: int, operation: Operation) -> int | None:
    """The account one operation at a time: what it answers, and the balance after."""
    asked, answered = operation.asked, operation.answered
    if asked == "read":
        return balance if answered == balance else None
    covered = balance + asked >= 0
    if operation.ended is None:
        return balance + asked if covered else balance
    if answered == "refused":
        return None if covered else balance
    return balance + asked if covered and answered == balance + asked else None


class Recorder:
    """Clients of one account, and everything they asked and were answered."""

    def __init__(self, member: Member, hasty: httpx.Client) -> None:
        self.member = member
        self.hasty = hasty
        self.history: list[Operation] = []
        self._lock = threading.Lock()

    def client(self, work: tuple[int, int]) -> None:
        """One client's calls, one after the other."""
        seed, steps = work
        chance = random.Random(seed)
        for _ in range(steps):
            reads = chance.random() < 0.5
            asked = "read" if reads else chance.choice([1, 2, 5, 10, -1, -3, -8, -20])
            hurried = not reads and chance.random() < HURRIED
            began = time.monotonic()
            answered = self._read() if reads else self._change(asked, hurried)
            ended = None if answered == "unknown" else time.monotonic()
            with self._lock:
                self.history.append(Operation(began, ended, asked, answered))

    def _read(self) -> int:
        return int(self.member.staff("GET", "/account").json()["balance"])

    def _change(self, points: Any, hurried: bool) -> int | str:
        path = f"/v1/staff/programs/{self.member.club.id}/members/{self.member.id}/adjustments"
        headers = bearer(self.member.club.token, **{"Idempotency-Key": uuid.uuid4().hex})
        http = self.hasty if hurried else self.member.club.house.http
        try:
            answer = http.post(path, json={"points": points, "reason": WHY}, headers=headers)
        except httpx.TimeoutException:
            return "unknown"
        if answer.status_code == 503:
            return "unknown"
        return "refused" if answer.status_code == 409 else int(answer.json()["balance"])


@pytest.mark.soak
@pytest.mark.timeout(figure(300, 3600))
def test_histories_of_an_account_are_linearizable(house: House, club: Club) -> None:
    steps = figure(20, 50)
    unknown = 0
    with httpx.Client(base_url=house.url, timeout=0.004) as hasty:
        for number in range(figure(10, 60)):
            recorder = Recorder(club.join(), hasty)
            work = [(number * CLIENTS + client, steps) for client in range(CLIENTS)]
            at_once(recorder.client, work)
            assert len(recorder.history) == CLIENTS * steps
            assert linearizable(recorder.history, 0, balance_step), f"seeds from {work[0][0]}"
            unknown += sum(one.ended is None for one in recorder.history)
            assert recorder.member.proof()["agrees"]
    assert unknown
