"""Listening to facts and telling members: in-app notifications. Floor 6."""
