"""``python leash.py PARENT SIGNAL COMMAND...``: become COMMAND, and get SIGNAL when PARENT dies.

A separate program instead of ``preexec_fn``, which may deadlock in a process with threads. Linux
only; elsewhere the command simply runs, and only an orderly stop ends it.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie this process to its parent, then replace it by the command."""
    parent, number, *command = sys.argv[1:]
    if sys.platform == "linux":
        if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0) != 0:
            sys.exit("prctl(PR_SET_PDEATHSIG) failed")
        if os.getppid() != int(parent):  # it died before the leash was on
            sys.exit(1)
    # no shell, and the command is the platform's own
    os.execv(command[0], command)  # nosec B606


if __name__ == "__main__":
    main()
