"""What the call centre and the counter see of a member, put together. Floor 6."""
