"""Whole numbers from shares: rounding as stated, and parts that always add up."""

from collections.abc import Sequence

from chalicelib.programs.values import Rounding


def divide(num: int, den: int, rounding: Rounding) -> int:
    """``num / den`` as a whole number; neither is negative, ``den`` is not zero."""
    if rounding == "down":
        return num // den
    if rounding == "up":
        return -(-num // den)
    return (2 * num + den) // (2 * den)


def spread(whole: int, weights: Sequence[int]) -> list[int]:
    """Parts of ``whole`` in proportion to the weights, by largest remainder.

    They add up to ``whole`` exactly; among equal remainders the earlier part is larger. Where all
    weights are 0 the parts are as equal as can be. No weights, no parts.
    """
    total = sum(weights)
    if not total:
        total, weights = len(weights), [1] * len(weights)
    if not total:
        return []
    parts = [whole * weight // total for weight in weights]
    left = whole - sum(parts)
    if left:
        remainders = [-(whole * weight % total) for weight in weights]
        # Sorting is stable: the earlier of two equal remainders stands first.
        for place in sorted(range(len(parts)), key=remainders.__getitem__)[:left]:
            parts[place] += 1
    return parts
