"""Quotes, purchases, returns and other events that earn points. Floor 5."""
