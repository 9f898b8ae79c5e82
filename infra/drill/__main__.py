"""``python -m infra.drill``: the drill, and each of its steps for a deployed stage.

Acts with the credentials and the region of whoever calls it. docs/operations/backup.md tells when.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from infra.drill.exports import ExportBroken
from infra.drill.tables import NotFilled, Table
from infra.local.process import StartError
from infra.operations.deployed import StageError, client, find, settle, stack_name

LOCAL, GIVEN = "local", "environment"
"""Instead of a stage: the platform that runs on this machine; the environment as it is."""


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; 1 when something differs, 2 and a sentence when it cannot be done."""
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.act(asked))
    except (StartError, StageError, ExportBroken, NotFilled, msgspec.ValidationError) as fault:
        print(fault, file=sys.stderr)
        return 2


def _play(asked: argparse.Namespace) -> int:
    from infra.drill import local
    from infra.local.run import DATA

    return _tell(local.play(DATA, asked.keep))


def _export(asked: argparse.Namespace) -> int:
    table = _settled(asked)
    from chalicelib.kernel.clock import now, render
    from chalicelib.kernel.settings import settings
    from infra.drill import exports, files

    objects = files.listed(client("s3"), settings().files_bucket)
    at = render(now(settings()))
    print(f"{exports.write(table, asked.folder, list(objects), at)} items are in {asked.folder}.")
    return 0


def _restore(asked: argparse.Namespace) -> int:
    table = _settled(asked)
    from infra.drill import exports, restore

    source = Table(table.client, asked.source_table) if asked.source_table else None
    wanted = source.items if source else lambda: exports.read(asked.source_folder)
    done = restore.make_equal(table, wanted, write=asked.write)
    did = "were" if asked.write else "would be"
    print(f"{table.name}: {done.put} items {did} put, {done.deleted} {did} deleted.")
    if not asked.write:
        print("Nothing was written; --write does it.")
    return 0


def _compare(asked: argparse.Namespace) -> int:
    table = _settled(asked)
    from infra.drill import exports, files, verdict

    found = verdict.Verdict()
    verdict.same_items(found, lambda: exports.read(asked.folder), table.items)
    files.compare(found, table.items(), exports.objects(asked.folder))
    return _tell(found)


def _prove(asked: argparse.Namespace) -> int:
    _settled(asked)
    from infra.drill.books import reconciled

    books = reconciled()
    if asked.json:
        print(msgspec.json.encode(books).decode())
    else:
        print(f"{books.accounts} accounts, {books.entries} entries")
        for program, points in books.points.items():
            print(f"  {program}: {points} points")
        for account in books.disagreeing:
            print(f"WRONG: {account} disagrees with its entries")
    return 1 if books.disagreeing else 0


def _wishes(asked: argparse.Namespace) -> int:
    table = _settled(asked)
    from infra.drill import wishes

    number = wishes.write(asked.file, wishes.since(table.items(), asked.since))
    print(f"{number} wishes since {asked.since} are in {asked.file}.")
    return 0


def _repeat(asked: argparse.Namespace) -> int:
    _settled(asked)
    from chalicelib.kernel.clock import now
    from chalicelib.kernel.settings import settings
    from infra.drill import wishes

    done, stood = wishes.repeated(wishes.read(asked.file), now(settings()))
    print(f"{done} wishes were done again, {stood} stood so already.")
    return 0


def _tell(found: Any) -> int:
    for line in found.lines:
        print(line)
    print("Everything is the same." if found.holds else f"{found.faults} faults: NOT the same.")
    return 0 if found.holds else 1


def _settled(asked: argparse.Namespace) -> Table:
    """Be configured as the stage's own functions are, and give the table that was asked for."""
    if asked.stage == LOCAL:
        from infra.local.attach import attach
        from infra.local.run import DATA

        attach(DATA)
    elif asked.stage != GIVEN:
        settle(find(stack_name(asked.stage), client("cloudformation")))
    if asked.table:
        os.environ["CLUBKEEPER_TABLE"] = asked.table
    # only now: what these import reads the environment
    from chalicelib.kernel.settings import settings
    from chalicelib.kernel.table import items

    return Table(items.client(), settings().table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.drill", description=__doc__)
    acts = parser.add_subparsers(required=True)
    whole = acts.add_parser("drill", help="export, restore and compare the local platform's data")
    whole.add_argument("--keep", type=Path, help="a new folder in which the export stays")
    whole.set_defaults(act=_play)
    steps = {
        "export": (_export, "write a table and the list of the bucket into a new folder"),
        "restore": (_restore, "make a table what an export or another table says"),
        "compare": (_compare, "compare an export with a table, item by item"),
        "prove": (_prove, "prove every account against its entries"),
        "wishes": (_wishes, "keep what members asked for since an instant"),
        "repeat": (_repeat, "do again what members asked for"),
    }
    made = {name: acts.add_parser(name, help=about) for name, (_, about) in steps.items()}
    for name, one in made.items():
        one.add_argument("stage", help=f"dev, test or prod; {LOCAL}; {GIVEN}: as it is set")
        one.add_argument("--table", default="", help="instead of the stage's own table")
        one.set_defaults(act=steps[name][0])
    for name in ("export", "compare"):
        made[name].add_argument("folder", type=Path)
    source = made["restore"].add_mutually_exclusive_group(required=True)
    source.add_argument("--from-table", dest="source_table", default="")
    source.add_argument("--from-export", dest="source_folder", type=Path)
    made["restore"].add_argument("--write", action="store_true", help="without it, only count")
    made["prove"].add_argument("--json", action="store_true")
    for name in ("wishes", "repeat"):
        made[name].add_argument("file", type=Path)
    made["wishes"].add_argument("--since", required=True, help="e.g. 2026-11-29T08:00:00.000Z")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
