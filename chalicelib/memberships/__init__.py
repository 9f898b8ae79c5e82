"""Memberships that members pay for: payments, lapse, refunds. Floor 6."""
