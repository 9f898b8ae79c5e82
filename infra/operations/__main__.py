"""``python -m infra.operations``: tokens, the first owner and dead letters of a deployed stage.

It acts with the AWS credentials and the region of whoever calls it. docs/operations/ tells when.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.kernel.errors import Refusal
from chalicelib.kernel.texts import LANGUAGES
from infra.operations import dead_letters
from infra.operations.deployed import Deployed, StageError, client, find, settle, stack_name


def main(arguments: Sequence[str]) -> int:
    """Do what is asked; 1 and a sentence when it cannot be done."""
    asked = _parser().parse_args(arguments)
    try:
        asked.act(asked, find(asked.stack or stack_name(asked.stage), client("cloudformation")))
    except StageError as fault:
        print(fault, file=sys.stderr)
        return 1
    except Refusal as refusal:
        print(f"Refused: {refusal.code}", file=sys.stderr)
        return 1
    return 0


def _dead_letters(asked: argparse.Namespace, deployed: Deployed) -> None:
    sqs, queues = client("sqs"), deployed.queues()
    for name in dead_letters.names(queues, asked.queue):
        url = queues[name]
        letters = dead_letters.look(sqs, url)
        print(dead_letters.told(name, letters, datetime.now(UTC)))
        to = dead_letters.source(queues, name)
        again = [letter for letter in letters if asked.replay and to and letter.known]
        if asked.drop:
            print(f"  {dead_letters.drop(sqs, url, letters)} deleted")
            continue
        if asked.replay and not to:
            print("  cannot be sent again: see docs/operations/daily.md")
        if to and again:
            print(f"  {dead_letters.replay(sqs, url, to, again)} sent again")
        dead_letters.release(sqs, url, [one for one in letters if one not in again])


def _owner(asked: argparse.Namespace, deployed: Deployed) -> None:
    settle(deployed)
    # only now: some of what these import reads the environment
    from chalicelib.kernel.clock import now
    from chalicelib.kernel.ids import Ids
    from chalicelib.kernel.settings import settings
    from infra.operations import owner

    stage = settings()
    given = (asked.program, asked.email, asked.name, asked.language)
    print(owner.invite(*given, stage, Ids(), now(stage)))


def _token(asked: argparse.Namespace, deployed: Deployed) -> None:
    settle(deployed)
    from chalicelib.kernel.clock import now
    from chalicelib.kernel.settings import settings
    from chalicelib.staff.service import issue

    stage = settings()
    life = timedelta(hours=asked.hours)
    try:
        print(issue(stage, asked.name, [asked.program], ["*"], now(stage), life))
    except ValueError as fault:
        raise StageError(str(fault)) from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m infra.operations", description=__doc__)
    acts = parser.add_subparsers(required=True)
    letters = acts.add_parser("dead-letters", help="what could not be done, by kind and program")
    letters.add_argument("stage")
    letters.add_argument("queue", nargs="?", default="", help="one queue, as the stack names it")
    fate = letters.add_mutually_exclusive_group()
    fate.add_argument("--replay", action="store_true", help="send it again, the oldest first")
    fate.add_argument("--drop", action="store_true", help="delete it")
    letters.set_defaults(act=_dead_letters)
    owner = acts.add_parser("first-owner", help="invite a program's first owner; prints the code")
    owner.add_argument("stage")
    owner.add_argument("program")
    owner.add_argument("email")
    owner.add_argument("name")
    owner.add_argument("--language", choices=LANGUAGES, default="en")
    owner.set_defaults(act=_owner)
    token = acts.add_parser("token", help="print an operator's token for the staff API")
    token.add_argument("stage")
    token.add_argument("name", help="who it is for, as records name them")
    token.add_argument("--program", default="*", help="the one program that it is good for")
    token.add_argument("--hours", type=int, default=1, help="how long it is good, at most 24")
    token.set_defaults(act=_token)
    for one in (letters, owner, token):
        one.add_argument("--stack", default="", help="the stack's name, if it is another")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
