"""Lists of awards as large as they come: they fit, or are refused in words."""

import pytest

from tests.support.award_lists import WHY, code, look
from tests.support.club import Club


@pytest.mark.parametrize(
    ("reason", "said"),
    [("Щ" * 500, ""), (WHY, "Ж" * 60), ('"' * 500, ""), (WHY, "x" + '"' * 60), (WHY, "\\" * 60)],
)
def test_large_lists_fit_whatever_they_say(club: Club, reason: str, said: str) -> None:
    member = club.join()
    text = "member,points,reason\n" + "".join(
        f"{member.id},{at + 1},{said}\n" for at in range(5_000)
    )
    answer = club.staff("POST", "/award-lists", json={"csv": text, "reason": reason})
    assert answer.status_code == 202, answer.text
    club.house.pump()
    found = look(club, answer.json()["list"])
    assert (found["state"], found["rows_ok"]) == ("checked", 5_000)
    (row, *_) = club.staff("GET", f"/award-lists/{found['list']}/rows").json()["rows"]
    assert row["reason"] == (said or reason)


@pytest.mark.parametrize("letter", ["a", "щ", 'x"'])
def test_a_list_that_is_too_large_is_refused_as_such(club: Club, letter: str) -> None:
    text = "member,points,reason\n" + f"1,2,{letter * 300}\n" * 3_000
    answer = club.staff("POST", "/award-lists", json={"csv": text, "reason": WHY})
    assert (answer.status_code, code(answer)) in ((413, "too_large"), (422, "invalid_fields"))
