"""The commands: ``python -m infra.stack STAGE FOLDER [--layer FILE] [--host]`` packages a stage,
``python -m infra.stack alarms`` lists the alarms.
"""

import argparse
import sys
from pathlib import Path

from infra.stack.alarms import alarms
from infra.stack.package import PackagingError, package
from infra.stack.stage import stage, stages
from infra.stack.template import TemplateError


def main() -> int:
    """Package one stage, or list the alarms."""
    reader = argparse.ArgumentParser(prog="python -m infra.stack", description=__doc__)
    reader.add_argument("stage", choices=[*sorted(stages()), "alarms"])
    reader.add_argument("folder", type=Path, nargs="?", help="where template and zips are left")
    reader.add_argument("--layer", type=Path, help="the dependencies' zip (make package)")
    reader.add_argument(
        "--host", action="store_true", help="for the emulator: this machine's Python and processor"
    )
    given = reader.parse_args()
    if given.stage == "alarms":
        print("\n".join(sorted(alarms(stage("prod")))))
        return 0
    if given.folder is None:
        reader.error("a folder is missing")
    try:
        package(stage(given.stage, given.host), given.folder, given.layer)
    except (PackagingError, TemplateError) as fault:
        print(fault, file=sys.stderr)
        return 1
    if given.layer is None:
        print(f"The dependencies are missing: put them into {given.folder / 'layer.zip'}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
