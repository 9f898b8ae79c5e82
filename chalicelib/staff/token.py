"""Prints an operator token: ``python -m chalicelib.staff.token --programs '*' --hours 12``.

It works for whoever can read the stage's signing keys, and for nobody else.
"""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta

from chalicelib.kernel import clock
from chalicelib.kernel.settings import SettingsError, read_settings
from chalicelib.staff.service import issue


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Print one token; 1 and a sentence when the stage or the life of the token is wrong."""
    asked = _parser().parse_args(arguments)
    try:
        stage = read_settings(environment)
        life = timedelta(hours=asked.hours)
        token = issue(
            stage, asked.name, _list(asked.programs), _list(asked.rights), clock.now(stage), life
        )
    except (SettingsError, ValueError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(token)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Print an operator token for the staff API.")
    parser.add_argument("--name", default="operator", help="who it is for; stands in journals")
    parser.add_argument("--programs", default="*", help="programs, separated by commas; * for all")
    parser.add_argument("--rights", default="*", help="rights, separated by commas; * for all")
    parser.add_argument("--hours", type=int, default=12, help="how long it is good, at most 24")
    return parser


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
