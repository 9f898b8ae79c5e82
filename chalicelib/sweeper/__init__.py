"""The daily round through the whole table: what was missed is told, what disagrees is reported.
Floor 7.
"""
