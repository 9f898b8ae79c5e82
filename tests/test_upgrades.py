"""Upgrades of the data: nothing is lost, wherever a worker dies, whoever else is at work.

On a copy of a club's table, on the real engine.
"""

import json
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from chalicelib import entrance
from chalicelib.jobs.model import Message
from chalicelib.jobs.service import run_part
from chalicelib.jobs.store import is_part_done, open_jobs, read
from chalicelib.kernel import facts, queues
from chalicelib.kernel.table import format as stored_format
from chalicelib.kernel.table.items import client
from chalicelib.upgrades import model, service, store
from chalicelib.upgrades.model import Counts, Raw, Record, Refused, Upgrade
from chalicelib.upgrades.steps import UPGRADES
from infra import upgrade
from tests.support import stored
from tests.support.club import House, Member, at_once
from tests.support.copies import copied, put, taken
from tests.support.faults import crash_after, lost_reply
from tests.support.stored import Stored
from tests.support.wire import Wire

SEGMENTS = 2
POINTS = (100, 250, -30)

pytestmark = pytest.mark.whole_table


@pytest.fixture(autouse=True)
def _few_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two parts, which nobody is told of: :func:`work` does them, and one test by the queue."""
    monkeypatch.setattr(service, "SEGMENTS", SEGMENTS)
    monkeypatch.setattr(store, "SEGMENTS", SEGMENTS)
    monkeypatch.setattr(queues, "send", lambda *_: None)


@pytest.fixture(scope="module")
def members(house: House) -> list[Member]:
    """Members of a small club, with a few entries each."""
    club = house.new_club()
    joined = [club.join() for _ in range(2)]
    for member in joined:
        for points in POINTS:
            member.adjust(points).raise_for_status()
    house.pump()
    return joined


@pytest.fixture(scope="module")
def images(members: list[Member]) -> list[Raw]:
    """Their club as it was before upgrade 1."""
    found = taken([members[0].club.id])
    return [as_text(one) if is_entry(one) else one for one in found]


@pytest.fixture
def old(images: list[Raw]) -> Iterator[Stored]:
    """A table with that club alone, on which the platform stands: what is in it."""
    with copied(images):
        yield stored.everything()


def is_entry(item: Raw) -> bool:
    return str(item["sk"]["S"]).startswith("E#")


def as_text(entry: Raw) -> Raw:
    """An entry as it was stored before upgrade 1."""
    return {**entry, "body": {"S": zlib.decompress(entry["body"]["B"]).decode()}}


def without_upgrades(found: Stored) -> Stored:
    """All but what upgrades write down about themselves."""
    return {key: one for key, one in found.items() if not key[0].startswith(("_#UPGR", "_#JOB"))}


def wanted(before: Stored) -> Stored:
    """The table after upgrade 1."""
    changed = {key: UPGRADES[0].change(one) for key, one in before.items() if is_entry(one)}
    return {**before, **{key: one for key, one in changed.items() if one}}


def ask(mode: str, upgrade: int = 1) -> dict[str, Any]:
    return entrance.migrate({"act": mode, "upgrade": upgrade})


def work(house: House) -> None:
    """Let every open pass come to its end, by hand: one worker, part by part."""
    for job in list(open_jobs()):
        for part in range(1, SEGMENTS + 1):
            run_part(Message(job.program, job.job, part), entrance.JOB_HANDLERS, house.now)


def upgraded(house: House) -> dict[str, Any]:
    """Check and run, and how it stands then."""
    ask("check")
    work(house)
    ask("run")
    work(house)
    return entrance.migrate({})["upgrades"][0]


def seen_by(member: Member) -> list[Any]:
    """What a member and staff see of the ledger, proof included."""
    kinds = ("entry", "account head")
    exported = [row for row in member.rows("/export") if row["kind"] in kinds]
    assert member.proof()["agrees"]
    return [member.entries(), member.account(), exported]


def test_old_and_new_entries_read_alike(old: Stored, members: list[Member]) -> None:
    before = [seen_by(member) for member in members]
    old_facts = facts.project(map(facts.image, entries()), entrance.PROJECTORS)
    put(one for one in wanted(old).values() if is_entry(one))
    assert [seen_by(member) for member in members] == before
    assert facts.project(map(facts.image, entries()), entrance.PROJECTORS) == old_facts
    assert len(old_facts) == len(members) * len(POINTS)


def entries() -> list[Raw]:
    return [one for one in stored.everything().values() if is_entry(one)]


def test_a_check_counts_and_shows_and_writes_nothing(
    house: House, old: Stored, members: list[Member]
) -> None:
    assert ask("run") == {"refused": "upgrade_unchecked"}
    assert ask("check")["state"] == "checking"
    work(house)
    found = entrance.migrate({})
    (one,) = found["upgrades"]
    number = len(members) * len(POINTS)
    assert (found["known"], found["stored"], one["state"]) == (1, 0, "checked")
    assert one["counts"] == {"seen": number, "changed": number, "parked": 0}
    assert one["parts_done"] == one["parts"] == SEGMENTS
    assert without_upgrades(stored.everything()) == old
    (shape,) = one["samples"][0]
    assert shape["name"] == "body"
    assert shape["before"].split()[0] == "S"
    assert shape["after"].split()[0] == "B"
    told = json.dumps(found)
    assert not [word for word in (members[0].id, members[0].club.id, "test") if word in told]


def test_a_run_rewrites_what_is_old_once_and_the_books_agree(
    house: House, old: Stored, members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [seen_by(member) for member in members]
    monkeypatch.undo()  # by the queue, in as many parts as anywhere
    said: list[str] = []
    assert upgrade.run(entrance.migrate, said.append, wait=lambda _: house.pump() and None)
    assert "Upgrade 1 compressed_entries: applied, 16 of 16 parts" in "\n".join(said)
    (one,) = entrance.migrate({})["upgrades"]
    number = len(members) * len(POINTS)
    assert [(each["mode"], each["code"], each["counts"]["changed"]) for each in one["passes"]] == [
        ("check", house.stage.version, number),
        ("run", house.stage.version, number),
        ("check", house.stage.version, 0),
    ]
    assert without_upgrades(stored.everything()) == wanted(old)
    assert [seen_by(member) for member in members] == before
    settled = stored.everything()
    for _ in range(3):
        assert ask("run")["state"] == "applied"  # once more is nothing to do
    assert stored.everything() == settled


def test_what_old_code_still_wrote_behind_a_run_is_found_and_done(
    house: House, old: Stored
) -> None:
    upgraded(house)
    late = next(one for one in old.values() if is_entry(one))
    put([late])
    ask("check")
    work(house)
    assert entrance.migrate({})["upgrades"][0]["state"] == "checked"
    ask("run")
    work(house)
    assert entrance.migrate({})["upgrades"][0]["state"] == "applied"
    assert without_upgrades(stored.everything()) == wanted(old)


@pytest.mark.parametrize("fault", [crash_after, lost_reply])
def test_wherever_a_worker_dies_the_next_one_ends_it(
    house: House, old: Stored, monkeypatch: pytest.MonkeyPatch, fault: Any
) -> None:
    monkeypatch.setattr(store, "PAGE_ITEMS", 20)
    ask("check")
    work(house)
    checked = stored.everything()
    with Wire().tapped() as wire:
        with wire.watching() as calls:
            ask("run")
            work(house)
        places = [at for at, call in enumerate(calls) if call.writes]
        assert len(places) > len([one for one in old.values() if is_entry(one)])
        for place in places:
            stored.put_back(checked, stored.everything())
            with wire.watching({place: fault}):
                dying = threading.Thread(target=_one_try, args=(house,))
                dying.start()
                dying.join()
            for _ in range(2):
                ask("run")
                work(house)
            left = entrance.migrate({})["upgrades"][0]
            assert left["state"] == "applied", f"at call {place}: {left}"
            assert without_upgrades(stored.everything()) == wanted(old), f"at call {place}"


def _one_try(house: House) -> None:
    with suppress(Exception):  # a crash is none
        ask("run")
        work(house)


def test_two_workers_of_every_part_and_a_busy_club_lose_nothing(
    house: House, old: Stored, members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_ITEMS", 3)
    contended = Upgrade(1, "marked_heads", "account head", marked)
    monkeypatch.setattr(service, "UPGRADES", (contended,))
    ask("check")
    work(house)
    ask("run")
    (job,) = open_jobs()

    def worker(part: int) -> Callable[[], None]:
        message = Message(job.program, job.job, part)

        def until_over() -> None:
            while not is_part_done(read(job.program, job.job, strong=True).job, part):
                run_part(message, entrance.JOB_HANDLERS, house.now)

        return until_over

    def shopper(member: Member) -> Callable[[], None]:
        def shop() -> None:
            for _ in range(10):
                member.adjust(1).raise_for_status()

        return shop

    at_once(lambda act: act(), [*map(worker, (1, 2, 1, 2)), *map(shopper, members)])
    assert entrance.migrate({})["upgrades"][0]["state"] == "applied"
    for member in members:
        assert member.proof()["agrees"]
        assert member.account()["balance"] == sum(POINTS) + 10
        head = stored.everything()[f"{member.club.id}#M#{member.id}", "HEAD"]
        assert head["mark"] == {"S": "seen"}


def marked(head: Raw) -> Raw | None:
    """An upgrade of what all members' purchases contend for."""
    return None if "mark" in head else {**head, "mark": {"S": "seen"}}


def test_an_item_that_changes_under_the_run_is_looked_at_again(old: Stored) -> None:
    head = next(one for key, one in old.items() if key[1] == "HEAD")
    stale = {**head, "balance": {"N": "1"}}
    assert not store.rewrite(stale, {**stale, "mark": {"S": "x"}})
    assert store.again(head) == head
    assert store.rewrite(head, {**head, "mark": {"S": "x"}})
    assert not store.rewrite(head, {**head, "mark": {"S": "y"}})
    assert store.rewrite({**head, "mark": {"S": "x"}}, head)
    assert store.again(head) == head


def test_a_damaged_item_is_told_of_and_nothing_runs_over_it(house: House, old: Stored) -> None:
    broken = next(one for one in old.values() if is_entry(one))
    put([{name: value for name, value in broken.items() if name != "body"}])
    ask("check")
    work(house)
    assert entrance.migrate({})["upgrades"][0]["counts"]["parked"] == 1
    assert ask("run") == {"refused": "upgrade_damaged_items"}


def test_rewriting_an_entry_tells_nobody_of_it_again(
    house: House, members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    house.pump()
    sent: list[Any] = []
    monkeypatch.setattr(facts, "send", lambda _, found: sent.extend(found))
    pk = f"{members[0].club.id}#M#{members[0].id}"
    kept = [one for one in stored.partition(pk) if is_entry(one)]
    for entry in kept:
        assert store.rewrite(entry, as_text(entry))
        assert store.rewrite(as_text(entry), entry)
    house.pump()
    assert not [one for one in sent if one.member == members[0].id]
    members[0].adjust(1)
    house.pump()
    assert [one.name for one in sent if one.member == members[0].id] == ["points.credited"]


def test_code_that_is_older_than_the_data_lets_nobody_in(
    house: House, old: Stored, members: list[Member]
) -> None:
    newer = {"pk": {"S": "_#UPGRADES"}, "sk": {"S": "U#000000000002"}}
    client().put_item(
        TableName=stored.settings().table,
        Item={**newer, "name": {"S": "later"}, "at": {"S": "2027-01-01T00:00:00.000Z"}},
    )
    stored_format.forget()
    answer = members[0].call("GET", "/account")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == str(stored_format.RETRY_AFTER_S)
    with pytest.raises(stored_format.Unavailable):
        entrance.agenda()
    assert entrance.migrate({})["stored"] == 2
    assert ask("check") == {"refused": "data_newer"}
    client().delete_item(TableName=stored.settings().table, Key=newer)
    assert members[0].call("GET", "/account").status_code == 200


def test_the_edge_knows_the_newest_upgrade_and_their_numbers_have_no_gap() -> None:
    assert [one.number for one in UPGRADES] == list(range(1, stored_format.KNOWN + 1))


@pytest.mark.parametrize("call", [{"act": "undo"}, {"upgrade": "1"}, [1], {"act": "run", "by": 1}])
def test_a_malformed_call_is_refused(call: Any) -> None:
    assert entrance.migrate(call) == {"refused": "malformed_call"}


def test_a_wrong_number_is_refused() -> None:
    assert ask("check", 0) == ask("run", 99) == {"refused": "upgrade_unknown"}


def test_one_after_the_other_and_only_what_was_checked_by_this_code() -> None:
    fresh, before = Record(), Record()

    def plan(record: Record, mode: model.Mode, *, works: bool = False, code: str = "a") -> str:
        return model.plan(record, mode, (), code, works=works)

    with pytest.raises(Refused, match="upgrade_before_missing"):
        model.plan(fresh, "run", [before], "a", works=False)
    checking = model.begun(fresh, "check", "j1", "a", "1")
    assert plan(checking, "check", works=True) == "nothing"
    for works, code in ((True, "upgrade_busy"), (False, "upgrade_unchecked")):
        with pytest.raises(Refused, match=code):
            plan(checking, "run", works=works)
    assert plan(checking, "check") == "begin"  # it stood still
    assert len(model.begun(checking, "check", "j2", "a", "2").passes) == 1
    checked = model.ended(checking, Counts(2, 1), "2")
    with pytest.raises(Refused, match="upgrade_unchecked"):
        plan(checked, "run", code="b")
    running = model.begun(checked, "run", "j3", "a", "3")
    assert plan(running, "run", works=True) == "nothing"
    assert plan(running, "run") == "take up"
    with pytest.raises(Refused, match="upgrade_stopped"):
        plan(running, "check")
    assert model.state(running, works=False) == "stopped"
    assert model.taken_up(running, "j4", "b").passes[-1].number == 2
    parked = model.ended(running, Counts(2, 1, 1), "4")
    assert model.state(parked, works=False) == "incomplete"


def test_an_upgrade_changes_no_key() -> None:
    item = {"pk": {"S": "a"}, "sk": {"S": "b"}}
    with pytest.raises(AssertionError):
        model.difference(item, {**item, "sk": {"S": "c"}})
