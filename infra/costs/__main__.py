"""``make costs``: what operations, an idle stage and example clubs cost.

``--check PAGE`` compares a page's tables with the data, ``--write PAGE`` puts them there.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from infra.costs import model, prices, tables


def main(arguments: Sequence[str]) -> int:
    """Print, check or write; 1 and a sentence when the data or the page are wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.costs", description=__doc__)
    parser.add_argument("--prices", type=Path, help="another price list")
    page = parser.add_mutually_exclusive_group()
    page.add_argument("--check", type=Path, metavar="PAGE")
    page.add_argument("--write", type=Path, metavar="PAGE")
    asked = parser.parse_args(arguments)
    try:
        known = prices.read(asked.prices) if asked.prices else prices.read()
        made = tables.tables(model.read(known))
        if asked.check or asked.write:
            page_asked = asked.check or asked.write
            return tables.brought_up(page_asked, made, "infra.costs", write=bool(asked.write))
    except (prices.PriceError, tables.PageError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print("\n".join(made.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
