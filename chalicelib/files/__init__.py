"""Files that people upload: taken into quarantine, checked, then served. Floor 1."""
