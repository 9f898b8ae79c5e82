"""Plan before launch: what a program would have cost on past receipts, and pilots. Floor 6."""
