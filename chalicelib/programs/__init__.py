"""Floor 1: a club's published rules, as documents with numbered, immutable, dated versions."""
