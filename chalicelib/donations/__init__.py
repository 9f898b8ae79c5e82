"""Points that members give to charities. Floor 4."""
