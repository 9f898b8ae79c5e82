"""A peak of a large program, played second by second against the limits that AWS documents."""
