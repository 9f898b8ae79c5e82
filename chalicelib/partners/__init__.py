"""Floor 3: the companies that sell a club's goods, and their shops."""
