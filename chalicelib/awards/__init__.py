"""Points for many members at once, from a list: dry run, report, award. Floor 5."""
