"""The one diary of everything that is due: written with its cause, deleted when it is done.

Floor 1.
"""
