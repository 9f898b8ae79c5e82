"""Members and balances from other systems, and what the club holds as files. Floor 6."""
