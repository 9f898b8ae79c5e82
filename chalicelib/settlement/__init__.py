"""Settlement between partners: who owes whom for the points of a month."""
