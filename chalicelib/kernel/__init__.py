"""Floor 0: what every room stands on, and nothing that knows what a point is."""
