"""Floor 3: the people of the clubs' owner. For now: tokens made by whoever holds the root secret."""
