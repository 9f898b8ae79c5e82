"""The drill finds what it is for: an item that is missing, too much or changed; books that do not
agree; an export that is damaged. And what is restored stands as it was, erasures since then too.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.kernel.clock import render
from chalicelib.kernel.settings import settings
from chalicelib.kernel.table.items import client as connected
from infra.drill import __main__ as drill
from infra.drill import books, exports, files, items, local, restore
from infra.drill.exports import ExportBroken, Stored
from infra.drill.items import Raw
from infra.drill.tables import Table
from infra.local.engine import Engine, create_table
from infra.local.environment import TABLE
from infra.local.process import StartError
from infra.local.resources import client
from tests.support import stored
from tests.support.club import Club, House, Member
from tests.support.copies import URL, copied, taken

AT = "2026-11-29T08:00:00.000Z"

pytestmark = pytest.mark.whole_table


@pytest.fixture(scope="module")
def member(house: House) -> Member:
    """A member with some points, of a club of their own."""
    joined = house.new_club().join()
    for points in (100, 40, -15):
        joined.adjust(points).raise_for_status()
    assert joined.call("PUT", "/consents/sms", json={"granted": True}).is_success
    return joined


@pytest.fixture(scope="module")
def images(member: Member) -> list[Raw]:
    """All that their club has."""
    return taken([member.club.id])


@pytest.fixture
def table(images: list[Raw]) -> Iterator[Table]:
    """A table with that club alone, on which the platform stands."""
    with copied(images) as name:
        yield Table(connected(), name)


@pytest.fixture
def other() -> Iterator[Table]:
    """An empty table beside it."""
    found = Table(client("dynamodb", os.environ[URL]), "restored")
    create_table(os.environ[URL], found.name)
    yield found
    found.client.delete_table(TableName=found.name)


@pytest.fixture
def export(table: Table, tmp_path: Path) -> Path:
    """The table in files."""
    exports.write(table, tmp_path / "export", [], AT)
    return tmp_path / "export"


@pytest.fixture(scope="module")
def data(images: list[Raw], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a local platform that was stopped."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "secret").write_text("s" * 64)
    engine = Engine.start(data=folder)
    create_table(engine.url, TABLE)
    Table(client("dynamodb", engine.url), TABLE).fill(images)
    engine.stop()
    return folder


def first(table: Table, begin: str) -> Raw:
    """An item of a member."""
    keys = ((one, *items.key_of(one)) for one in table.items())
    return next(one for one, pk, sk in keys if "#M#" in pk and sk.startswith(begin))


def drop_entry(table: Table) -> None:
    table.remove([items.key_of(first(table, "E#"))])


def more_points(table: Table) -> None:
    table.fill([{**first(table, "HEAD"), "balance": {"N": "1000"}}])


def another_name(table: Table) -> None:
    table.fill([{**first(table, "PROFILE"), "given_name": {"S": "Somebody"}}])


def one_too_much(table: Table) -> None:
    table.fill([{**first(table, "MEMBER"), "pk": {"S": "club#M#nobody"}}])


def test_what_is_restored_is_the_same(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.run.DATA", data)
    assert drill.main(["drill"]) == 0
    said = capsys.readouterr().out
    assert "Everything is the same." in said
    assert "entries that were proved: 3" in said


def test_what_is_not_the_same_is_found(data: Path, member: Member) -> None:
    def spoil(table: Table) -> None:
        for harm in (drop_entry, more_points, another_name, one_too_much):
            harm(table)

    found = local.play(data, spoil=spoil)
    said = "\n".join(found.lines)
    assert not found.holds
    for told in (
        "missing: entry",
        "changed: account head",
        "changed: profile",
        "extra: member club#M#nobody",
        f"the restored account {member.club.id}/{member.id} disagrees",
        f"{member.club.id}, restored: members hold 1000",
        "WRONG: items of the kind entry: 3 exported, 2 restored",
    ):
        assert told in said
    assert member.phone.lstrip("+") not in said
    assert "Somebody" not in said


def test_without_data_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StartError, match="make run"):
        local.play(tmp_path)


def as_dynamodb_exports(folder: Path) -> None:
    """The same in the way that DynamoDB's own exports to S3 are laid out."""
    found = list(exports.read(folder))
    shutil.rmtree(folder)
    (folder / "data").mkdir(parents=True)
    lines = b"".join(json.dumps({"Item": _encoded(one)}).encode() + b"\n" for one in found)
    names, manifest = ("aaaa.json.gz", "bbbb.json.gz"), []
    for name, content, count in zip(names, (lines, b""), (len(found), 0), strict=True):
        packed = gzip.compress(content)
        (folder / "data" / name).write_bytes(packed)
        digest = hashlib.md5(packed).digest()
        manifest.append(
            {
                "itemCount": count,
                "md5Checksum": base64.b64encode(digest).decode(),
                "etag": f"{hashlib.md5(digest).hexdigest()}-1",
                "dataFileS3Key": f"backups/AWSDynamoDB/01693685827463-2d8752fd/data/{name}",
            }
        )
    (folder / "manifest-files.json").write_text("\n".join(map(json.dumps, manifest)))
    summary = {
        "version": "2020-06-30",
        "exportTime": AT,
        "s3Bucket": "backups",
        "itemCount": len(found),
        "outputFormat": "DYNAMODB_JSON",
        "exportType": "FULL_EXPORT",
    }
    (folder / "manifest-summary.json").write_text(json.dumps(summary))


def _encoded(item: Raw) -> dict[str, Any]:
    encoded = {}
    for name, value in item.items():
        ((kind, content),) = value.items()
        if kind == "B":
            content = base64.b64encode(content).decode()
        if kind == "N":
            content = f"{int(content)}.0"  # DynamoDB promises the number, not how it is written
        encoded[name] = {kind: content}
    return encoded


@pytest.mark.parametrize("lay", [lambda _: None, as_dynamodb_exports])
def test_a_table_becomes_what_an_export_says(
    table: Table, other: Table, export: Path, lay: Callable[[Path], None]
) -> None:
    lay(export)

    def wanted() -> Iterator[Raw]:
        return exports.read(export)

    number = len(list(table.items()))
    assert restore.make_equal(other, wanted, write=False) == restore.Done(number)
    assert not list(other.items())
    assert restore.make_equal(other, wanted, write=True) == restore.Done(number)
    drop_entry(other)
    another_name(other)
    one_too_much(other)
    assert restore.make_equal(other, wanted, write=False) == restore.Done(2, 1)
    assert restore.make_equal(other, table.items, write=True) == restore.Done(2, 1)
    assert restore.make_equal(other, wanted, write=True) == restore.Done()
    assert exports.exported_at(export) == AT


def cut(folder: Path) -> None:
    next((folder / "data").iterdir()).unlink()


def bend(folder: Path) -> None:
    file = max((folder / "data").iterdir(), key=lambda one: one.stat().st_size)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def shorten(folder: Path) -> None:
    manifest = map(json.loads, (folder / exports.FILES).read_text().splitlines())
    fewest_first = sorted(manifest, key=lambda entry: int(entry["itemCount"]))
    (folder / exports.FILES).write_text("\n".join(map(json.dumps, fewest_first[:-1])))


def other_kind(folder: Path) -> None:
    summary = json.loads((folder / exports.SUMMARY).read_text())
    changed = {**summary, "exportType": "INCREMENTAL_EXPORT"}
    (folder / exports.SUMMARY).write_text(json.dumps(changed))


def unfinished(folder: Path) -> None:
    (folder / exports.SUMMARY).unlink()


@pytest.mark.parametrize("harm", [cut, bend, shorten, other_kind, unfinished])
def test_a_damaged_export_is_refused(export: Path, harm: Callable[[Path], None]) -> None:
    harm(export)
    with pytest.raises(ExportBroken):
        list(exports.read(export))


def test_a_file_that_is_gone_from_the_bucket_is_found() -> None:
    file = "0123456789abcdefghjk"
    item = {
        "pk": {"S": "jewels#FILES"},
        "sk": {"S": f"FILE#{file}"},
        "purpose": {"S": "reward-image"},
        "state": {"S": "ready"},
        "size": {"N": "10"},
    }
    gone = {**item, "sk": {"S": f"FILE#{file[::-1]}"}, "state": {"S": "deleted"}}
    there = Stored(f"media/jewels/{file}", 10, "etag")
    assert files.missing([item, gone], [there]) == []
    assert files.missing([item], [there._replace(size=9)]) == [there.key]


def test_the_commands_on_a_table_that_the_environment_names(
    table: Table, tmp_path: Path, capsys: pytest.CaptureFixture[str], member: Member
) -> None:
    folder = tmp_path / "export"
    exports.write(table, folder, None, AT)
    assert drill.main(["compare", "environment", str(folder)]) == 0
    assert drill.main(["prove", "environment"]) == 0
    assert f"{member.club.id}: 125 points" in capsys.readouterr().out
    more_points(table)
    assert drill.main(["compare", "environment", str(folder)]) == 1
    assert drill.main(["prove", "environment"]) == 1
    restored = ["restore", "environment", "--from-export", str(folder)]
    assert drill.main(restored) == 0
    assert "1 items would be put, 0 would be deleted" in capsys.readouterr().out
    assert drill.main([*restored, "--write"]) == drill.main(["prove", "environment"]) == 0
    assert drill.main(["compare", "environment", str(tmp_path)]) == 2


def test_books_that_do_not_agree_are_told(table: Table, member: Member) -> None:
    assert books.reconciled().points == {member.club.id: 125}
    table.fill([{**first(table, "E#"), "points": {"N": "1"}}])
    assert books.reconciled().disagreeing == [f"{member.club.id}/{member.id}"]


@pytest.mark.usefixtures("table")
def test_what_members_asked_for_since_the_backup_is_done_again(
    house: House, club: Club, tmp_path: Path
) -> None:
    leaver, doubter, stayer = (club.join() for _ in range(3))
    for one in (doubter, stayer):
        for purpose in ("sms", "email"):
            consent = {"granted": True}
            assert one.call("PUT", f"/consents/{purpose}", json=consent).is_success
    leaver.adjust(10).raise_for_status()
    before = stored.everything()
    since = render(house.now)
    for purpose in ("sms", "email"):
        assert doubter.call("PUT", f"/consents/{purpose}", json={"granted": False}).is_success
    card = leaver.session["member"]["card_number"]
    assert leaver.call("DELETE", "", json={"confirm": card}).status_code == 204
    kept = ["environment", str(tmp_path / "wishes.jsonl")]
    assert drill.main(["wishes", *kept, "--since", since]) == 0
    stored.put_back(before, stored.everything())  # the backup is restored
    assert leaver.call("GET", "").status_code == 200
    assert doubter.call("PUT", "/consents/email", json={"granted": False}).is_success
    assert doubter.call("PUT", "/consents/email", json={"granted": True}).is_success  # and again
    for _ in range(2):
        assert drill.main(["repeat", *kept]) == 0
    assert leaver.call("GET", "").status_code == 401
    kinds = {sk for pk, sk in stored.everything() if pk == f"{club.id}#M#{leaver.id}"}
    assert "PROFILE" not in kinds
    assert leaver.phone not in (tmp_path / "wishes.jsonl").read_text()
    assert club.join(leaver.phone).id != leaver.id
    granted = {
        one["purpose"]: one["granted"] for one in doubter.call("GET", "/consents").json()["rows"]
    }
    assert (granted["sms"], granted["email"]) == (False, True)
    assert settings().table
