"""Coupons: money off a receipt, once, for one member. Floor 4."""
