"""Imported first and called last by ``app.py``: while modules are loaded nothing becomes garbage.

What they make stays for the life of the process, so looking through it again and again is a tenth
of the CPU of a start; afterwards the collector leaves it out of every later round.
"""

import gc

gc.disable()


def over() -> None:
    """Everything is loaded: collect again, but not what is there by now."""
    gc.freeze()
    gc.enable()
