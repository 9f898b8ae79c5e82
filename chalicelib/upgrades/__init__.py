"""Upgrades of the data between versions: numbered, forward only, run by the platform itself in
parts. Floor 7.
"""
