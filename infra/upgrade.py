"""``python -m infra.upgrade STAGE [state|check|run]``: upgrade the data of a deployed stage.

The local platform does the same by ``make upgrade``. Everything can be stopped and started again:
the platform does the work by itself, and this only asks for it and looks on.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from infra.operations.deployed import StageError, client, find, stack_name

Call = Callable[[dict[str, Any]], dict[str, Any]]
"""Asks the ``migrate`` function; see :mod:`chalicelib.upgrades.calls`."""
Say = Callable[[str], None]
PAUSE_S = 2.0
PATIENCE_S = 6 * 3600.0
MOST_ASKED = 50
"""How often something is asked for again that stopped, before it is given up."""
ROUNDS = 3
"""How often what old code still wrote behind a run is rewritten, before somebody has to look."""
_OPEN = ("checking", "running")


class NotUpgraded(Exception):
    """An upgrade could not be carried out; the message is one sentence."""


def by_lambda(function: str) -> Call:
    """Ask the function of a deployed stage; needs ``lambda:InvokeFunction`` on it."""
    functions = client("lambda")

    def call(event: dict[str, Any]) -> dict[str, Any]:
        answer = functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        found: dict[str, Any] = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise NotUpgraded(f"{function} failed: {found.get('errorMessage', 'no message')}.")
        return found

    return call


def state(call: Call, say: Say) -> bool:
    """Tell how every upgrade stands; whether all are applied."""
    found = call({"act": "state"})
    say(f"This code knows upgrade {found['known']}, the table has met upgrade {found['stored']}.")
    if found["stored"] > found["known"]:
        raise NotUpgraded("The data are newer than this code: deploy the newer code again.")
    for one in found["upgrades"]:
        say(line(one))
        for each in one["passes"]:
            ended = each["ended_at"] or "not ended"
            say(
                f"    {each['mode']} by {each['code']}: {each['started_at']} to {ended}, "
                f"{figures(each['counts'], each['mode'])}"
            )
    return all(one["state"] == "applied" for one in found["upgrades"])


def check(call: Call, say: Say, wait: Callable[[float], None] = time.sleep) -> bool:
    """Count what the next upgrade would change, and show some of it; whether nothing is left."""
    for one in call({"act": "state"})["upgrades"]:
        if one["state"] != "applied":
            _show(_through(call, say, "check", one["upgrade"], wait), say)
            return False
    say("Every upgrade is applied.")
    return True


def run(call: Call, say: Say, wait: Callable[[float], None] = time.sleep) -> bool:
    """Check, run and check again every upgrade that is not applied, in their order.

    Raises:
        NotUpgraded: one cannot be.
    """
    for one in call({"act": "state"})["upgrades"]:
        number = one["upgrade"]
        for _ in range(ROUNDS):
            if _standing(call, number)["state"] == "applied":
                break
            if not _has_open_run(_standing(call, number)):
                _show(_through(call, say, "check", number, wait), say)
            _through(call, say, "run", number, wait)
            _through(call, say, "check", number, wait)
        else:
            raise NotUpgraded(
                f"Upgrade {number} finds something left each time: is old code still at work?"
            )
    return state(call, say)


def line(one: dict[str, Any]) -> str:
    """One upgrade in a line."""
    parts = f", {one['parts_done']} of {one['parts']} parts" if one["parts"] else ""
    mode = one["passes"][-1]["mode"] if one["passes"] else ""
    met = f", {figures(one['counts'], mode)}" if one["parts"] else ""
    return f"Upgrade {one['upgrade']} {one['name']}: {one['state']}{parts}{met}"


def figures(counts: dict[str, int], mode: str) -> str:
    """What a pass met, in words."""
    parked = f", {counts['parked']} cannot be read" if counts["parked"] else ""
    did = "changed" if mode == "run" else "to change"
    return f"{counts['seen']} items seen, {counts['changed']} {did}{parked}"


def _through(
    call: Call, say: Say, act: str, number: int, wait: Callable[[float], None]
) -> dict[str, Any]:
    """Ask for a pass and look on until it has ended."""
    asked, said, waited = 0, "", 0.0
    found = _ask(call, act, number)
    while found["state"] in (*_OPEN, "stopped"):
        if found["state"] == "stopped":
            asked += 1
            if asked > MOST_ASKED:
                raise NotUpgraded(f"Upgrade {number} stops each time: see the log of the jobs.")
            found = _ask(call, act, number)
        if line(found) != said:
            said = line(found)
            say(said)
        if waited > PATIENCE_S:
            raise NotUpgraded(f"Upgrade {number} takes its time; ask again how it stands.")
        wait(PAUSE_S)
        waited += PAUSE_S
        found = _standing(call, number)
    say(line(found))
    return found


def _ask(call: Call, act: str, number: int) -> dict[str, Any]:
    found = call({"act": act, "upgrade": number})
    if "refused" in found:
        raise NotUpgraded(f"Upgrade {number} is refused: {found['refused']}.")
    return found


def _standing(call: Call, number: int) -> dict[str, Any]:
    upgrades: list[dict[str, Any]] = call({"act": "state"})["upgrades"]
    return upgrades[number - 1]


def _has_open_run(one: dict[str, Any]) -> bool:
    last = one["passes"][-1] if one["passes"] else None
    return bool(last and last["mode"] == "run" and not last["ended_at"])


def _show(one: dict[str, Any], say: Say) -> None:
    for sample in one["samples"]:
        changes = (
            f"{each['name']}: {each.get('before') or 'nothing'} -> {each.get('after') or 'nothing'}"
            for each in sample
        )
        say("    e.g. " + ", ".join(changes))


ACTS: dict[str, Callable[[Call, Say], bool]] = {"state": state, "check": check, "run": run}


def carry_out(act: str, call: Call) -> int:
    """Do one of :data:`ACTS` and tell of it on the terminal; the exit status."""
    try:
        ACTS[act](call, lambda text: print(text, flush=True))
    except NotUpgraded as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


def main(arguments: list[str]) -> int:
    """The stage and what to do; the exit status."""
    stage, act = (*arguments, "state")[:2] if arguments else ("", "")
    if len(arguments) > 2 or not stage or stage.startswith("-") or act not in ACTS:
        print("usage: python -m infra.upgrade STAGE [state|check|run]", file=sys.stderr)
        return 2
    try:
        return carry_out(act, by_lambda(_function(stage)))
    except StageError as fault:
        print(fault, file=sys.stderr)
        return 1


def _function(stage: str) -> str:
    return find(stack_name(stage), client("cloudformation")).function("Migrate")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
