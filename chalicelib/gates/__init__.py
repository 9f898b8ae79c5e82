"""What members are told of gates: how they stand, a warning before one closes, and that it did.

Floor 6. Whether a gate is open is asked in :mod:`chalicelib.counters.gates`.
"""
