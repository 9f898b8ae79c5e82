"""``python -m infra.deployed [--layer FILE]``."""

import sys

from infra.deployed.run import main

sys.exit(main(sys.argv[1:]))
