"""``make peaks``: plays the peaks of a program of 20 million members.

``--check PAGE`` compares a page's table with the play, ``--write PAGE`` puts it there.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.costs import model, prices
from infra.costs.tables import PageError, brought_up, markdown
from infra.peaks import scenes
from infra.peaks.arrivals import Diary
from infra.peaks.play import Outcome, play
from infra.stack.stage import stage

STAGE = "prod"


def main(arguments: Sequence[str]) -> int:
    """Print, check or write; 1 and a sentence when the page is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.peaks", description=__doc__)
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--check", type=Path, metavar="PAGE")
    page.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args(arguments)
    made = {"peaks": table()}
    if asked.check or asked.write:
        try:
            return brought_up(
                asked.check or asked.write, made, "infra.peaks", write=bool(asked.write)
            )
        except PageError as fault:
            print(fault, file=sys.stderr)
            return 1
    print(made["peaks"])
    return 0


def table() -> str:
    """What became of each peak, as Markdown."""
    found = stage(STAGE)
    deployed = scenes.Stage(found.requests_per_second, found.burst, found.workers)
    peaks, limits = scenes.read()
    known = model.read(prices.read())
    rows = [
        _row(scene, play(scene.arrivals, scene.stations))
        for scene in scenes.scenes(known, peaks, limits, deployed)
    ]
    head = ["peak", "in all", "over after", "the longest wait", "held up by", "next fullest"]
    return markdown(head, rows)


def _row(scene: scenes.Scene, outcome: Outcome) -> list[str]:
    narrowest, wait = outcome.narrowest, outcome.longest_wait_s
    if isinstance(scene.arrivals, Diary):
        wait = outcome.seconds  # all of it is due at once
        if outcome.behind_s * 2 < outcome.seconds:
            narrowest = "what a run sends"
    others = {name: load for name, load in outcome.loads.items() if name != narrowest}
    fullest = max(others, key=others.__getitem__)
    return [
        scene.title,
        f"{outcome.passed * scene.things:,}".replace(",", " "),
        _time(outcome.seconds),
        _time(wait) if wait else "none",
        narrowest or "nothing",
        f"{fullest}, {others[fullest] // 10} %",
    ]


def _time(seconds: int) -> str:
    if seconds < 120:
        return f"{seconds} s"
    if seconds < 7200:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h {seconds % 3600 // 60} min"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
