"""The one diary of everything that is due: written with its cause, deleted when it is done.

Between the kernel and the rooms that have something due.
"""
