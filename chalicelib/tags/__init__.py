"""Tags: made in batches, printed once, verified by anyone, registered once. Floor 5."""
