"""Sellers: a partner's salespeople, phoned before they can claim what they sold. Floor 4."""
