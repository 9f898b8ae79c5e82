"""``python -m infra.local run|reset|token [role]|upgrade [act]``."""

import sys

from infra.local.run import main

sys.exit(main(sys.argv[1:]))
