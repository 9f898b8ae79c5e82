"""Members apply for verified groups, and staff decide. Floor 4."""
