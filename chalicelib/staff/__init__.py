"""Floor 3: the people of the clubs' owner."""
