"""Floor 2: judges events by a program's earning rules; pure, but for its trial route."""
