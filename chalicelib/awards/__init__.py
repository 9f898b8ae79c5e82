"""Awards and withdrawals in bulk, from a list that is checked before it is run. Floor 5."""
