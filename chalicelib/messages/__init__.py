"""Floor 1: short messages and e-mails to people: their wording and the gateways that carry them."""
