"""The upgrades themselves, one file each, in their order. None is ever changed once a stage has run
it: what it left wrong is the next one's work.
"""

from chalicelib.upgrades.steps import step_0001_compressed_entries as step_0001

UPGRADES = (step_0001.UPGRADE,)
