"""Points: accounts, entries, lots, holds, pending awards, debt, reversals. Floor 2."""
