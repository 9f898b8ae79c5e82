"""Measures what operations cost: capacity units, calls and CPU. Prints; never judges a time."""
