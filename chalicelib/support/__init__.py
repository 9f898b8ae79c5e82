"""The hotline: a caller's number opens the member's card, with what every room knows of them.

Floor 6.
"""
