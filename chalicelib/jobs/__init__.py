"""Long work in parts: its state, its progress, and how it survives lost messages and crashes.

Floor 2.
"""
