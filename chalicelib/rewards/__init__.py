"""Gifts for points: the catalogue, stock, pick-up points, and orders. Floor 5."""
