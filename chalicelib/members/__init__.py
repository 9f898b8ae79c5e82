"""Floor 3: people in a program: sign-in, profile, consents, card, export, erasure."""
