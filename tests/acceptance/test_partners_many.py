"""One program with more than fifty partners, who sell to the same members."""

import pytest

from tests.support.club import House
from tests.support.till import percent, rule, shop

PARTNERS = 52


@pytest.mark.req("SV-5")
def test_a_program_has_more_than_fifty_partners_who_sell_to_the_same_member(
    house: House,
) -> None:
    club = house.new_club(earning={"rules": [rule(percent(10))]})
    member = club.join()
    tills = [shop(club, f"partner-{number:02}", "arbat") for number in range(PARTNERS)]
    sold = [till.sell(10_000, member=member)["receipt"] for till in tills]
    assert len(set(sold)) == PARTNERS
    assert member.account()["balance"] == PARTNERS * 10
    listed, after = [], ""
    while True:
        path = f"/partners?limit=20&cursor={after}" if after else "/partners?limit=20"
        answer = club.staff("GET", path)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        listed += [row["partner"] for row in page["rows"]]
        if not (after := page["next"]):
            break
    assert sorted(listed) == [f"partner-{number:02}" for number in range(PARTNERS)]
    assert tills[1].system.call("GET", f"/receipts/{sold[0]}").status_code == 404
