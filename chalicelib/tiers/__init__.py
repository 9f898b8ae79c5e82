"""The levels of members: what they are on, what is missing to the next, and what staff set."""
